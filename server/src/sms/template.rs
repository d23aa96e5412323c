//! The templates of an HTTP gateway. Every value is escaped for the place where it stands, so that
//! a line break or a quote in a text can change neither address, header nor JSON.

use minijinja::value::Value;
use minijinja::{Environment, Output, State, UndefinedBehavior};

/// Where a template's text goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Address, or a form's body: percent-encoding.
    Encoded,
    /// Inside a JSON string.
    Json,
    /// A header's value: one line.
    Line,
    /// Any other body, as it is.
    Plain,
}

/// One template, compiled and tried.
pub(super) struct Template {
    environment: Environment<'static>,
}

const NAME: &str = "sms";

impl Template {
    /// Compiles a template; `None` when it is wrong or uses a name that there is none of.
    pub(super) fn compile(source: &str, place: Place) -> Option<Self> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_formatter(move |out: &mut Output<'_>, _: &State<'_, '_>, value: &Value| {
            let text = value.to_string();
            out.write_str(&if value.is_safe() { text } else { escape(&text, place) }).map_err(minijinja::Error::from)
        });
        // Written by hand they give the same as what happens by itself, and never twice.
        environment.add_filter("urlencode", |text: String| Value::from_safe_string(escape(&text, Place::Encoded)));
        environment.add_filter("tojson", |text: String| {
            Value::from_safe_string(format!("\"{}\"", escape(&text, Place::Json)))
        });
        environment.add_template_owned(NAME, source.to_owned()).ok()?;
        let template = Self { environment };
        template.render("3000000000", "prueba").map(|_| template)
    }

    /// The text with its values.
    pub(super) fn render(&self, celular: &str, texto: &str) -> Option<String> {
        let values = minijinja::context! { celular => celular, texto => texto };
        self.environment.get_template(NAME).ok()?.render(values).ok()
    }
}

fn escape(text: &str, place: Place) -> String {
    match place {
        Place::Encoded => text
            .bytes()
            .map(|b| match b {
                b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => char::from(b).to_string(),
                other => format!("%{other:02X}"),
            })
            .collect(),
        Place::Json => {
            let quoted = serde_json::Value::from(text).to_string();
            quoted[1..quoted.len() - 1].to_owned()
        }
        Place::Line => text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect(),
        Place::Plain => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NASTY: &str = "Café \"Ñ\" & más\n@host #1";

    #[test]
    fn a_value_is_escaped_for_the_place_where_it_stands_and_never_twice() {
        let render =
            |source: &str, place| Template::compile(source, place).unwrap().render("3001234567", NASTY).unwrap();
        let encoded = "Caf%C3%A9%20%22%C3%91%22%20%26%20m%C3%A1s%0A%40host%20%231";
        assert_eq!(render("t={{ texto }}&c=57{{ celular }}", Place::Encoded), format!("t={encoded}&c=573001234567"));
        assert_eq!(render("t={{ texto | urlencode }}", Place::Encoded), format!("t={encoded}"));
        for source in [r#"{"to":"57{{celular}}","t":"{{texto}}"}"#, r#"{"to":"57{{celular}}","t":{{texto|tojson}}}"#] {
            let json: serde_json::Value = serde_json::from_str(&render(source, Place::Json)).unwrap();
            assert_eq!(json["t"], NASTY);
            assert_eq!(json["to"], "573001234567");
        }
        assert_eq!(render("{{ texto }}", Place::Line), NASTY.replace('\n', " "));
        assert_eq!(render("{{ texto }}", Place::Plain), NASTY);
    }

    #[test]
    fn a_wrong_template_is_found_when_it_is_compiled() {
        for wrong in ["{{ texto", "{{ telefono }}", "{{ texto | nada }}"] {
            assert!(Template::compile(wrong, Place::Plain).is_none(), "{wrong}");
        }
    }
}
