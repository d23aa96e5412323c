//! One chamber's CommonXX.

use std::path::{Path, PathBuf};

use contract::ChamberCode;
use contract::campaign::Factor;

use super::globals::readable_by_others;
use super::{
    ActivationLimits, Aftermath, Bounces, Fault, Pace, Retention, Signing, SmsProvider, SmsSettings, Smtp, StaffRules,
    Variables, brand,
};
use crate::pdf::Brand;

/// Everything one chamber has set. Parts needed for one use only are `Err` with the names of the
/// variables missing, and are refused when that use is asked for.
#[derive(Clone)]
pub struct Chamber {
    /// The code.
    pub code: ChamberCode,
    /// `CAMARA_NOMBRE`.
    pub nombre: String,
    /// `CAMARA_CIUDAD`.
    pub ciudad: String,
    /// `CAMARA_TELEFONO`.
    pub telefono: String,
    /// `CAMARA_DIRECCION`.
    pub direccion: String,
    /// `ENLACE_RENOVAR`.
    pub enlace_renovar: String,
    /// `ENLACE_MENU`.
    pub enlace_menu: String,
    /// `FACTOR_AUTENTICACION_FIRMADO_CONTRASENAS_EMAIL`; DOBLE when it is missing or unreadable.
    pub factor: Factor,
    /// `MASIVOS_SMTP_*`.
    pub smtp: Result<Smtp, Vec<String>>,
    /// How fast and when mails leave.
    pub pace: Pace,
    /// `REBOTES_*`: where bounces are read; `None` when nowhere.
    pub bounces: Option<Bounces>,
    /// `BUZON_CORREO=SI`: the server catches its own mail at `MASIVOS_SMTP_PORT` (demo only).
    pub mail_catcher: bool,
    /// `SMS_*`.
    pub sms: Result<SmsSettings, Vec<String>>,
    /// `FIRMA_*`.
    pub signing: Result<Signing, Vec<String>>,
    /// `PLANTILLAS`: a folder whose templates go before the built-in ones.
    pub templates: Option<PathBuf>,
    /// `LOGO`, `COLOR`: how its documents look.
    pub brand: Brand,
    /// The activation's figures.
    pub limits: ActivationLimits,
    /// The rules of staff's sessions.
    pub staff: StaffRules,
    /// `NO_FUI_YO_DIAS`, `RECORDATORIO_DIAS`.
    pub aftermath: Aftermath,
    /// `RETENCION_*`: how long personal data stay.
    pub retention: Retention,
}

impl Chamber {
    /// Reads the chamber's file.
    #[must_use]
    pub fn read(code: ChamberCode, path: &Path, config_dir: &Path) -> (Self, Vec<Fault>) {
        let file = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let mut faults: Vec<Fault> = readable_by_others(&file, "(archivo)", path).into_iter().collect();
        let text = std::fs::read_to_string(path).unwrap_or_else(|_| {
            faults.push(Fault::in_file(
                &file,
                "(archivo)",
                "no se puede leer; revise sus permisos y que sea texto UTF-8",
            ));
            String::new()
        });
        let (vars, syntax_faults) = Variables::parse(&text, &file);
        faults.extend(syntax_faults);
        let chamber = Self::from_variables(code, &vars, &file, config_dir, &mut faults);
        (chamber, faults)
    }

