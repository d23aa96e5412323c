//! `SMS_HTTP_*`: a gateway called by templates.

use zeroize::Zeroizing;

use super::Reader;

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
    /// How the names of its variables begin, for faults.
    pub prefix: &'static str,
    /// `SMS_HTTP_URL`.
    pub url: String,
    /// `SMS_HTTP_METODO`.
    pub method: HttpMethod,
    /// `SMS_HTTP_USUARIO` and `SMS_HTTP_CLAVE`: Basic authentication.
    pub account: Option<(String, Zeroizing<String>)>,
    /// `SMS_HTTP_CABECERAS`: `Nombre: valor`, separated by ` | `.
    pub headers: Vec<(String, String)>,
    /// `SMS_HTTP_CUERPO`.
    pub body: String,
    /// `SMS_HTTP_EXITO`: a text that the answer must hold besides a 2xx status.
    pub success_text: Option<String>,
    /// `SMS_HTTP_ERROR`: texts, separated by ` | `, any of which means a failure whatever the status.
    pub error_texts: Vec<String>,
    /// `SMS_HTTP_ID`: where in the answer's JSON the provider's identifier stands (RFC 6901).
    pub id_pointer: Option<String>,
}

impl HttpSms {
    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let url = reader.get("HTTP_URL").filter(|url| url.starts_with("https://") || url.starts_with("http://"));
        if url.is_none() {
            reader.need("HTTP_URL", "escriba la dirección completa de la pasarela, con https://");
        }
        let method = match reader.get("HTTP_METODO").unwrap_or("POST").to_uppercase().as_str() {
            "GET" => HttpMethod::Get,
            "POST" => HttpMethod::Post,
            _ => {
                reader.need("HTTP_METODO", "escriba GET o POST");
                HttpMethod::Post
            }
        };
        let account = account(reader);
        let headers = headers(reader, account.is_some());
        let id_pointer = reader.get("HTTP_ID");
        if id_pointer.is_some_and(|pointer| !pointer.starts_with('/')) {
            reader.need("HTTP_ID", "escriba el camino dentro del JSON, por ejemplo /messages/0/messageId");
        }
        if !reader.missing.is_empty() {
            return None;
        }
        Some(Self {
            prefix: reader.prefix,
            url: url?.to_owned(),
            method,
            account,
            headers,
            body: reader.get("HTTP_CUERPO").unwrap_or_default().to_owned(),
            success_text: reader.get("HTTP_EXITO").map(str::to_owned),
            error_texts: parts(reader.get("HTTP_ERROR")).map(str::to_owned).collect(),
            id_pointer: id_pointer.map(str::to_owned),
        })
    }
}

fn parts(text: Option<&str>) -> impl Iterator<Item = &str> {
    text.unwrap_or_default().split(" | ").map(str::trim).filter(|part| !part.is_empty())
}

fn account(reader: &mut Reader<'_>) -> Option<(String, Zeroizing<String>)> {
    match (reader.get("HTTP_USUARIO"), reader.get("HTTP_CLAVE")) {
        (None, None) => None,
        (Some(user), Some(password)) if !user.contains(':') => {
            Some((user.to_owned(), Zeroizing::new(password.to_owned())))
        }
        (Some(_), Some(_)) => {
            reader.need("HTTP_USUARIO", "el usuario de la autenticación básica no puede llevar «:»");
            None
        }
        (Some(_), None) => {
            reader.need("HTTP_CLAVE", "escriba la clave que acompaña al usuario, o borre el usuario");
            None
        }
        (None, Some(_)) => {
            reader.need("HTTP_USUARIO", "escriba el usuario que acompaña a la clave, o borre la clave");
            None
        }
    }
}

fn headers(reader: &mut Reader<'_>, authenticated: bool) -> Vec<(String, String)> {
    let mut headers = Vec::new();
    for header in parts(reader.get("HTTP_CABECERAS")) {
        match header.split_once(':') {
            Some((name, _)) if authenticated && name.trim().eq_ignore_ascii_case("authorization") => {
                reader.need("HTTP_CABECERAS", "quite Authorization: ya la forman el usuario y la clave");
            }
            Some((name, value)) => headers.push((name.trim().to_owned(), value.trim().to_owned())),
            None => reader.need("HTTP_CABECERAS", "escriba Nombre: valor, separadas por « | »"),
        }
    }
    headers
}
