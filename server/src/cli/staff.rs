//! `usuario crear|listar|desactivar|clave|rol|sin-segundo-factor` and `comerciante desbloquear`.

use std::io::BufRead;

use contract::staff::Role;
use zeroize::Zeroizing;

use super::args::{MerchantCommand, UserArgs, UserCommand};
use super::{CliError, CliResult, open_chamber, output};
use crate::secrets::random_token;
use crate::services::{activation, staff};

pub(super) async fn run(command: UserCommand) -> CliResult {
    match command {
        UserCommand::Crear { camara, usuario, nombre, rol, clave_por_entrada, json } => {
            let role = read_role(&rol)?;
            let (app, actor) = open_chamber(&camara).await?;
            let password = if clave_por_entrada { read_password()? } else { generate_password() };
            let nombre = nombre.unwrap_or_else(|| usuario.clone());
            staff::create_user(&app.db, &app.clock, &actor, &usuario, &nombre, role, password.clone()).await?;
            let shown = (!clave_por_entrada).then_some(password.as_str());
            if json {
                output::json(&serde_json::json!({ "usuario": usuario, "rol": role.as_str(), "clave": shown }));
            } else {
                output::line(&format!("Se creó el usuario {usuario} con el rol {}.", role.as_str()));
                if let Some(password) = shown {
                    output::line(&format!("Clave (se muestra solo esta vez): {password}"));
                }
            }
            Ok(())
        }
        UserCommand::Listar { camara, json } => {
            let (app, actor) = open_chamber(&camara).await?;
            let users = staff::list_users(&app.db, &actor).await?;
            if json {
                output::json(&users);
            }
            for user in users.iter().filter(|_| !json) {
                let active = if user.activo { "activo" } else { "inactivo" };
                output::line(&format!("{}\t{}\t{}\t{active}", user.usuario, user.rol.as_str(), user.nombre));
            }
            Ok(())
        }
        UserCommand::Clave { user: UserArgs { camara, usuario }, clave_por_entrada } => {
            let (app, actor) = open_chamber(&camara).await?;
            let password = if clave_por_entrada { read_password()? } else { generate_password() };
            staff::set_password(&app.db, &app.clock, &actor, &usuario, password.clone()).await?;
            output::line(&format!("Se cambió la clave de {usuario} y se cerraron sus sesiones."));
            if !clave_por_entrada {
                output::line(&format!("Clave (se muestra solo esta vez): {}", password.as_str()));
            }
            Ok(())
        }
        UserCommand::Rol { user: UserArgs { camara, usuario }, rol } => {
            let role = read_role(&rol)?;
            let (app, actor) = open_chamber(&camara).await?;
            staff::set_role(&app.db, &app.clock, &actor, &usuario, role).await?;
            output::line(&format!(
                "El usuario {usuario} tiene ahora el rol {}; se cerraron sus sesiones.",
                role.as_str()
            ));
            Ok(())
        }
        UserCommand::SinSegundoFactor(UserArgs { camara, usuario }) => {
            let (app, actor) = open_chamber(&camara).await?;
            staff::reset_second_factor(&app.db, &app.clock, &actor, &usuario).await?;
            output::line(&format!("Se retiró el segundo factor de {usuario} y se cerraron sus sesiones."));
            Ok(())
        }
        UserCommand::Desactivar(UserArgs { camara, usuario }) => {
            let (app, actor) = open_chamber(&camara).await?;
            staff::deactivate_user(&app.db, &app.clock, &actor, &usuario).await?;
            output::line(&format!("El usuario {usuario} ya no puede ingresar."));
            Ok(())
        }
    }
}

pub(super) async fn unlock(command: MerchantCommand) -> CliResult {
    let MerchantCommand::Desbloquear { camara, identificacion } = command;
    let (app, actor) = open_chamber(&camara).await?;
    activation::unlock(&app.db, &app.clock, &app.mac, &actor, &identificacion).await?;
    output::line("La identificación puede volver a intentar la activación.");
    Ok(())
}

fn read_role(name: &str) -> Result<Role, CliError> {
    Role::parse(&name.to_lowercase())
        .ok_or_else(|| CliError::Message("el rol es operador, supervisor o auditor".to_owned()))
}

/// A password that nobody has to invent: 24 characters from the system's random source.
pub(super) fn generate_password() -> Zeroizing<String> {
    Zeroizing::new(random_token().chars().take(24).collect())
}

fn read_password() -> Result<Zeroizing<String>, CliError> {
    let mut line = Zeroizing::new(String::new());
    std::io::stdin()
        .lock()
        .read_line(&mut line)
        .map_err(|error| CliError::Message(format!("no se pudo leer la clave: {error}")))?;
    Ok(Zeroizing::new(line.trim_end_matches(['\n', '\r']).to_owned()))
}
