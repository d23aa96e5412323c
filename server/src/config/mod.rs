//! Configuration: globals from the environment, one CommonXX file a chamber, every fault at once.

mod aftermath;
mod bounces;
mod brand;
mod chamber;
mod dotenv;
mod fault;
mod globals;
mod limits;
mod network;
mod pace;
mod retention;
mod signing;
mod sms;
mod smtp;
mod staff;
mod web;

use std::collections::BTreeMap;

use contract::ChamberCode;

pub use aftermath::Aftermath;
pub use bounces::{BounceAddress, BounceSource, Bounces, ImapAccount};
pub use chamber::Chamber;
pub use dotenv::Variables;
pub use fault::Fault;
pub use globals::{Globals, PublicUrl};
pub use limits::ActivationLimits;
pub use network::{Network, covers};
pub use pace::{Pace, window_words};
pub use retention::Retention;
pub use signing::{Signing, TsaSettings, basic_authorization};
pub use sms::{BindMode, CONTINGENCY, FIRST, HttpMethod, HttpSms, SmppSms, SmsProvider, SmsSettings, TlsTrust};
pub use smtp::{Encryption, Smtp};
pub use staff::StaffRules;
pub use web::WebLimits;

/// Everything configured, read once at start.
#[derive(Clone, Debug)]
pub struct Settings {
    /// From the environment.
    pub globals: Globals,
    /// From `CONFIG_DIR/commonXX.env`, one a chamber.
    pub chambers: BTreeMap<ChamberCode, Chamber>,
}

impl Settings {
    /// Reads everything. Faults do not stop the reading: what is missing for one use (sending, say)
    /// is refused when that use is asked for.
    #[must_use]
    pub fn load(environment: &Variables) -> (Self, Vec<Fault>) {
        let (globals, mut faults) = Globals::read(environment);
        let mut chambers = BTreeMap::new();
        match chamber_files(&globals.config_dir) {
            Ok(files) if files.is_empty() => faults.push(no_chamber(&globals)),
            Ok(files) => {
                for (code, path) in files {
                    let (chamber, chamber_faults) = Chamber::read(code, &path, &globals.config_dir);
                    chambers.insert(code, chamber);
                    faults.extend(chamber_faults);
                }
            }
            Err(_) => faults.push(no_chamber(&globals)),
        }
        let settings = Self { globals, chambers };
        if settings.has_mailbox() && !settings.globals.public_url.is_local() {
            let remedy = "el buzón de demostración (SMS_PROVEEDOR=buzon, BUZON_CORREO=SI) solo funciona en esta máquina; \
                          configure un proveedor real o use http://127.0.0.1:8080";
            faults.push(Fault::global("PUBLIC_URL", remedy));
        }
        (settings, faults)
    }

    /// Whether any chamber uses the demo's mailbox.
    #[must_use]
    pub fn has_mailbox(&self) -> bool {
        self.chambers.values().any(Chamber::uses_mailbox)
    }
}

fn no_chamber(globals: &Globals) -> Fault {
    Fault::global(
        "CONFIG_DIR",
        format!(
            "la carpeta {} no contiene ningún archivo commonXX.env; cree uno por cámara",
            globals.config_dir.display()
        ),
    )
}

/// The files `commonXX.env` of a folder, by chamber code.
fn chamber_files(dir: &std::path::Path) -> std::io::Result<BTreeMap<ChamberCode, std::path::PathBuf>> {
    let mut files = BTreeMap::new();
    for entry in std::fs::read_dir(dir)? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let code = name.strip_prefix("common").and_then(|rest| rest.strip_suffix(".env")).and_then(ChamberCode::parse);
        if let Some(code) = code {
            files.insert(code, path);
        }
    }
    Ok(files)
}
