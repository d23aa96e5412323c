//! «Probar conexión»: walks to the chamber's mail server step by step and says where it stops. What
//! lettre does in one go is done here by hand, because each step must be seen. Nothing is ever sent:
//! after MAIL FROM comes RSET.

mod talk;
mod tls;

use std::future::Future;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use contract::diagnosis::{Step, StepFault, StepReport};
use tokio::net::TcpStream;
use zeroize::Zeroizing;

use crate::config::{Encryption, Smtp};
use talk::{Answer, Talk};

/// How long each step may take.
pub const STEP_LIMIT: Duration = Duration::from_secs(10);

/// Why a step failed, and what was seen.
struct Stop {
    fault: StepFault,
    seen: String,
}

impl Stop {
    fn new(fault: StepFault, seen: impl Into<String>) -> Self {
        Self { fault, seen: seen.into() }
    }
}

type Seen<T> = Result<(T, String), Stop>;

/// Tries the server: the steps made, the last one failed unless all went well.
pub async fn walk(smtp: &Smtp, limit: Duration) -> Vec<StepReport> {
    let mut walk = Walk { smtp, limit, steps: Vec::new() };
    // A step that fails has been written down.
    let _ = walk.go().await;
    walk.steps
}

struct Walk<'a> {
    smtp: &'a Smtp,
    limit: Duration,
    steps: Vec<StepReport>,
}

impl Walk<'_> {
    async fn go(&mut self) -> Option<()> {
        let smtp = self.smtp;
        let addresses = self.step(Step::Nombre, StepFault::TimedOut, resolve(smtp)).await?;
        let mut talk = match smtp.encryption {
            Encryption::Implicit => self.wrapped(&addresses).await?,
            Encryption::None | Encryption::StartTls => {
                let talk = self.step(Step::Conexion, StepFault::TimedOut, greet(&addresses, self.limit)).await?;
                match smtp.encryption {
                    Encryption::StartTls => self.upgrade(talk, addresses[0]).await?,
                    _ => talk,
                }
            }
        };
        if let Some((account, password)) = &smtp.account {
            let trying = authenticate(&mut talk, account, password);
            self.step(Step::Autenticacion, StepFault::TimedOut, trying).await?;
        }
        self.step(Step::Remitente, StepFault::TimedOut, sender(&mut talk, smtp)).await?;
        talk.quit().await;
        Some(())
    }

    /// TLS from the first byte: what greets comes after it, so that the connection is judged last.
    async fn wrapped(&mut self, addresses: &[SocketAddr]) -> Option<Talk> {
        let begun = Instant::now();
        let connected = within(self.limit, StepFault::TimedOut, connect(addresses, self.limit)).await;
        let stream = match connected {
            Ok(stream) => stream,
            Err(stop) => return self.note(Step::Conexion, begun, Err(stop)),
        };
        let address = stream.peer_addr().map(|address| address.to_string()).unwrap_or_default();
        let (connecting, secured) = (begun.elapsed(), Instant::now());
        let shaken = within(self.limit, StepFault::TimedOut, tls::secure(self.smtp, stream)).await;
        let securing = secured.elapsed();
        let (stream, certificate) = match shaken {
            Ok(secure) => secure,
            Err(mut stop) => {
                self.write(Step::Conexion, connecting, None, address);
                if stop.fault == StepFault::Certificate {
                    stop.seen = self.with_certificate(stop.seen, addresses[0]).await;
                }
                self.write(Step::Cifrado, securing, Some(stop.fault), stop.seen);
                return None;
            }
        };
        let greeted = Instant::now();
        match within(self.limit, StepFault::NotSmtp, Talk::begin(stream)).await {
            Ok((talk, words)) => {
                self.write(Step::Conexion, connecting + greeted.elapsed(), None, words);
                self.write(Step::Cifrado, securing, None, certificate);
                Some(talk)
            }
            Err(stop) => self.note(Step::Conexion, begun, Err(stop)),
        }
    }

    async fn upgrade(&mut self, talk: Talk, address: SocketAddr) -> Option<Talk> {
        let begun = Instant::now();
        let upgraded = within(self.limit, StepFault::TimedOut, tls::upgrade(self.smtp, talk)).await;
        let upgraded = match upgraded {
            Err(stop) if stop.fault == StepFault::Certificate => {
                Err(Stop::new(stop.fault, self.with_certificate(stop.seen, address).await))
            }
            other => other,
        };
        self.note(Step::Cifrado, begun, upgraded)
    }

    /// OpenSSL's words, and whose certificate it was: asked for in a connection of its own.
    async fn with_certificate(&self, words: String, address: SocketAddr) -> String {
        let shown = tokio::time::timeout(self.limit / 2, tls::shown(self.smtp, address)).await;
        match shown.ok().flatten() {
            Some(certificate) => format!("{words}; {certificate}"),
            None => words,
        }
    }

    async fn step<T>(&mut self, paso: Step, silence: StepFault, work: impl Future<Output = Seen<T>>) -> Option<T> {
        let begun = Instant::now();
        let result = within(self.limit, silence, work).await;
        self.note(paso, begun, result)
    }

    fn note<T>(&mut self, paso: Step, begun: Instant, result: Seen<T>) -> Option<T> {
        match result {
            Ok((value, seen)) => {
                self.write(paso, begun.elapsed(), None, seen);
                Some(value)
            }
            Err(stop) => {
                self.write(paso, begun.elapsed(), Some(stop.fault), stop.seen);
                None
            }
        }
    }

    fn write(&mut self, paso: Step, took: Duration, falla: Option<StepFault>, seen: String) {
        let milisegundos = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        self.steps.push(StepReport { paso, falla, detalle: self.without_secrets(&seen), milisegundos });
    }

    /// What was seen without addresses of persons, account or password, however a server echoes them.
    fn without_secrets(&self, seen: &str) -> String {
        let mut text = seen.to_owned();
        if let Some((account, password)) = &self.smtp.account {
            let plain = Zeroizing::new(format!("\0{account}\0{}", password.as_str()));
            let encoded = [account.as_bytes(), password.as_bytes(), plain.as_bytes()].map(|part| STANDARD.encode(part));
            let secrets = encoded.iter().map(String::as_str).chain([account.as_str(), password.as_str()]);
            for secret in secrets.filter(|secret| !secret.is_empty()) {
                text = blot_out(&text, secret);
            }
        }
        domain::sending::without_addresses(&text)
    }
}

