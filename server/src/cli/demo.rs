//! `demo`: a complete installation of an invented chamber in a folder, with invented merchants.

use std::fs;
use std::io::{BufWriter, Write};
use std::net::TcpListener;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use contract::ChamberCode;
use contract::staff::Role;
use serde::{Deserialize, Serialize};

use super::args::DemoArgs;
use super::registry::{SourceOptions, from_file};
use super::staff::generate_password;
use super::{CliError, CliResult, output, serve};
use crate::clock::Clock;
use crate::config::{Globals, Settings, Variables};
use crate::registry::demo::write_extract;
use crate::secrets::{KeyRing, MasterKey};
use crate::services::actor::Actor;
use crate::services::staff;
use crate::signing;
use crate::startup::App;

/// The demo's chamber.
const CAMARA: &str = "55";

/// How to get in; kept beside the demo so that a second start can say it again.
#[derive(Serialize, Deserialize)]
struct Access {
    direccion: String,
    camara: String,
    usuario: String,
    clave: String,
}

pub(super) async fn run(options: DemoArgs) -> CliResult {
    let clock = Clock::default();
    if let Some(path) = &options.solo_archivo {
        return write_file(path, options.comerciantes, &clock, options.semilla);
    }
    let dir = &options.directorio;
    let environment = environment(dir);
    prepare(dir, &Globals::read(&environment).0, &clock)?;
    let (settings, faults) = Settings::load(&environment);
    if !settings.globals.public_url.is_local() {
        return Err(CliError::Message("la demostración solo se prepara con una PUBLIC_URL de esta máquina".to_owned()));
    }
    if let Some(fault) = faults.iter().find(|fault| !fault.warning) {
        return Err(CliError::Message(format!("la demostración no se puede preparar: {fault}")));
    }
    let app = App::open(settings, clock.clone()).await?;
    let access = prepare_data(&app, dir, &options).await?;

    if options.json {
        output::json(&access);
    } else {
        announce(&access);
    }
    if options.servir { serve::serve(app).await } else { Ok(()) }
}

/// Keys, certificate and CommonXX, each made only when it is not there yet.
fn prepare(dir: &Path, globals: &Globals, clock: &Clock) -> CliResult {
    let fault = |path: &Path, error: std::io::Error| {
        CliError::Message(format!("no se pudo escribir {}: {}", path.display(), output::cause(&error)))
    };
    let config = &globals.config_dir;
    for folder in [dir, config.as_path()] {
        fs::create_dir_all(folder).map_err(|error| fault(folder, error))?;
    }
    fs::set_permissions(dir, fs::Permissions::from_mode(0o700)).map_err(|error| fault(dir, error))?;

    let key = &globals.master_key_file;
    if !key.exists() {
        write_private(key, KeyRing::of(MasterKey::generate()).to_text().as_bytes())
            .map_err(|error| fault(key, error))?;
    }
    let common = config.join(format!("common{CAMARA}.env"));
    if !common.exists() {
        let password = generate_password();
        let p12 = config.join(format!("firma{CAMARA}.p12"));
        let certificate = signing::dev::make_p12("Cámara de Comercio de Demostración", &password, clock.now())
            .map_err(|error| CliError::Message(format!("no se pudo crear el certificado de demostración: {error}")))?;
        write_private(&p12, &certificate).map_err(|error| fault(&p12, error))?;
        write_private(&common, common_file(free_port(), &password).as_bytes())
            .map_err(|error| fault(&common, error))?;
    }
    Ok(())
}

/// The registry and a staff user, each made only when it is not there yet.
async fn prepare_data(app: &App, dir: &Path, options: &DemoArgs) -> Result<Access, CliError> {
    let camara = ChamberCode::parse(CAMARA).ok_or_else(|| CliError::Message("cámara de demostración".to_owned()))?;
    let actor = Actor::command_line(camara);
    if options.comerciantes > 0 {
        let extract = dir.join("extracto-demo.csv");
        if !extract.exists() {
            write_file(&extract, options.comerciantes, &app.clock, options.semilla)?;
        }
        let rejects = dir.join("extracto-demo.rechazos.csv");
        from_file(app, &actor, &extract, SourceOptions::default(), &rejects).await?;
    }

    let access_file = dir.join("acceso-demo.json");
    let direccion = app.settings.globals.public_url.as_str().to_owned();
    if let Some(access) = fs::read(&access_file).ok().and_then(|bytes| serde_json::from_slice::<Access>(&bytes).ok()) {
        return Ok(Access { direccion, ..access });
    }
    let password = generate_password();
    staff::create_user(
        &app.db,
        &app.clock,
        &actor,
        "demo",
        "Funcionaria de demostración",
        Role::Supervisor,
        password.clone(),
    )
    .await?;
    let access =
        Access { direccion, camara: CAMARA.to_owned(), usuario: "demo".to_owned(), clave: password.to_string() };
    let json = serde_json::to_vec(&access).map_err(|error| CliError::Message(error.to_string()))?;
    write_private(&access_file, &json).map_err(|error| {
        CliError::Message(format!("no se pudo escribir {}: {}", access_file.display(), output::cause(&error)))
    })?;
    Ok(access)
}

