//! The operator's gateway, called over HTTP by templates.

use std::time::Duration;

use async_trait::async_trait;
use contract::{ChamberCode, ColombianMobile};
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, Method, Request, Response, Url};

use super::template::{Place, Template};
use super::{SmsError, SmsGateway, SmsSetupError};
use crate::config::{HttpMethod, HttpSms};

/// How long a gateway may take, its answer's body included.
pub const TIMEOUT: Duration = Duration::from_secs(10);

/// What is read of an answer to look for the text that means success.
const LONGEST_ANSWER: usize = 64 * 1024;

/// A gateway with its templates compiled.
pub struct HttpGateway {
    client: Client,
    method: Method,
    url: Template,
    headers: Vec<(HeaderName, Template)>,
    body: Option<Template>,
    success_text: Option<String>,
}

impl HttpGateway {
    /// Compiles the templates and tries them on an invented SMS.
    ///
    /// # Errors
    /// With the name of the variable at fault.
    pub fn new(settings: &HttpSms, timeout: Duration) -> Result<Self, SmsSetupError> {
        // A redirect could carry a PIN to another place: it counts as a refusal.
        let client = Client::builder()
            .timeout(timeout)
            .redirect(reqwest::redirect::Policy::none())
            .user_agent("clave-segura")
            .build()
            .map_err(|_| SmsSetupError("SMS_HTTP_URL"))?;
        let mut headers = Vec::new();
        for (name, value) in &settings.headers {
            let header = HeaderName::from_bytes(name.as_bytes()).ok().zip(Template::compile(value, Place::Line));
            headers.push(header.ok_or(SmsSetupError("SMS_HTTP_CABECERAS"))?);
        }
        let method = match settings.method {
            HttpMethod::Get => Method::GET,
            HttpMethod::Post => Method::POST,
        };
        let body = (method == Method::POST && !settings.body.is_empty())
            .then(|| Template::compile(&settings.body, body_place(settings)).ok_or(SmsSetupError("SMS_HTTP_CUERPO")))
            .transpose()?;
        let url = Template::compile(&settings.url, Place::Encoded).ok_or(SmsSetupError("SMS_HTTP_URL"))?;
        let gateway = Self { client, method, url, headers, body, success_text: settings.success_text.clone() };
        gateway.request("3000000000", "prueba").ok_or(SmsSetupError("SMS_HTTP_URL"))?;
        Ok(gateway)
    }

    fn request(&self, celular: &str, texto: &str) -> Option<Request> {
        let url = Url::parse(&self.url.render(celular, texto)?).ok()?;
        let mut headers = HeaderMap::new();
        for (name, template) in &self.headers {
            let mut value = HeaderValue::from_str(&template.render(celular, texto)?).ok()?;
            value.set_sensitive(true);
            headers.insert(name.clone(), value);
        }
        let mut request = self.client.request(self.method.clone(), url).headers(headers);
        if let Some(body) = &self.body {
            request = request.body(body.render(celular, texto)?);
        }
        request.build().ok()
    }

    async fn deliver(&self, celular: &str, texto: &str) -> Result<(), SmsError> {
        let request = self.request(celular, texto).ok_or(SmsError::Template)?;
        let answer = self.client.execute(request).await.map_err(|e| classify(&e))?;
        if !answer.status().is_success() {
            return Err(SmsError::Status(answer.status().as_u16()));
        }
        let Some(expected) = &self.success_text else { return Ok(()) };
        if read(answer).await?.contains(expected) { Ok(()) } else { Err(SmsError::NotAccepted) }
    }
}

/// JSON and forms by their `Content-Type`; without one, by the look of the template.
fn body_place(settings: &HttpSms) -> Place {
    let content_type = settings.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case(CONTENT_TYPE.as_str()));
    match content_type.map(|(_, value)| value.to_lowercase()) {
        Some(value) if value.contains("json") => Place::Json,
        Some(value) if value.contains("x-www-form-urlencoded") => Place::Encoded,
        None if settings.body.trim_start().starts_with(['{', '[']) => Place::Json,
        _ => Place::Plain,
    }
}

async fn read(mut answer: Response) -> Result<String, SmsError> {
    let mut bytes = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(|e| classify(&e))? {
        bytes.extend_from_slice(&chunk[..chunk.len().min(LONGEST_ANSWER - bytes.len())]);
        if bytes.len() == LONGEST_ANSWER {
            break;
        }
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// reqwest's own text holds the address, and with it perhaps the PIN: only its kind is kept.
fn classify(error: &reqwest::Error) -> SmsError {
    if error.is_connect() {
        SmsError::Unreachable
    } else {
        // A time-out or a connection broken after the request left: it may have been taken.
        SmsError::TimedOut
    }
}

#[async_trait]
impl SmsGateway for HttpGateway {
    fn name(&self) -> &'static str {
        "http"
    }

    async fn send(&self, camara: ChamberCode, to: &ColombianMobile, text: &str) -> Result<(), SmsError> {
        let result = self.deliver(to.as_str(), text).await;
        if let Err(error) = &result {
            tracing::warn!(%camara, celular = %to.masked(), %error, "SMS not handed over");
        }
        result
    }
}
