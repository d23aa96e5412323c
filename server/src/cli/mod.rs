//! The command line: arguments to calls, nothing else. Results go to standard output, messages to
//! standard error; the exit code is 0 only when what was asked for is done.

mod args;
mod audit;
mod bounces;
mod campaign;
mod demo;
mod diagnosis;
mod keys;
mod output;
mod person;
mod registry;
mod sample;
mod sending;
mod serve;
mod sistemas;
mod sms;
mod spanish;
mod staff;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;
use contract::{ChamberCode, ServiceError};

use crate::clock::Clock;
use crate::config::{Settings, Variables};
use crate::observe::log::{self, Format};
use crate::services::actor::Actor;
use crate::startup::{App, StartFault};
use args::{Cli, Command};

/// Why a command did not do what was asked for.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CliError {
    /// A service refused.
    #[error("{}", app::text::service_error(.0))]
    Service(#[from] ServiceError),
    /// The process could not start.
    #[error("{0}")]
    Start(#[from] StartFault),
    /// Anything else, in Spanish already.
    #[error("{0}")]
    Message(String),
}

pub(crate) type CliResult = Result<(), CliError>;

/// Runs one command.
pub async fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => return spanish::explain(&error),
    };
    // A command's own message says what went wrong; only what serves keeps a log unless asked to.
    let serves = matches!(&cli.command, Command::Servir) || matches!(&cli.command, Command::Demo(demo) if demo.servir);
    let quiet = if serves { "warn,server=info" } else { "off" };
    let format = Format::parse(Variables::from_process().get("LOG_FORMATO"));
    log::begin(format, log::filter(quiet), std::io::stderr);
    match dispatch(cli.command).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            output::message(&format!("Error: {error}"));
            ExitCode::FAILURE
        }
    }
}

async fn dispatch(command: Command) -> CliResult {
    match command {
        Command::Servir => serve::serve(open().await?).await,
        Command::Migrar => serve::migrate().await,
        Command::RevisarConfig => check_configuration(),
        Command::Sincronizar(options) => registry::synchronise_file(options).await,
        Command::Seleccionar(options) => campaign::select(options).await,
        Command::Exportar(options) => campaign::export_file(options).await,
        Command::Enviar(options) => sending::send(options).await,
        Command::ProbarCorreo(options) => diagnosis::try_mail(options).await,
        Command::ProbarSms(options) => sms::try_providers(options).await,
        Command::DocumentoMuestra(options) => sample::write(&options),
        Command::Rebotes(options) => bounces::read(options).await,
        Command::Blanquear(options) => campaign::delete(options, contract::campaign::Deletion::Blanquear).await,
        Command::BorrarNoActivados(options) => {
            campaign::delete(options, contract::campaign::Deletion::BorrarNoActivados).await
        }
        Command::Usuario(action) => staff::run(action).await,
        Command::Comerciante(action) => staff::unlock(action).await,
        Command::Sistema(action) => sistemas::run(action).await,
        Command::Auditoria(action) => audit::run(action).await,
        Command::Datos(action) => person::run(action).await,
        Command::Claves(action) => keys::run(action).await,
        Command::Demo(options) => demo::run(options).await,
    }
}

/// Opens everything for a command that needs the database.
async fn open() -> Result<App, CliError> {
    let (settings, faults) = Settings::load(&Variables::from_process());
    let fatal: Vec<String> =
        faults.iter().filter(|fault| !fault.warning && fault.file == "entorno").map(ToString::to_string).collect();
    for fault in faults.iter().filter(|fault| fault.warning) {
        output::message(&fault.to_string());
    }
    if !fatal.is_empty() {
        return Err(CliError::Message(format!("la configuración tiene errores:\n{}", fatal.join("\n"))));
    }
    Ok(App::open(settings, Clock::default()).await?)
}

fn chamber_code(typed: &str) -> Result<ChamberCode, CliError> {
    ChamberCode::parse(typed).ok_or_else(|| {
        CliError::Message("el código de la cámara tiene dos dígitos, por ejemplo --camara 55".to_owned())
    })
}

/// Opens everything for one chamber; a chamber without its file is refused.
async fn open_chamber(camara: &str) -> Result<(App, Actor), CliError> {
    let code = chamber_code(camara)?;
    let app = open().await?;
    if !app.chambers.contains_key(&code) {
        let dir = app.settings.globals.config_dir.display().to_string();
        return Err(CliError::Message(format!(
            "la cámara {code} no está configurada: falta el archivo {dir}/common{code}.env"
        )));
    }
    Ok((app, Actor::command_line(code)))
}

fn check_configuration() -> CliResult {
    let (settings, faults) = Settings::load(&Variables::from_process());
    for fault in &faults {
        output::line(&fault.to_string());
    }
    let signing = settings.chambers.values().filter_map(|chamber| {
        let signing = chamber.signing.as_ref().ok()?;
        let fault = crate::signing::Signer::from_p12(&signing.p12, &signing.password, Clock::default().now()).err()?;
        Some(format!("error: common{}.env: {}: {}", chamber.code, fault.variable(), fault.remedy()))
    });
    let gateways = settings.chambers.values().filter_map(|chamber| {
        let fault = crate::sms::setup_fault(chamber.sms.as_ref().ok()?)?;
        Some(format!("error: common{}.env: {}: {}", chamber.code, fault.0, fault.remedy()))
    });
    let unusable: Vec<String> = signing.chain(gateways).collect();
    for line in &unusable {
        output::line(line);
    }
    let errors = faults.iter().filter(|fault| !fault.warning).count() + unusable.len();
    if errors > 0 {
        let found =
            if errors == 1 { "1 error; corríjalo".to_owned() } else { format!("{errors} errores; corríjalos") };
        return Err(CliError::Message(format!("la configuración tiene {found} y vuelva a revisar")));
    }
    output::line("La configuración está completa.");
    Ok(())
}