/// The process' environment, with the demo's folder for whatever it does not say.
fn environment(dir: &Path) -> Variables {
    let mut variables = Variables::from_process();
    variables.set_default("CONFIG_DIR", &dir.join("config").to_string_lossy());
    variables.set_default("CLAVE_MAESTRA_FILE", &dir.join("clave-maestra").to_string_lossy());
    variables.set_default("DATABASE_URL", &format!("sqlite://{}", dir.join("clave-segura.db").display()));
    variables
}

fn common_file(smtp_port: u16, p12_password: &str) -> String {
    format!(
        "# CommonXX de la cámara de demostración. Ningún dato es real.\n\
         CAMARA_NOMBRE=Cámara de Comercio de Demostración\n\
         CAMARA_CIUDAD=Villa Ejemplo\n\
         CAMARA_TELEFONO=(604) 000 00 00\n\
         CAMARA_DIRECCION=Calle 1 # 2-3, Villa Ejemplo\n\
         ENLACE_RENOVAR=https://camara.example/renovar\n\
         ENLACE_MENU=https://camara.example/\n\n\
         FACTOR_AUTENTICACION_FIRMADO_CONTRASENAS_EMAIL=DOBLE\n\n\
         MASIVOS_SMTP_SERVER=127.0.0.1\n\
         MASIVOS_SMTP_PORT={smtp_port}\n\
         MASIVOS_SMTP_AUTHENTICATION=NO\n\
         MASIVOS_SMTP_ENCRIPTION=\n\
         MASIVOS_SMTP_CUENTA_ADMIN=\n\
         MASIVOS_SMTP_PASSWORD_ADMIN=\n\
         MASIVOS_SMTP_CORREO_ADMIN=registro@camara.example\n\
         MASIVOS_SMTP_NOMBRE_ADMIN=Cámara de Comercio de Demostración\n\
         BUZON_CORREO=SI\n\n\
         SMS_PROVEEDOR=buzon\n\n\
         FIRMA_P12=firma{CAMARA}.p12\n\
         FIRMA_P12_CLAVE={p12_password}\n"
    )
}

/// 2525 when it is free, else any free port: the demo's catcher will listen there.
fn free_port() -> u16 {
    let any =
        || TcpListener::bind(("127.0.0.1", 0)).and_then(|listener| listener.local_addr()).map(|address| address.port());
    match TcpListener::bind(("127.0.0.1", 2525)) {
        Ok(_) => 2525,
        Err(_) => any().unwrap_or(2525),
    }
}

fn write_file(path: &PathBuf, merchants: usize, clock: &Clock, seed: u64) -> CliResult {
    let fault = |error: std::io::Error| {
        CliError::Message(format!("no se pudo escribir {}: {}", path.display(), output::cause(&error)))
    };
    let mut out = BufWriter::new(fs::File::create(path).map_err(fault)?);
    write_extract(merchants, clock.current_year().number(), seed, &mut out).map_err(fault)?;
    out.flush().map_err(fault)
}

fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?.write_all(bytes)
}

fn announce(access: &Access) {
    let Access { direccion, camara, usuario, clave } = access;
    output::line(&format!(
        "\nLa demostración está lista.\n\n  \
         Consola       {direccion}/consola\n  \
         Usuario       {usuario}\n  \
         Clave         {clave}\n  \
         Buzón         {direccion}/buzon   (correos y SMS que nunca salen de esta máquina)\n  \
         Activación    {direccion}/activacion/{camara}\n\n\
         Qué probar:\n  \
         1. Ingrese a la consola y oprima «Seleccionar».\n  \
         2. Oprima «Enviar» y digite su correo: llegan 2 correos de prueba al buzón.\n  \
         3. Oprima «Enviar» y digite 3: se envían los primeros 3 pendientes.\n  \
         4. Abra un correo en el buzón, lea la clave en el PDF y active con el enlace; el PIN llega al buzón.\n"
    ));
}
