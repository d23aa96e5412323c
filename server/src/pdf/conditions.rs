//! The conditions of the service, after the manual's sections 8 to 10: a template that a chamber may
//! replace (`PLANTILLAS/documento/condiciones.txt`). Blank lines part the conditions; what stands between
//! the two `**` at the beginning of one is its lead, in bold.

use std::path::Path;

use contract::campaign::Factor;
use minijinja::{Environment, ErrorKind, UndefinedBehavior, context};

use crate::config::Chamber;
use crate::secrets::sha256_hex;

const BUILT_IN: &str = include_str!("../../assets/plantillas/documento/condiciones.txt");

/// The conditions as the merchants of one chamber and factor read them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conditions {
    items: Vec<Condition>,
    text: String,
    version: String,
}

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Condition {
    /// In bold; empty when it has none.
    pub(super) lead: String,
    pub(super) text: String,
}

/// Why a template of conditions cannot be used, for whoever wrote it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConditionsFault {
    /// Missing rights, or no UTF-8.
    #[error("no se puede leer; revise sus permisos y que sea texto UTF-8")]
    Unreadable,
    /// What the template says where.
    #[error("{cause}{}", line.map(|line| format!(", en el renglón {line}")).unwrap_or_default())]
    Template {
        /// What is wrong, in Spanish.
        cause: &'static str,
        /// In which line.
        line: Option<usize>,
    },
    /// It comes to nothing.
    #[error("no contiene ninguna condición; bórrelo para usar las del programa")]
    Empty,
    /// One begins with `**` and has no second one.
    #[error("la condición {number} comienza con ** y no lo cierra")]
    OpenLead {
        /// Which, counted from one.
        number: usize,
    },
}

impl Conditions {
    /// Where the template lies in the chamber's folder.
    pub const FILE: &'static str = "documento/condiciones.txt";

    /// The chamber's own ones, or the program's.
    ///
    /// # Errors
    /// When the chamber's template cannot be read or filled in.
    pub fn of(chamber: &Chamber, factor: Factor) -> Result<Self, ConditionsFault> {
        Self::load(chamber.templates.as_deref(), factor, &chamber.nombre, &chamber.telefono, &chamber.direccion)
    }

    /// The same for whoever has no [`Chamber`].
    ///
    /// # Errors
    /// As [`Self::of`].
    pub fn load(
        folder: Option<&Path>,
        factor: Factor,
        camara: &str,
        telefono: &str,
        direccion: &str,
    ) -> Result<Self, ConditionsFault> {
        let own = folder.map(|folder| folder.join(Self::FILE)).filter(|path| path.exists());
        let source = match own {
            Some(path) => std::fs::read_to_string(path).map_err(|_| ConditionsFault::Unreadable)?,
            None => BUILT_IN.to_owned(),
        };
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        let con_pin = factor == Factor::Doble;
        let values = context! { camara, telefono, direccion, con_pin };
        Self::read(&environment.render_str(&source, values).map_err(|error| template(&error))?)
    }

    fn read(filled: &str) -> Result<Self, ConditionsFault> {
        let mut items = Vec::new();
        for paragraph in filled.lines().map(str::trim).collect::<Vec<_>>().split(|line| line.is_empty()) {
            let paragraph = paragraph.join(" ");
            if paragraph.is_empty() {
                continue;
            }
            let (lead, text) = match paragraph.strip_prefix("**") {
                None => ("", paragraph.as_str()),
                Some(rest) => {
                    let number = items.len() + 1;
                    rest.split_once("**").ok_or(ConditionsFault::OpenLead { number })?
                }
            };
            items.push(Condition { lead: words(lead), text: words(text) });
        }
        if items.is_empty() {
            return Err(ConditionsFault::Empty);
        }
        let text = items.iter().map(|item| words(&format!("{} {}", item.lead, item.text)));
        let text = text.collect::<Vec<_>>().join("\n\n");
        Ok(Self { version: sha256_hex(text.as_bytes()), items, text })
    }

    pub(super) fn items(&self) -> &[Condition] {
        &self.items
    }

