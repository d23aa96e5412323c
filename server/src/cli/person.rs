//! `datos exportar|borrar`: one person's data.

use std::io::Write;
use std::sync::Arc;

use super::args::PersonCommand;
use super::{CliError, CliResult, open_chamber, output};
use crate::services::actor::Actor;
use crate::services::person::{ErasureRefusal, Kept, PersonDesk};
use crate::startup::App;

pub(super) async fn run(command: PersonCommand) -> CliResult {
    match command {
        PersonCommand::Exportar { camara, identificacion, salida } => {
            let (app, actor) = open_chamber(&camara).await?;
            let data = desk(&app, &actor).export(&identificacion).await?;
            let text = format!("{data:#}\n");
            let written = output::private_file(&salida).and_then(|mut file| file.write_all(text.as_bytes()));
            written.map_err(|error| output::unwritten(&salida, &error))?;
            output::line(&format!(
                "Se escribió {}. Contiene datos personales: entréguelo solo a su titular.",
                salida.display()
            ));
            Ok(())
        }
        PersonCommand::Borrar { camara, identificacion, confirmar, json } => {
            if identificacion.trim() != confirmar.trim() {
                return Err(CliError::Message("escriba en --confirmar la misma identificación".to_owned()));
            }
            let (app, actor) = open_chamber(&camara).await?;
            let erased = desk(&app, &actor).erase(&identificacion).await.map_err(explain)?;
            if json {
                output::json(&erased);
                return Ok(());
            }
            output::line(&format!(
                "Borrado: {} contraseñas preasignadas, {} activaciones en curso, {} SMS, {} direcciones suprimidas, {} \
                 solicitudes de firma sin terminar y los datos de {} usuarios verificados sin vigencia.",
                erased.claves,
                erased.activaciones,
                erased.sms,
                erased.correos_suprimidos,
                erased.solicitudes_de_firma,
                erased.usuarios
            ));
            for kept in &erased.conservado {
                output::line(&format!("Conservado: {} {}", kept.cuantos, reason(kept.que)));
            }
            output::line(
                "Conservada: la auditoría, que no contiene datos personales, y los códigos de los documentos emitidos.",
            );
            Ok(())
        }
    }
}

fn desk(app: &App, actor: &Actor) -> PersonDesk {
    let (db, clock) = (app.db.clone(), app.clock.clone());
    PersonDesk { db, clock, mac: Arc::clone(&app.mac), actor: actor.clone() }
}

fn explain(refusal: ErasureRefusal) -> CliError {
    match refusal {
        ErasureRefusal::InForce => CliError::Message(
            "la persona es usuario verificado (vigente o suspendido): anúlelo primero en «Gestión de usuarios verificados» \
             y vuelva a intentarlo"
                .to_owned(),
        ),
        ErasureRefusal::Service(error) => error.into(),
    }
}

/// What stays and why, after its number.
fn reason(kept: Kept) -> &'static str {
    match kept {
        Kept::RegistroMercantil => {
            "filas del registro mercantil, que es público y aquí solo se copia: se corrige en el SII, y una persona \
             matriculada puede volver a ser seleccionada"
        }
        Kept::UsuariosQueFirmaron => {
            "usuarios verificados que firmaron documentos, con la evidencia de su activación: sostienen esas firmas (Ley 527 \
             de 1999); se borran al vencer RETENCION_USUARIOS_ANOS"
        }
        Kept::RegistrosDeFirma => {
            "registros de documentos firmados: son la prueba de quien los firmó y de quien los recibió"
        }
    }
}
