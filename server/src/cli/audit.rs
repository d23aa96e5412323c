//! `auditoria verificar|exportar`.

use std::path::Path;
use std::pin::pin;

use contract::audit::ChainReport;
use futures::TryStreamExt;
use tokio::io::{AsyncWriteExt, BufWriter};

use super::args::AuditCommand;
use super::{CliError, CliResult, open, open_chamber, output};
use crate::services::actor::Actor;
use crate::services::audit::{export, verify};
use crate::startup::App;

pub(super) async fn run(command: AuditCommand) -> CliResult {
    match command {
        AuditCommand::Verificar { camara, json } => {
            let (app, chambers) = match camara {
                Some(camara) => {
                    let (app, actor) = open_chamber(&camara).await?;
                    (app, vec![actor.camara])
                }
                None => {
                    let app = open().await?;
                    let all = app.chambers.keys().copied().collect();
                    (app, all)
                }
            };
            let mut broken = 0;
            for camara in chambers {
                let report = verify(&app.db, camara).await?;
                broken += usize::from(!report.holds());
                if json {
                    output::json(&serde_json::json!({ "camara": camara.as_str(), "resultado": report }));
                } else {
                    tell(camara.as_str(), &report);
                }
            }
            if broken > 0 {
                return Err(CliError::Message(
                    "la auditoría no está íntegra. Conserve esta base de datos y sus copias de respaldo sin cambios, y \
                     compare con la última exportación o el último sello que tenga"
                        .to_owned(),
                ));
            }
            Ok(())
        }
        AuditCommand::Exportar { camara, salida } => {
            let (app, actor) = open_chamber(&camara).await?;
            let bytes = write(&app, &actor, &salida).await?;
            output::line(&format!("Se escribió {} ({} bytes)", salida.display(), output::number(bytes)));
            Ok(())
        }
    }
}

fn tell(camara: &str, report: &ChainReport) {
    let count = output::number(u64::try_from(report.entradas).unwrap_or_default());
    match &report.falla {
        None => output::line(&format!(
            "Cámara {camara}: cadena íntegra · {count} anotaciones · {} sellos · {} activaciones con evidencia · cabeza {}",
            output::number(report.sellos),
            output::number(report.evidencias),
            report.hash
        )),
        Some(flaw) => output::line(&format!(
            "Cámara {camara}: CADENA ROTA después de {count} anotaciones íntegras: {}",
            app::text::chain_flaw(flaw)
        )),
    }
    for seal in &report.sellos_rotos {
        output::line(&format!(
            "Cámara {camara}: SELLO ROTO del {}: {}",
            app::text::seal_day(&seal.dia),
            app::text::seal_flaw(seal.falla)
        ));
    }
    for user in &report.evidencias_rotas {
        output::line(&format!(
            "Cámara {camara}: EVIDENCIA ROTA del usuario verificado {user}: {}",
            app::text::EVIDENCE_FLAW
        ));
    }
}

/// Writes the export, readable by its owner only; says how many bytes.
async fn write(app: &App, actor: &Actor, path: &Path) -> Result<u64, CliError> {
    let fault = |error| output::unwritten(path, &error);
    let file = output::private_file(path).map_err(fault)?;
    let mut file = BufWriter::new(tokio::fs::File::from_std(file));
    let mut lines = pin!(export(&app.db, &app.clock, actor).await?);
    let mut bytes = 0;
    while let Some(piece) = lines.try_next().await? {
        file.write_all(piece.as_bytes()).await.map_err(fault)?;
        bytes += piece.len() as u64;
    }
    file.flush().await.map_err(fault)?;
    Ok(bytes)
}