/// Whatever the case of its letters.
fn blot_out(text: &str, secret: &str) -> String {
    let (lower, wanted) = (text.to_ascii_lowercase(), secret.to_ascii_lowercase());
    let mut kept = String::with_capacity(text.len());
    let mut from = 0;
    while let Some(at) = lower[from..].find(&wanted) {
        kept.push_str(&text[from..from + at]);
        kept.push('‹');
        kept.push('›');
        from += at + wanted.len();
    }
    kept + &text[from..]
}

async fn within<T>(
    limit: Duration,
    silence: StepFault,
    work: impl Future<Output = Result<T, Stop>>,
) -> Result<T, Stop> {
    tokio::time::timeout(limit, work).await.unwrap_or_else(|_| Err(Stop::new(silence, "")))
}

async fn resolve(smtp: &Smtp) -> Seen<Vec<SocketAddr>> {
    let found = tokio::net::lookup_host((smtp.server.as_str(), smtp.port)).await;
    let addresses: Vec<SocketAddr> =
        found.map_err(|error| Stop::new(StepFault::UnknownName, error.to_string()))?.collect();
    if addresses.is_empty() {
        return Err(Stop::new(StepFault::UnknownName, ""));
    }
    let mut shown: Vec<String> = addresses.iter().map(|address| address.ip().to_string()).collect();
    shown.dedup();
    Ok((addresses, shown.join(" ")))
}

