//! `sistema crear|listar|desactivar`: who may ask for signatures.

use contract::ServiceError;

use super::args::SystemCommand;
use super::{CliError, CliResult, open_chamber, output};
use crate::services::firmas::{create_system, deactivate_system, list_systems};

pub(super) async fn run(command: SystemCommand) -> CliResult {
    match command {
        SystemCommand::Crear { camara, nombre, json } => {
            let (app, actor) = open_chamber(&camara).await?;
            let (system, key) = create_system(&app.db, &app.clock, &actor, &nombre).await.map_err(explain)?;
            if json {
                let system = serde_json::json!({ "id": system.id, "nombre": system.nombre, "clave": key.as_str() });
                output::json(&system);
            } else {
                output::line(&format!("Se creó el sistema {} ({}).", system.id, system.nombre));
                output::line(&format!("Clave (se muestra solo esta vez): {}", key.as_str()));
            }
            Ok(())
        }
        SystemCommand::Listar { camara, json } => {
            let (app, actor) = open_chamber(&camara).await?;
            let systems = list_systems(&app.db, &actor).await?;
            if json {
                output::json(&systems);
            }
            for system in systems.iter().filter(|_| !json) {
                let state = match system.desactivado_en {
                    Some(at) => format!("inactivo desde {}", at.date_time()),
                    None => format!("activo desde {}", system.creado_en.date_time()),
                };
                output::line(&format!("{}\t{}\t{}…\t{state}", system.id, system.nombre, system.prefijo));
            }
            Ok(())
        }
        SystemCommand::Desactivar { camara, id } => {
            let (app, actor) = open_chamber(&camara).await?;
            deactivate_system(&app.db, &app.clock, &actor, id).await?;
            output::line(&format!("La clave del sistema {id} ya no sirve."));
            Ok(())
        }
    }
}

fn explain(error: ServiceError) -> CliError {
    match error {
        ServiceError::Invalid { .. } => CliError::Message(
            "el nombre tiene de 3 a 60 letras, dígitos, espacios o los signos . _ - y no puede repetirse en la cámara"
                .to_owned(),
        ),
        other => other.into(),
    }
}
