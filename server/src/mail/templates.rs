//! The texts of the mails: folders with `asunto.txt`, `cuerpo.txt` and `cuerpo.html`, inside the
//! program; a chamber's own folder (`PLANTILLAS`) goes before them, file by file.

use std::path::Path;

use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value};

/// Which mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Template {
    /// The mail with the password's PDF (manual, section 8).
    Preassignment,
    /// The confirmation of an activation (manual, section 10).
    Confirmation,
    /// To those who have not activated.
    Reminder,
    /// To the chamber: a merchant said «no fui yo».
    DisownNotice,
}

impl Template {
    const ALL: [Self; 4] = [Self::Preassignment, Self::Confirmation, Self::Reminder, Self::DisownNotice];

    /// The folder's name.
    #[must_use]
    pub const fn folder(self) -> &'static str {
        match self {
            Self::Preassignment => "preasignacion",
            Self::Confirmation => "confirmacion",
            Self::Reminder => "recordatorio",
            Self::DisownNotice => "aviso-no-fui-yo",
        }
    }

    const fn built_in(self) -> [(&'static str, &'static str); 3] {
        macro_rules! files {
            ($folder:literal) => {
                [
                    (SUBJECT, include_str!(concat!("../../assets/plantillas/", $folder, "/asunto.txt"))),
                    (TEXT, include_str!(concat!("../../assets/plantillas/", $folder, "/cuerpo.txt"))),
                    (HTML, include_str!(concat!("../../assets/plantillas/", $folder, "/cuerpo.html"))),
                ]
            };
        }
        match self {
            Self::Preassignment => files!("preasignacion"),
            Self::Confirmation => files!("confirmacion"),
            Self::Reminder => files!("recordatorio"),
            Self::DisownNotice => files!("aviso-no-fui-yo"),
        }
    }
}

const SUBJECT: &str = "asunto.txt";
const TEXT: &str = "cuerpo.txt";
const HTML: &str = "cuerpo.html";

/// A template that cannot be used: which file of the chamber's folder, and where in it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("template {file}: {cause}")]
pub struct TemplateFault {
    /// Folder and file, for instance `preasignacion/cuerpo.html`.
    pub file: String,
    /// What is wrong with it, with its line.
    pub cause: String,
}

/// A mail's texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// One line.
    pub subject: String,
    /// Plain text.
    pub text: String,
    /// HTML, everything that was filled in escaped.
    pub html: String,
}

/// Every template of one chamber, read and compiled.
pub struct Templates {
    environment: Environment<'static>,
}

impl Templates {
    /// The built-in templates, with those of `folder` before them.
    ///
    /// # Errors
    /// When a file of the folder cannot be read or is no valid template.
    pub fn load(folder: Option<&Path>) -> Result<Self, TemplateFault> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_auto_escape_callback(|name| match name.ends_with(".html") {
            true => AutoEscape::Html,
            false => AutoEscape::None,
        });
        for template in Template::ALL {
            for (file, built_in) in template.built_in() {
                let name = format!("{}/{file}", template.folder());
                let own = folder.map(|folder| folder.join(&name)).filter(|path| path.exists());
                let source = match own {
                    Some(path) => std::fs::read_to_string(path)
                        .map_err(|_| TemplateFault { file: name.clone(), cause: "cannot be read as UTF-8".into() })?,
                    None => built_in.to_owned(),
                };
                environment.add_template_owned(name.clone(), source).map_err(|error| fault(&name, &error))?;
            }
        }
        Ok(Self { environment })
    }

    /// Fills a template in.
    ///
    /// # Errors
    /// When it names something that is not there.
    pub fn render(&self, template: Template, values: &Value) -> Result<Rendered, TemplateFault> {
        let fill = |file: &str| {
            let name = format!("{}/{file}", template.folder());
            let found = self.environment.get_template(&name).map_err(|error| fault(&name, &error))?;
            found.render(values).map_err(|error| fault(&name, &error))
        };
        Ok(Rendered { subject: one_line(&fill(SUBJECT)?, 150), text: fill(TEXT)?, html: fill(HTML)? })
    }
}

/// Neither values nor the template's text go into a fault: only its kind and line.
fn fault(file: &str, error: &minijinja::Error) -> TemplateFault {
    let line = error.line().map(|line| format!(", line {line}")).unwrap_or_default();
    TemplateFault { file: file.to_owned(), cause: format!("{}{line}", error.kind()) }
}

/// A text fit for a header: one line, no controls and none that turn the reading direction of what
/// follows, at most so many letters.
pub(super) fn one_line(text: &str, most: usize) -> String {
    let turns =
        |c: char| matches!(c, '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    let text = text.chars().filter(|c| !turns(*c));
    let printable = text.map(|c| if c.is_control() { ' ' } else { c }).collect::<String>();
    let words = printable.split_whitespace().collect::<Vec<_>>().join(" ");
    if words.chars().count() <= most {
        return words;
    }
    words.chars().take(most.saturating_sub(1)).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use minijinja::context;

    fn values(name: &str) -> Value {
        context! {
            camara => "Cámara de Prueba", nombre => name, enlace => "https://c.co/activacion/55", vence => "8 de mayo",
            celular_enmascarado => "300 *** **67", con_pin => true, prueba => false, telefono => "604", direccion => "Calle 1",
        }
    }

    #[test]
    fn html_is_escaped_and_the_subject_stays_one_line() {
        let mail = Templates::load(None)
            .unwrap()
            .render(Template::Preassignment, &values("<script>alert(1)</script>\r\nBcc: x@y.co"))
            .unwrap();
        assert!(mail.html.contains("&lt;script&gt;"));
        assert!(!mail.html.contains("<script>"));
        assert!(mail.text.contains("https://c.co/activacion/55") && mail.text.contains("300 *** **67"));
        assert!(!mail.subject.contains('\n'));
        assert_eq!(one_line(" a\r\nb\u{0}  c ", 150), "a b c");
        assert_eq!(one_line("\u{202E}ana\u{2069} محمد\u{200F}", 150), "ana محمد");
        assert_eq!(one_line(&"ñ".repeat(5000), 10).chars().count(), 10);
    }

    #[test]
    fn a_chambers_folder_goes_first_and_a_broken_file_is_named() {
        let folder = std::env::temp_dir().join(format!("plantillas-{}", crate::secrets::random_token()));
        std::fs::create_dir_all(folder.join("preasignacion")).unwrap();
        let subject = folder.join("preasignacion/asunto.txt");
        std::fs::write(&subject, "Propio: {{ nombre }}").unwrap();
        let mail = Templates::load(Some(&folder)).unwrap().render(Template::Preassignment, &values("Ana")).unwrap();
        assert_eq!(mail.subject, "Propio: Ana");
        std::fs::write(&subject, "{{ desconocido }}").unwrap();
        let fault =
            Templates::load(Some(&folder)).unwrap().render(Template::Preassignment, &values("Ana")).unwrap_err();
        assert_eq!(fault.file, "preasignacion/asunto.txt");
        std::fs::write(&subject, "{% if %}").unwrap();
        assert_eq!(Templates::load(Some(&folder)).err().unwrap().file, "preasignacion/asunto.txt");
        std::fs::remove_dir_all(folder).unwrap();
    }
}