/// The first address that takes the connection, each within its share of the time.
async fn connect(addresses: &[SocketAddr], limit: Duration) -> Result<TcpStream, Stop> {
    let share = limit / u32::try_from(addresses.len().clamp(1, 4)).unwrap_or(1);
    let mut last = Stop::new(StepFault::Refused, "");
    for address in addresses.iter().take(4) {
        match tokio::time::timeout(share, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => return Ok(stream),
            Ok(Err(error)) if error.kind() != std::io::ErrorKind::TimedOut => {
                last = Stop::new(StepFault::Refused, format!("{address}: {error}"));
            }
            _ => last = Stop::new(StepFault::TimedOut, address.to_string()),
        }
    }
    Err(last)
}

/// Connects in the clear and waits for the greeting. Where TLS is spoken from the first byte nothing
/// ever comes: then the same connection is asked for TLS, to be sure.
async fn greet(addresses: &[SocketAddr], limit: Duration) -> Seen<Talk> {
    let stream = connect(addresses, limit / 2).await?;
    let mut first = [0_u8; 1];
    match tokio::time::timeout(limit * 7 / 10, stream.peek(&mut first)).await {
        Ok(Ok(0)) | Ok(Err(_)) => Err(Stop::new(StepFault::Broken, "")),
        Ok(Ok(_)) => Talk::begin(Box::new(stream)).await,
        Err(_) => match tokio::time::timeout(limit / 5, tls::speaks_tls(stream)).await {
            Ok(true) => Err(Stop::new(StepFault::NotSmtp, "El puerto habla TLS desde el primer byte.")),
            _ => Err(Stop::new(StepFault::NotSmtp, "")),
        },
    }
}

/// PLAIN or LOGIN, as the sending itself does.
async fn authenticate(talk: &mut Talk, account: &str, password: &str) -> Seen<()> {
    let offered = talk.mechanisms();
    let has = |name: &str| offered.iter().any(|offer| offer == name);
    let answer = if has("PLAIN") {
        let plain = Zeroizing::new(format!("\0{account}\0{password}"));
        talk.ask(&Zeroizing::new(format!("AUTH PLAIN {}", STANDARD.encode(plain.as_bytes())))).await?
    } else if has("LOGIN") {
        let mut answer = talk.ask("AUTH LOGIN").await?;
        for part in [account, password] {
            if answer.code == 334 {
                answer = talk.ask(&Zeroizing::new(STANDARD.encode(part))).await?;
            }
        }
        answer
    } else {
        return Err(Stop::new(StepFault::NoMechanism, offered.join(" ")));
    };
    match answer.code {
        235 => Ok(((), answer.words())),
        530 | 538 => Err(answer.stop(StepFault::NoMechanism)),
        400..=499 => Err(answer.stop(StepFault::Throttled)),
        _ => Err(answer.stop(StepFault::WrongAccount)),
    }
}

async fn sender(talk: &mut Talk, smtp: &Smtp) -> Seen<()> {
    let answer = talk.ask(&format!("MAIL FROM:<{}>", smtp.from_address.as_str())).await?;
    let wants_account = |answer: &Answer| smtp.account.is_none() && answer.words().to_lowercase().contains("authentic");
    match answer.code {
        250..=259 => {
            talk.ask("RSET").await?;
            Ok(((), answer.words()))
        }
        530 => Err(answer.stop(StepFault::AuthenticationRequired)),
        500..=599 if wants_account(&answer) => Err(answer.stop(StepFault::AuthenticationRequired)),
        400..=499 => Err(answer.stop(StepFault::Throttled)),
        _ => Err(answer.stop(StepFault::SenderRefused)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_blotted_out_whatever_its_case_and_place() {
        assert_eq!(blot_out("user CUENTA: no such cuenta", "cuenta"), "user ‹›: no such ‹›");
        assert_eq!(blot_out("Contraseña errada", "otra"), "Contraseña errada");
    }
}
