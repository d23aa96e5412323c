//! `SMS_*`: how PINs reach the merchants' telephones.

use super::{Fault, Variables};

/// The provider (`SMS_PROVEEDOR`).
#[derive(Clone)]
pub enum SmsProvider {
    /// `http`: a gateway called by templates.
    Http(HttpSms),
    /// `buzon`: the demo's mailbox; refused when `PUBLIC_URL` is not local.
    Mailbox,
}

/// The HTTP method of a gateway.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HttpMethod {
    /// GET, with everything in the address.
    Get,
    /// POST, with a body.
    Post,
}

/// An HTTP gateway. Address, headers and body are templates with `{{ celular }}` and `{{ texto }}`.
#[derive(Clone)]
pub struct HttpSms {
    /// `SMS_HTTP_URL`.
    pub url: String,
    /// `SMS_HTTP_METODO`.
    pub method: HttpMethod,
    /// `SMS_HTTP_CABECERAS`: `Nombre: valor`, separated by ` | `.
    pub headers: Vec<(String, String)>,
    /// `SMS_HTTP_CUERPO`.
    pub body: String,
    /// `SMS_HTTP_EXITO`: a text that the answer must hold besides a 2xx status.
    pub success_text: Option<String>,
}

impl SmsProvider {
    /// The provider, or the names of what is missing.
    pub(super) fn read(vars: &Variables, file: &str, faults: &mut Vec<Fault>) -> Result<Self, Vec<String>> {
        match vars.get("SMS_PROVEEDOR").map(str::to_lowercase).as_deref() {
            Some("buzon") => Ok(Self::Mailbox),
            Some("http") => Self::read_http(vars, file, faults).map(Self::Http),
            other => {
                let remedy = match other {
                    Some("smpp") => "esta versión todavía no habla SMPP; use http con la pasarela de su operador",
                    _ => "escriba http (pasarela del operador) o buzon (solo demostración)",
                };
                faults.push(Fault::in_file(file, "SMS_PROVEEDOR", remedy));
                Err(vec!["SMS_PROVEEDOR".to_owned()])
            }
        }
    }

    fn read_http(vars: &Variables, file: &str, faults: &mut Vec<Fault>) -> Result<HttpSms, Vec<String>> {
        let mut missing = Vec::new();
        let mut need = |name: &str, remedy: &str| {
            missing.push(name.to_owned());
            faults.push(Fault::in_file(file, name, remedy));
        };
        let url = vars.get("SMS_HTTP_URL").filter(|url| url.starts_with("https://") || url.starts_with("http://"));
        if url.is_none() {
            need("SMS_HTTP_URL", "escriba la dirección completa de la pasarela, con https://");
        }
        let method = match vars.get("SMS_HTTP_METODO").unwrap_or("POST").to_uppercase().as_str() {
            "GET" => HttpMethod::Get,
            "POST" => HttpMethod::Post,
            _ => {
                need("SMS_HTTP_METODO", "escriba GET o POST");
                HttpMethod::Post
            }
        };
        let mut headers = Vec::new();
        for header in
            vars.get("SMS_HTTP_CABECERAS").unwrap_or_default().split(" | ").filter(|part| !part.trim().is_empty())
        {
            match header.split_once(':') {
                Some((name, value)) => headers.push((name.trim().to_owned(), value.trim().to_owned())),
                None => need("SMS_HTTP_CABECERAS", "escriba Nombre: valor, separadas por « | »"),
            }
        }
        match url {
            Some(url) if missing.is_empty() => Ok(HttpSms {
                url: url.to_owned(),
                method,
                headers,
                body: vars.get("SMS_HTTP_CUERPO").unwrap_or_default().to_owned(),
                success_text: vars.get("SMS_HTTP_EXITO").map(str::to_owned),
            }),
            _ => Err(missing),
        }
    }
}

impl std::fmt::Debug for SmsProvider {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Http(_) => "http",
            Self::Mailbox => "buzon",
        })
    }
}
