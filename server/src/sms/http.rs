//! The operator's gateway, called over HTTP by templates.

use std::time::Duration;

use async_trait::async_trait;
use contract::{ChamberCode, ColombianMobile};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, Method, Request, Response, Url};

use super::template::{Place, Template};
use super::{Provider, Receipt, SmsError, SmsSetupError, SmsText};
use crate::config::{HttpMethod, HttpSms, basic_authorization};

/// What is read of an answer.
const LONGEST_ANSWER: usize = 64 * 1024;

/// A gateway with its templates compiled.
pub struct HttpGateway {
    client: Client,
    method: Method,
    url: Template,
    authorization: Option<HeaderValue>,
    headers: Vec<(HeaderName, Template)>,
    body: Option<Template>,
    success_text: Option<String>,
    error_texts: Vec<String>,
    id_pointer: Option<String>,
}

impl HttpGateway {
    /// Compiles the templates and tries them on an invented SMS.
    ///
    /// # Errors
    /// With the name of the variable at fault.
    pub fn new(settings: &HttpSms, timeout: Duration) -> Result<Self, SmsSetupError> {
        let wrong = |name: &str| SmsSetupError(format!("{}{name}", settings.prefix));
        // A redirect could carry a PIN to another place: it counts as a refusal. Connecting has a limit
        // of its own, so that a gateway never reached is told from one that does not answer.
        let client = Client::builder()
            .timeout(timeout)
            .connect_timeout(timeout / 2)
            .redirect(reqwest::redirect::Policy::none())
            .user_agent("clave-segura")
            .build()
            .map_err(|_| wrong("HTTP_URL"))?;
        let mut headers = Vec::new();
        for (name, value) in &settings.headers {
            let header = HeaderName::from_bytes(name.as_bytes()).ok().zip(Template::compile(value, Place::Line));
            headers.push(header.ok_or_else(|| wrong("HTTP_CABECERAS"))?);
        }
        let method = match settings.method {
            HttpMethod::Get => Method::GET,
            HttpMethod::Post => Method::POST,
        };
        let body = (method == Method::POST && !settings.body.is_empty())
            .then(|| Template::compile(&settings.body, body_place(settings)).ok_or_else(|| wrong("HTTP_CUERPO")))
            .transpose()?;
        let url = Template::compile(&settings.url, Place::Encoded).ok_or_else(|| wrong("HTTP_URL"))?;
        let gateway = Self {
            client,
            method,
            url,
            authorization: settings.account.as_ref().and_then(|(user, password)| basic_authorization(user, password)),
            headers,
            body,
            success_text: settings.success_text.as_deref().map(compact),
            error_texts: settings.error_texts.iter().map(|text| compact(text)).collect(),
            id_pointer: settings.id_pointer.clone(),
        };
        gateway.request("3000000000", "prueba").ok_or_else(|| wrong("HTTP_URL"))?;
        Ok(gateway)
    }

    fn request(&self, celular: &str, texto: &str) -> Option<Request> {
        let url = Url::parse(&self.url.render(celular, texto)?).ok()?;
        let mut headers = HeaderMap::new();
        headers.extend(self.authorization.clone().map(|value| (AUTHORIZATION, value)));
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

    /// What the gateway's answer says, and its identifier when there is one.
    async fn read(&self, answer: Response) -> Result<Option<String>, SmsError> {
        let status = answer.status();
        if !status.is_success() {
            return Err(SmsError::Status(status.as_u16()));
        }
        if self.success_text.is_none() && self.error_texts.is_empty() && self.id_pointer.is_none() {
            return Ok(None);
        }
        let text = body_of(answer).await?;
        let said = compact(&text);
        if self.error_texts.iter().any(|error| said.contains(error)) {
            return Err(SmsError::Declined);
        }
        if self.success_text.as_ref().is_some_and(|expected| !said.contains(expected)) {
            return Err(SmsError::NotAccepted);
        }
        Ok(self.id_pointer.as_ref().and_then(|pointer| identifier(&text, pointer)))
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

/// JSON may be written with and without blanks: texts are compared without them.
fn compact(text: &str) -> String {
    text.split_ascii_whitespace().collect()
}

fn identifier(answer: &str, pointer: &str) -> Option<String> {
    match serde_json::from_str::<serde_json::Value>(answer).ok()?.pointer(pointer)? {
        serde_json::Value::String(text) => Some(text.clone()),
        serde_json::Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

async fn body_of(mut answer: Response) -> Result<String, SmsError> {
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
    } else if error.is_timeout() {
        SmsError::TimedOut
    } else {
        SmsError::Lost
    }
}

#[async_trait]
impl Provider for HttpGateway {
    async fn send(&self, _: ChamberCode, to: &ColombianMobile, text: &SmsText) -> Result<Receipt, SmsError> {
        let request = self.request(to.as_str(), text.as_str()).ok_or(SmsError::Template)?;
        let answer = self.client.execute(request).await.map_err(|e| classify(&e))?;
        let id = self.read(answer).await?;
        Ok(id.map_or_else(Receipt::default, |id| Receipt::new(&id, to)))
    }
}