    /// The text as it is read, one paragraph a condition: what evidence keeps.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// SHA-256 of [`Self::text`], in hexadecimal.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }
}

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn template(error: &minijinja::Error) -> ConditionsFault {
    let cause = match error.kind() {
        ErrorKind::SyntaxError => "hay una marca {{ … }} o {% … %} mal escrita",
        ErrorKind::UndefinedError => {
            "hay una marca {{ … }} que no existe; las que hay son camara, telefono, direccion y con_pin"
        }
        ErrorKind::UnknownFilter | ErrorKind::UnknownFunction | ErrorKind::UnknownTest | ErrorKind::UnknownMethod => {
            "hay una marca que usa una función desconocida"
        }
        _ => "no se puede completar la plantilla",
    };
    ConditionsFault::Template { cause, line: error.line() }
}

/// Why the merchant gets this letter (the opening of the manual's activation screen).
pub(super) fn opening() -> &'static str {
    "En cumplimiento de lo establecido en la Ley 527 de 1999 (Ley de Comercio Electrónico) y en el Decreto 2364 de \
     2012, que habilita en Colombia el uso de firmas electrónicas como alternativa a las firmas digitales, para \
     presentar trámites en forma no presencial usted debe estar inscrito como usuario verificado. Hemos revisado la \
     información que reposa en el Registro Público Mercantil y encontramos que usted está matriculado en él. Con el \
     ánimo de facilitarle la inscripción, le hemos preasignado esta clave:"
}

/// How to activate, step by step; the first step is followed by the link.
pub(super) const fn steps(factor: Factor) -> [&'static str; 3] {
    [
        "Ingrese a esta dirección:",
        "Digite su identificación, su correo electrónico y su número de celular, tal como están reportados en el \
         registro mercantil, y esta clave. Oprima ACEPTAR Y CONTINUAR.",
        match factor {
            Factor::Doble => {
                "Le enviaremos a su celular un mensaje de texto (SMS) con un PIN de activación. Digítelo y oprima \
                 ACTIVAR: su inscripción quedará activa y recibirá un correo de confirmación."
            }
            Factor::SoloClave => {
                "Si los datos coinciden, su inscripción como usuario verificado quedará activa de inmediato y \
                 recibirá un correo de confirmación."
            }
        },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_ones_differ_by_factor_and_are_named_by_their_text() {
        let load = |factor, telefono| Conditions::load(None, factor, "Cámara", telefono, "Calle 1").unwrap();
        let (double, single) = (load(Factor::Doble, "604"), load(Factor::SoloClave, "604"));
        assert_eq!((double.items().len(), single.items().len()), (8, 7));
        assert!(double.text().contains("PIN por SMS") && !single.text().contains("PIN"));
        assert_ne!(double.version(), single.version());
        assert_eq!(double, load(Factor::Doble, "604"));
        assert_ne!(double.version(), load(Factor::Doble, "605").version());
        assert_eq!(double.version(), sha256_hex(double.text().as_bytes()));
        assert!(!double.text().contains("**"));
    }

    #[test]
    fn what_is_wrong_with_a_chambers_own_is_said_in_spanish() {
        let folder = std::env::temp_dir().join(format!("condiciones-{}", crate::secrets::random_token()));
        std::fs::create_dir_all(folder.join("documento")).unwrap();
        let load = |source: &[u8]| {
            std::fs::write(folder.join(Conditions::FILE), source).unwrap();
            Conditions::load(Some(&folder), Factor::Doble, "Cámara de Prueba", "604", "Calle 1")
        };
        let own = load("**Una.** De la {{ camara }},\n  en dos   renglones.\n\n\nOtra sin título.".as_bytes()).unwrap();
        assert_eq!(own.text(), "Una. De la Cámara de Prueba, en dos renglones.\n\nOtra sin título.");
        assert_eq!(own.items()[0].lead, "Una.");
        assert_eq!(load(b"\xFF\xFE"), Err(ConditionsFault::Unreadable));
        assert_eq!(load(b" \n\n{% if not con_pin %}x{% endif %}"), Err(ConditionsFault::Empty));
        assert_eq!(load(b"a\n\n**b"), Err(ConditionsFault::OpenLead { number: 2 }));
        let fault = load(b"a\n\n{{ correo }}").unwrap_err().to_string();
        assert!(fault.contains("no existe") && fault.ends_with("renglón 3"), "{fault}");
        assert!(load(b"{% if %}").unwrap_err().to_string().contains("mal escrita"));
        std::fs::remove_dir_all(folder).unwrap();
    }
}
