//! The fields of a body, said once: from this table comes what is accepted and what the specification
//! says is accepted.

use std::net::IpAddr;

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use http::header::CONTENT_TYPE;
use http::{HeaderMap, StatusCode};
use serde_json::{Map, Value};
use utoipa::openapi::schema::{AdditionalProperties, AnyOfBuilder, ObjectBuilder, Schema, Type};
use utoipa::openapi::{KnownFormat, RefOr, SchemaFormat};

use super::ApiState;
use super::problem::{Code, FieldFault, Problem};

/// What a field may hold.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// 64 hexadecimal digits.
    Sha256,
    /// A line of text that does not begin with a blank.
    Line,
    /// Something with an `@`, in printable ASCII.
    Address,
    /// Anything.
    Secret,
    /// Letters, digits and `._:-`.
    Token,
    /// An IPv4 or IPv6 address.
    Ip,
    /// Six digits.
    Pin,
}

/// One field: a text of bounded length.
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) required: bool,
    /// In characters.
    pub(super) longest: usize,
    pub(super) form: Form,
    /// In Spanish, for the specification.
    pub(super) about: &'static str,
}

impl Form {
    /// The same as [`Form::accepts`], as the specification says it (ECMA 262).
    const fn pattern(self) -> Option<&'static str> {
        match self {
            Self::Sha256 => Some("^[0-9a-fA-F]{64}$"),
            Self::Line => Some(r"^[^\u0000-\u0020\u007f-\u00a0][^\u0000-\u001f\u007f-\u009f]*$"),
            Self::Address => Some("^[!-?A-~]+@[!-?A-~]+$"),
            Self::Token => Some("^[A-Za-z0-9._:-]+$"),
            Self::Pin => Some("^[0-9]{6}$"),
            Self::Secret | Self::Ip => None,
        }
    }

    fn accepts(self, text: &str) -> bool {
        let printable = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_graphic() && b != b'@');
        match self {
            Self::Sha256 => text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit()),
            Self::Line => {
                let blank = |c: char| matches!(c, ' ' | '\u{a0}');
                text.chars().next().is_some_and(|first| !blank(first)) && !text.chars().any(char::is_control)
            }
            Self::Address => text.split_once('@').is_some_and(|(local, domain)| printable(local) && printable(domain)),
            Self::Secret => !text.is_empty(),
            Self::Token => !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"._:-".contains(&b)),
            Self::Ip => text.parse::<IpAddr>().is_ok(),
            Self::Pin => text.len() == 6 && text.bytes().all(|b| b.is_ascii_digit()),
        }
    }

    fn remedy(self, longest: usize) -> String {
        match self {
            Self::Sha256 => "64 dígitos hexadecimales".to_owned(),
            Self::Line => format!("un texto de una línea, de 1 a {longest} caracteres, que no empiece por un espacio"),
            Self::Address => format!("una dirección de correo de hasta {longest} caracteres"),
            Self::Secret => format!("un texto de 1 a {longest} caracteres"),
            Self::Token => format!("de 1 a {longest} letras, dígitos o los signos . _ : -"),
            Self::Ip => "una dirección IPv4 o IPv6".to_owned(),
            Self::Pin => "seis dígitos".to_owned(),
        }
    }
}

/// The schema of an object of these fields and no others.
pub(super) fn schema_of(fields: &[Field], about: &str) -> RefOr<Schema> {
    let text = |field: &Field| {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .min_length(Some(1))
            .max_length(Some(field.longest))
            .pattern(field.form.pattern())
    };
    let mut object = ObjectBuilder::new().schema_type(Type::Object).description(Some(about));
    for field in fields {
        let schema: RefOr<Schema> = match field.form {
            Form::Ip => {
                let of = |format| text(field).format(Some(SchemaFormat::KnownFormat(format)));
                AnyOfBuilder::new()
                    .item(of(KnownFormat::Ipv4))
                    .item(of(KnownFormat::Ipv6))
                    .description(Some(field.about))
                    .into()
            }
            Form::Secret => text(field)
                .format(Some(SchemaFormat::KnownFormat(KnownFormat::Password)))
                .description(Some(field.about))
                .into(),
            _ => text(field).description(Some(field.about)).into(),
        };
        object = object.property(field.name, schema);
        if field.required {
            object = object.required(field.name);
        }
    }
    object.additional_properties(Some(AdditionalProperties::<Schema>::FreeForm(false))).into()
}