    fn from_variables(
        code: ChamberCode,
        vars: &Variables,
        file: &str,
        config_dir: &Path,
        faults: &mut Vec<Fault>,
    ) -> Self {
        let mut text = |name: &str, remedy: &str| {
            if vars.get(name).is_none() {
                faults.push(Fault::in_file(file, name, remedy));
            }
            vars.get(name).unwrap_or_default().to_owned()
        };
        let nombre = text("CAMARA_NOMBRE", "escriba el nombre de la cámara, como debe leerse en los correos");
        let ciudad = text("CAMARA_CIUDAD", "escriba la ciudad desde la que se fechan los documentos");
        let telefono =
            text("CAMARA_TELEFONO", "escriba el teléfono publicado de la cámara: es la salida de cada rechazo");
        let direccion = text("CAMARA_DIRECCION", "escriba la dirección de la sede de la cámara");
        let enlace_renovar = link(vars, "ENLACE_RENOVAR", file, faults);
        let enlace_menu = link(vars, "ENLACE_MENU", file, faults);
        let limits = ActivationLimits::read(vars, file, faults);
        let factor = factor(vars, file, faults);
        let aftermath = Aftermath::read(vars, file, faults);
        aftermath.check(limits.life_hours(factor), file, faults);
        let relative =
            |text: &str| if Path::new(text).is_absolute() { PathBuf::from(text) } else { config_dir.join(text) };
        let chamber = Self {
            code,
            nombre,
            ciudad,
            telefono,
            direccion,
            enlace_renovar,
            enlace_menu,
            factor,
            smtp: Smtp::read(vars, file, faults),
            pace: Pace::read(vars, file, faults),
            bounces: Bounces::read(vars, file, &relative, faults),
            mail_catcher: matches!(
                vars.get("BUZON_CORREO").map(str::to_uppercase).as_deref(),
                Some("SI" | "SÍ" | "TRUE" | "1")
            ),
            sms: SmsSettings::read(vars, file, faults),
            signing: Signing::read(vars, file, &relative, faults),
            brand: brand::read(vars, file, &relative, faults),
            templates: vars.get("PLANTILLAS").map(relative),
            limits,
            staff: StaffRules::read(vars, file, faults),
            aftermath,
            retention: Retention::read(vars, file, faults),
        };
        brand::check_letters(&chamber, file, faults);
        chamber
    }

    /// Whether the chamber uses the demo's mailbox, for mail or for SMS.
    #[must_use]
    pub fn uses_mailbox(&self) -> bool {
        self.mail_catcher || matches!(&self.sms, Ok(sms) if matches!(sms.first, SmsProvider::Mailbox))
    }

    /// The names of the variables without which nothing can be sent; empty when all are there.
    #[must_use]
    pub fn missing_for_sending(&self) -> Vec<String> {
        let mut missing = Vec::new();
        for (name, value) in [
            ("CAMARA_NOMBRE", &self.nombre),
            ("CAMARA_CIUDAD", &self.ciudad),
            ("CAMARA_TELEFONO", &self.telefono),
            ("CAMARA_DIRECCION", &self.direccion),
        ] {
            if value.is_empty() {
                missing.push(name.to_owned());
            }
        }
        missing.extend(self.smtp.as_ref().err().cloned().unwrap_or_default());
        missing.extend(self.signing.as_ref().err().cloned().unwrap_or_default());
        missing
    }
}

/// The factor: SII writes `DOBLE`; the manual says CLAVE + PIN (SMS) or SOLO CLAVE.
fn factor(vars: &Variables, file: &str, faults: &mut Vec<Fault>) -> Factor {
    const NAME: &str = "FACTOR_AUTENTICACION_FIRMADO_CONTRASENAS_EMAIL";
    let compact: String = vars.get(NAME).unwrap_or_default().to_uppercase().split_whitespace().collect();
    match compact.as_str() {
        "DOBLE" | "CLAVE+PIN" | "CLAVE+PIN(SMS)" | "CLAVE+PINSMS" => Factor::Doble,
        "SENCILLO" | "SOLOCLAVE" => Factor::SoloClave,
        _ => {
            faults.push(Fault::in_file(file, NAME, "escriba DOBLE (clave y PIN por SMS, recomendado) o SOLO CLAVE"));
            Factor::Doble
        }
    }
}

fn link(vars: &Variables, name: &str, file: &str, faults: &mut Vec<Fault>) -> String {
    match vars.get(name) {
        Some(url) if url.starts_with("https://") || url.starts_with("http://") => url.to_owned(),
        _ => {
            faults.push(Fault::in_file(file, name, "escriba una dirección completa que comience por https://"));
            String::new()
        }
    }
}

impl std::fmt::Debug for Chamber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Chamber({})", self.code)
    }
}
