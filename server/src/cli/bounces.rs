//! `rebotes`: reads once what came back, with or without a server running.

use super::args::BouncesArgs;
use super::{CliError, CliResult, open_chamber, output};
use crate::bounces::MailboxFault;
use crate::config::BounceSource;
use crate::services::bounces::{BounceDesk, BounceFault, BounceReport};
use crate::services::fault::unexpected;

pub(super) async fn read(options: BouncesArgs) -> CliResult {
    let (app, actor) = open_chamber(&options.camara).await?;
    let chamber = app.chambers.get(&actor.camara).ok_or(contract::ServiceError::NotFound)?;
    let configured = chamber.bounces.as_ref().map(|bounces| bounces.source.clone());
    let source = options.carpeta.map(BounceSource::Folder).or(configured).ok_or_else(|| {
        CliError::Message(format!(
            "no se sabe dónde leer los correos devueltos: escriba REBOTES_CARPETA o REBOTES_IMAP_* en common{}.env, o use \
             --carpeta (revisar-config muestra lo que falta)",
            actor.camara
        ))
    })?;
    let desk = BounceDesk { db: &app.db, clock: &app.clock, chamber, actor: &actor.name };
    let report = desk.read(&source).await.map_err(|fault| match fault {
        BounceFault::Mailbox(fault) => CliError::Message(explain(fault, &source)),
        BounceFault::Database(error) => unexpected(error).into(),
    })?;
    if options.json {
        output::json(&report);
    } else {
        print(&report);
    }
    Ok(())
}

fn explain(fault: MailboxFault, source: &BounceSource) -> String {
    match (fault, source) {
        (MailboxFault::Folder, BounceSource::Folder(path)) => format!(
            "no se pudo leer la carpeta {} o mover lo leído; revise que exista y sus permisos (REBOTES_CARPETA)",
            path.display()
        ),
        (MailboxFault::Folder, BounceSource::Imap(_)) | (MailboxFault::Unreachable, _) => {
            "no hay conexión con el servidor del buzón; revise REBOTES_IMAP_SERVIDOR y REBOTES_IMAP_PUERTO".to_owned()
        }
        (MailboxFault::Tls, _) => {
            "la conexión cifrada con el servidor del buzón falló; revise REBOTES_IMAP_ENCRIPTION y, si el \
                                   certificado es propio, REBOTES_IMAP_CA"
                .to_owned()
        }
        (MailboxFault::Login, _) => {
            "el servidor del buzón no aceptó la cuenta o la contraseña; revise REBOTES_IMAP_CUENTA y REBOTES_IMAP_CLAVE"
                .to_owned()
        }
        (MailboxFault::NoMailbox, _) => "ese buzón no existe en el servidor; revise REBOTES_IMAP_BUZON".to_owned(),
        (MailboxFault::Slow, _) => {
            "el servidor del buzón tarda demasiado en responder; lo que alcanzó a leerse quedó guardado".to_owned()
        }
    }
}

fn print(report: &BounceReport) {
    let line = |label: &str, count: u64| output::line(&format!("{:>9}  {label}", output::number(count)));
    line("mensajes leídos", report.leidos);
    line("correos devueltos definitivamente", report.rebotados);
    line("direcciones a las que no se enviará más", report.suprimidos);
    line("avisos sin efecto (demoras, entregas, contraseñas ya usadas)", report.sin_efecto);
    line("avisos leídos antes", report.repetidos);
    line("avisos de correos que no son de esta cámara", report.sin_correspondencia);
    line("mensajes que no son avisos", report.otros);
}
