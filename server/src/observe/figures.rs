//! Every figure that the process counts itself, by name, and the one way to count it. Labels hold
//! chambers, phases, classes and route patterns: never anything of a person. Before
//! [`install`] (the command line) counting costs nothing and keeps nothing.

use std::sync::OnceLock;
use std::time::{Duration, Instant};

use contract::ChamberCode;
use domain::sending::{Phase, ReplyClass};
use metrics::{counter, describe_counter, describe_histogram, histogram};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

const SMTP: &str = "clave_segura_smtp_seconds";
const SMTP_REPLIES: &str = "clave_segura_smtp_respuestas_total";
const ARGON2: &str = "clave_segura_argon2_seconds";
const SIGNING: &str = "clave_segura_firma_seconds";
const PDF: &str = "clave_segura_pdf_seconds";
const TIME_STAMPS: &str = "clave_segura_sellos_total";
const SMS: &str = "clave_segura_sms_seconds";
const HTTP: &str = "clave_segura_http_seconds";
const HTTP_REQUESTS: &str = "clave_segura_http_solicitudes_total";

/// From a quick local answer to the ten minutes that a mail's dot may take.
const NETWORK_BUCKETS: [f64; 12] = [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 30.0, 120.0, 600.0];

/// Work for the processor.
const WORK_BUCKETS: [f64; 11] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.02, 0.04, 0.08, 0.16, 0.5, 2.0];

/// How often samples are folded into their buckets when nobody scrapes: they would pile up otherwise.
const UPKEEP: Duration = Duration::from_secs(10);

/// One recorder a process, whoever asks first.
static HANDLE: OnceLock<Option<PrometheusHandle>> = OnceLock::new();

/// Begins to count; further calls find it begun. `None` when another recorder was installed before.
pub fn install() -> Option<&'static PrometheusHandle> {
    HANDLE.get_or_init(recorder).as_ref()
}

fn recorder() -> Option<PrometheusHandle> {
    let mut builder = PrometheusBuilder::new();
    for name in [SMTP, SMS, HTTP] {
        builder = builder.set_buckets_for_metric(Matcher::Full(name.to_owned()), &NETWORK_BUCKETS).ok()?;
    }
    for name in [ARGON2, SIGNING, PDF] {
        builder = builder.set_buckets_for_metric(Matcher::Full(name.to_owned()), &WORK_BUCKETS).ok()?;
    }
    let handle = builder.install_recorder().ok()?;
    describe_histogram!(SMTP, "Seconds of each phase of SMTP, by chamber.");
    describe_counter!(SMTP_REPLIES, "Final replies of the mail server, by chamber and class.");
    describe_histogram!(ARGON2, "Seconds of one argon2id hash or comparison.");
    describe_histogram!(SIGNING, "Seconds of one signature.");
    describe_histogram!(PDF, "Seconds of drawing one letter.");
    describe_counter!(TIME_STAMPS, "Signatures with a time-stamp and without one, where an authority is configured.");
    describe_histogram!(SMS, "Seconds until an SMS was handed over or not.");
    describe_histogram!(HTTP, "Seconds of one request, by route pattern.");
    describe_counter!(HTTP_REQUESTS, "Requests answered, by method, route pattern and status.");
    Some(handle)
}

/// Keeps what was counted small, for ever: a task of the server.
pub async fn keep_up() {
    let Some(handle) = install() else { return };
    let mut ticks = tokio::time::interval(UPKEEP);
    loop {
        ticks.tick().await;
        handle.run_upkeep();
    }
}

/// One phase of a conversation with a chamber's mail server; [`Phase::Greeting`] is connection,
/// greeting and TLS together.
pub fn smtp_phase(camara: ChamberCode, phase: Phase, seconds: f64) {
    let fase = match phase {
        Phase::Greeting => "saludo",
        Phase::Auth => "autenticacion",
        Phase::MailFrom => "remitente",
        Phase::RcptTo => "destinatario",
        Phase::Data => "datos",
        Phase::Body => "cuerpo",
    };
    histogram!(SMTP, "camara" => camara.to_string(), "fase" => fase).record(seconds);
}

/// How the mail server answered in the end; `None`: it took the mail.
pub fn smtp_reply(camara: ChamberCode, class: Option<ReplyClass>) {
    let clase = match class {
        None => "aceptado",
        Some(ReplyClass::Throttled) => "espera",
        Some(ReplyClass::Authentication) => "autenticacion",
        Some(ReplyClass::Account) => "cuenta",
        Some(ReplyClass::Deferred) => "aplazado",
        Some(ReplyClass::Refused) => "rechazado",
    };
    counter!(SMTP_REPLIES, "camara" => camara.to_string(), "clase" => clase).increment(1);
}

/// A mail whose fate nobody knows: the connection broke after the mark.
pub fn smtp_lost(camara: ChamberCode) {
    counter!(SMTP_REPLIES, "camara" => camara.to_string(), "clase" => "incierto").increment(1);
}

/// One argon2id hash or comparison.
pub fn argon2<T>(work: impl FnOnce() -> T) -> T {
    timed(ARGON2, work)
}

/// One signature.
pub fn signing<T>(work: impl FnOnce() -> T) -> T {
    timed(SIGNING, work)
}

/// One signature for which a time-stamp was wanted, and whether there was one.
pub fn time_stamp(camara: ChamberCode, stamped: bool) {
    let resultado = if stamped { "sellado" } else { "sin_sello" };
    counter!(TIME_STAMPS, "camara" => camara.to_string(), "resultado" => resultado).increment(1);
}

/// One letter drawn.
pub fn pdf<T>(work: impl FnOnce() -> T) -> T {
    timed(PDF, work)
}

/// One SMS: the provider's name and whether it took it.
pub fn sms(provider: &'static str, result: &'static str, seconds: f64) {
    histogram!(SMS, "proveedor" => provider, "resultado" => result).record(seconds);
}

/// One request: its method and the pattern of its route, never its path.
pub fn http(method: &'static str, route: &str, status: u16, seconds: f64) {
    let route = route.to_owned();
    histogram!(HTTP, "ruta" => route.clone()).record(seconds);
    counter!(HTTP_REQUESTS, "metodo" => method, "ruta" => route, "estado" => status.to_string()).increment(1);
}

fn timed<T>(name: &'static str, work: impl FnOnce() -> T) -> T {
    let begun = Instant::now();
    let result = work();
    histogram!(name).record(begun.elapsed());
    result
}
