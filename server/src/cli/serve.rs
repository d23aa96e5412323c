//! `servir` and `migrar`.

use std::net::SocketAddr;

use tokio::net::TcpListener;
use tokio::sync::watch;

use super::{CliError, CliResult, open, output};
use crate::config::WebLimits;
use crate::mail::catcher;
use crate::observe::figures;
use crate::startup::App;
use crate::web;

pub(super) async fn migrate() -> CliResult {
    open().await?;
    output::line("El esquema de la base de datos está al día.");
    Ok(())
}

/// Serves until SIGTERM or Ctrl-C: then no new mail is claimed and what is on its way ends.
pub(super) async fn serve(app: App) -> CliResult {
    let listener = bind(app.settings.globals.listen).await?;
    let (stop, stopping) = watch::channel(false);
    start_catchers(&app).await;
    tokio::spawn(figures::keep_up());
    let worker = app.send_worker();
    let bounces = app.bounce_job();
    let bounces_stopping = stopping.clone();
    let bounces = tokio::spawn(async move { bounces.run(bounces_stopping).await });
    let reminders = app.reminder_job();
    let reminders_stopping = stopping.clone();
    let reminders = tokio::spawn(async move { reminders.run(reminders_stopping).await });
    let retention = app.retention_job();
    let retention_stopping = stopping.clone();
    let retention = tokio::spawn(async move { retention.run(retention_stopping).await });
    let seals = app.seal_job();
    let seals_stopping = stopping.clone();
    let seals = tokio::spawn(async move { seals.run(seals_stopping).await });
    let worker = tokio::spawn(async move { worker.run(stopping).await });

    let address =
        listener.local_addr().map_or_else(|_| app.settings.globals.listen.to_string(), |address| address.to_string());
    output::message(&format!(
        "Clave Segura atiende en http://{address} (dirección pública: {})",
        app.settings.globals.public_url.as_str()
    ));
    let live = app.live.clone();
    let limits = within_files(app.settings.globals.web);
    let stopped = async move {
        shutdown_signal().await;
        let _ = stop.send(true);
        live.close();
    };
    web::serve(listener, app, limits, stopped).await;
    let _ = worker.await;
    let _ = bounces.await;
    let _ = reminders.await;
    let _ = seals.await;
    let _ = retention.await;
    Ok(())
}

/// The connections that this process can really have: each is an open file.
fn within_files(limits: WebLimits) -> WebLimits {
    let Some(files) = std::fs::read_to_string("/proc/self/limits").ok().as_deref().and_then(open_files) else {
        return limits;
    };
    let possible = limits.within_files(files);
    if possible != limits {
        output::message(&format!(
            "Aviso: el proceso solo puede abrir {files} archivos; atenderá hasta {} conexiones a la vez y no {} \
             (CONEXIONES_MAXIMAS). Aumente LimitNOFILE.",
            possible.connections, limits.connections
        ));
    }
    possible
}

/// The soft limit of `Max open files`.
fn open_files(limits: &str) -> Option<usize> {
    limits.lines().find_map(|line| line.strip_prefix("Max open files"))?.split_whitespace().next()?.parse().ok()
}

async fn bind(address: SocketAddr) -> Result<TcpListener, CliError> {
    TcpListener::bind(address).await.map_err(|error| {
        CliError::Message(format!("no se puede atender en {address} (LISTEN): {}", output::cause(&error)))
    })
}

/// The demo's mail catchers, one for each chamber that asks for it at its own SMTP port.
async fn start_catchers(app: &App) {
    let Some(mailbox) = &app.mailbox else { return };
    for chamber in app.chambers.values().filter(|chamber| chamber.mail_catcher) {
        let Ok(smtp) = &chamber.smtp else { continue };
        match TcpListener::bind(("127.0.0.1", smtp.port)).await {
            Ok(listener) => {
                tokio::spawn(catcher::serve(
                    listener,
                    mailbox.store.clone(),
                    app.clock.clone(),
                    catcher::Script::demo(),
                ));
            }
            Err(error) => output::message(&format!(
                "Aviso: el buzón de correo no puede atender en el puerto {}: {error}",
                smtp.port
            )),
        }
    }
}

async fn shutdown_signal() {
    let interrupt = async {
        let _ = tokio::signal::ctrl_c().await;
    };
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_of_open_files_is_read_from_the_kernels_table() {
        let table = "Limit                     Soft Limit           Hard Limit           Units     \n\
                     Max processes             unlimited            unlimited            processes \n\
                     Max open files            1024                 524288               files     \n";
        assert_eq!(open_files(table), Some(1024));
        assert_eq!(open_files("Max open files            unlimited            unlimited            files"), None);
    }
}