/// A body read as a JSON object.
pub(super) struct JsonObject(Map<String, Value>);

impl FromRequest<ApiState> for JsonObject {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &ApiState) -> Result<Self, Problem> {
        if !is_json(request.headers()) {
            return Err(Code::TipoNoAdmitido.into());
        }
        let bytes = Bytes::from_request(request, state).await.map_err(|refused| {
            // Anything else is a connection that broke: nobody reads the answer.
            let too_long = refused.status() == StatusCode::PAYLOAD_TOO_LARGE;
            Problem::from(if too_long { Code::CuerpoDemasiadoGrande } else { Code::JsonInvalido })
        })?;
        match serde_json::from_slice(&bytes) {
            Ok(Value::Object(object)) => Ok(Self(object)),
            Ok(_) => Err(Problem::of_fields(Vec::new())),
            Err(_) => Err(Code::JsonInvalido.into()),
        }
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let value = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = value.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json")
}

impl JsonObject {
    /// The fields' values in their order, or everything that is wrong with them.
    pub(super) fn read<const N: usize>(mut self, fields: &[Field; N]) -> Result<[Option<String>; N], Problem> {
        let mut faults = Vec::new();
        let values = std::array::from_fn(|index| {
            let field = &fields[index];
            let fits = |text: &String| text.chars().count() <= field.longest && field.form.accepts(text);
            match self.0.remove(field.name) {
                Some(Value::String(text)) if fits(&text) => return Some(text),
                None if !field.required => return None,
                None => faults.push((field.name, format!("es obligatorio: {}", field.form.remedy(field.longest)))),
                Some(_) => faults.push((field.name, format!("debe contener {}", field.form.remedy(field.longest)))),
            }
            None
        });
        if !self.0.is_empty() {
            // Their names are the caller's own words, and may be anything.
            faults.push(("(otro)", "la solicitud trae campos que no existen".to_owned()));
        }
        if faults.is_empty() {
            return Ok(values);
        }
        Err(Problem::of_fields(faults.into_iter().map(|(campo, detalle)| FieldFault { campo, detalle }).collect()))
    }
}

#[cfg(test)]
mod tests {
    use axum::response::IntoResponse;
    use proptest::prelude::*;

    use super::*;

    const FIELDS: [Field; 3] = [
        Field { name: "linea", required: true, longest: 5, form: Form::Line, about: "" },
        Field { name: "correo", required: false, longest: 9, form: Form::Address, about: "" },
        Field { name: "ip", required: false, longest: 45, form: Form::Ip, about: "" },
    ];

    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            "[ -~ñ\u{0}]{0,7}".prop_map(Value::from),
            ".{0,4}@.{0,4}".prop_map(Value::from),
            any::<IpAddr>().prop_map(|ip| Value::from(ip.to_string())),
        ];
        leaf.prop_recursive(3, 8, 3, |inner| prop::collection::vec(inner, 0..3).prop_map(Value::from))
    }

    proptest! {
        #[test]
        fn whatever_the_body_only_what_has_the_form_of_its_field_passes(
            object in prop::collection::btree_map("linea|correo|ip|[a-z]{0,3}", value(), 0..4)
        ) {
            let known = |name: &String| FIELDS.iter().any(|field| field.name == name);
            let strange = object.keys().any(|name| !known(name));
            let sent = object.clone();
            match JsonObject(object.into_iter().collect()).read(&FIELDS) {
                Err(problem) => prop_assert_eq!(problem.into_response().status(), 422),
                Ok([line, address, ip]) => {
                    prop_assert!(!strange);
                    let line = line.unwrap();
                    prop_assert!((1..=5).contains(&line.chars().count()) && !line.chars().any(char::is_control));
                    prop_assert!(!line.starts_with(' '));
                    prop_assert_eq!(sent.contains_key("correo"), address.is_some());
                    prop_assert!(address.is_none_or(|text| text.len() <= 9 && text.matches('@').count() == 1));
                    prop_assert!(ip.is_none_or(|text| text.parse::<IpAddr>().is_ok()));
                }
            }
        }
    }
}
