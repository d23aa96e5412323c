//! `claves estado|nueva|rotar|resellar|retirar`: the master key's file. No key is ever shown, only its name.

use super::args::{KeyArgs, KeyCommand};
use super::{CliError, CliResult, open, output};
use crate::secrets::KeyFileChangeFault;
use crate::services::fault::unexpected;
use crate::services::keys::{KeyKeeper, KeysFault, ResealReport};

pub(super) async fn run(command: KeyCommand) -> CliResult {
    let app = open().await?;
    let keeper = KeyKeeper {
        db: app.db.clone(),
        clock: app.clock.clone(),
        path: app.settings.globals.master_key_file.clone(),
        chambers: app.chambers.keys().copied().collect(),
    };
    match command {
        KeyCommand::Estado(options) => state(&keeper, &options).await,
        KeyCommand::Nueva(options) => prepare(&keeper, &options),
        KeyCommand::Rotar(options) => finished(keeper.rotate().await, &options),
        KeyCommand::Resellar(options) => finished(keeper.reseal().await, &options),
        KeyCommand::Retirar(options) => retire(&keeper, &options).await,
    }
}

fn explain(fault: KeysFault) -> CliError {
    let file = "CLAVE_MAESTRA_FILE";
    CliError::Message(match fault {
        KeysFault::File(KeyFileChangeFault::Unusable(fault)) => format!("{file}: {}", fault.remedy()),
        KeysFault::File(KeyFileChangeFault::Taken) => {
            "otra orden «claves» está en curso; espere a que termine y vuelva a intentarlo".to_owned()
        }
        KeysFault::File(KeyFileChangeFault::Write(error)) => {
            format!("no se pudo escribir {file} y quedó como estaba: {}", output::cause(&error))
        }
        KeysFault::InUse { llave, uso } => format!(
            "la llave {llave} aún se necesita ({} contraseñas y {} secretos); ejecute «claves resellar» antes de \
             retirarla",
            output::number(uso.contrasenas),
            output::number(uso.secretos)
        ),
        KeysFault::TooFresh => "el archivo cambió hace menos de una hora y puede haber una selección en curso con la \
            llave anterior; vuelva a intentarlo más tarde"
            .to_owned(),
        KeysFault::Database(error) => format!(
            "no se terminó, pero no se perdió nada: ejecute «claves resellar». {}",
            app::text::service_error(&unexpected(error))
        ),
    })
}

async fn state(keeper: &KeyKeeper, options: &KeyArgs) -> CliResult {
    let all = keeper.state().await.map_err(explain)?;
    if options.json {
        output::json(&all);
    }
    for key in all.iter().filter(|_| !options.json) {
        output::line(&format!(
            "{}  {:<11}  contraseñas selladas: {} · secretos: {}",
            key.llave,
            key.papel.unwrap_or("desconocida"),
            output::number(key.uso.contrasenas),
            output::number(key.uso.secretos)
        ));
    }
    if all.iter().any(|key| key.papel.is_none()) {
        return Err(CliError::Message(
            "hay contraseñas selladas con una llave que no está en CLAVE_MAESTRA_FILE; recupérela de su copia de \
             respaldo y agréguela como última línea"
                .to_owned(),
        ));
    }
    Ok(())
}

fn prepare(keeper: &KeyKeeper, options: &KeyArgs) -> CliResult {
    let llave = keeper.prepare().map_err(explain)?;
    if options.json {
        output::json(&serde_json::json!({ "preparada": llave }));
    } else {
        output::line(&format!(
            "La llave {llave} está preparada. Copie CLAVE_MAESTRA_FILE a todos los nodos y luego ejecute «claves rotar»."
        ));
    }
    Ok(())
}

fn finished(result: Result<ResealReport, KeysFault>, options: &KeyArgs) -> CliResult {
    let report = result.map_err(explain)?;
    if options.json {
        output::json(&report);
    } else {
        output::line(&format!(
            "La llave actual es {}. Contraseñas selladas de nuevo: {} · secretos: {}.",
            report.llave,
            output::number(report.contrasenas),
            output::number(report.secretos)
        ));
    }
    if report.sin_llave > 0 {
        return Err(CliError::Message(format!(
            "contraseñas selladas con una llave que no está en CLAVE_MAESTRA_FILE: {}. Quedaron como estaban; recupere \
             esa llave de su copia de respaldo, agréguela como última línea y ejecute «claves resellar»",
            output::number(report.sin_llave)
        )));
    }
    if report.por_sellar > 0 {
        return Err(CliError::Message(format!(
            "contraseñas en uso que siguen selladas con una llave anterior: {}. Ejecute «claves resellar»",
            output::number(report.por_sellar)
        )));
    }
    Ok(())
}

async fn retire(keeper: &KeyKeeper, options: &KeyArgs) -> CliResult {
    let names = keeper.retire().await.map_err(explain)?;
    if options.json {
        output::json(&serde_json::json!({ "retiradas": names }));
    } else if names.is_empty() {
        output::line("No hay llaves anteriores por retirar.");
    } else {
        output::line(&format!(
            "Llaves retiradas: {}. Copie CLAVE_MAESTRA_FILE a los demás nodos y a su respaldo.",
            names.join(", ")
        ));
    }
    Ok(())
}
