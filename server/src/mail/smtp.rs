//! The conversation with the chamber's mail server, phase by phase: what may be repeated and what
//! may not depends on where it broke (see the design of sending). lettre's connection is used below
//! its `send`, which hides the phases.

use std::fmt::Display;
use std::future::Future;
use std::time::{Duration, Instant};

use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::ClientId;

use super::Envelope;
use crate::config::{Encryption, Smtp};

pub use domain::sending::{Phase, Reply};

/// How long each phase may take (RFC 5321 §4.5.3.2).
#[derive(Clone, Copy, Debug)]
pub struct TimeOuts {
    /// TCP and TLS.
    pub connect: Duration,
    /// Each command up to DATA's 354.
    pub command: Duration,
    /// The body and the reply to its dot: a shorter wait makes duplicates (§4.5.3.2.6).
    pub body: Duration,
}

impl Default for TimeOuts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(30),
            command: Duration::from_secs(5 * 60),
            body: Duration::from_secs(10 * 60),
        }
    }
}

/// How a phase failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SmtpFault {
    /// No connection: name, port or network.
    #[error("the mail server cannot be reached")]
    Unreachable,
    /// TLS: not offered, or the certificate is not trusted.
    #[error("TLS with the mail server failed")]
    Tls,
    /// The server offers no way to authenticate that we know.
    #[error("the mail server offers no known authentication")]
    NoMechanism,
    /// The server answered no.
    #[error("the mail server refused at {phase:?} with {}", .reply.code)]
    Refused {
        /// Where.
        phase: Phase,
        /// With which words.
        reply: Reply,
    },
    /// The connection broke or time ran out.
    #[error("the connection broke at {phase:?}")]
    Broken {
        /// Where.
        phase: Phase,
    },
}

/// An open conversation: greeted, encrypted and authenticated as configured.
pub struct Connection {
    inner: AsyncSmtpConnection,
    time_outs: TimeOuts,
    /// Mails handed over in this conversation.
    pub sent: u32,
    /// How long each phase took, until somebody asks.
    timings: Vec<(Phase, Duration)>,
}

impl Connection {
    /// Connects, encrypts and authenticates.
    ///
    /// # Errors
    /// With the phase that failed.
    pub async fn open(smtp: &Smtp, time_outs: TimeOuts) -> Result<Self, SmtpFault> {
        let began = Instant::now();
        let name = ClientId::default();
        let tls = match smtp.encryption {
            Encryption::None => None,
            Encryption::StartTls | Encryption::Implicit => Some(tls_parameters(smtp)?),
        };
        let implicit = tls.clone().filter(|_| smtp.encryption == Encryption::Implicit);
        let server = (smtp.server.as_str(), smtp.port);
        let connecting = AsyncSmtpConnection::connect_tokio1(server, Some(time_outs.connect), &name, implicit, None);
        let greeted = tokio::time::timeout(time_outs.connect * 2, connecting).await;
        let mut inner = greeted.map_err(|_| SmtpFault::Unreachable)?.map_err(|error| connect_fault(&error))?;

        if let Some(tls) = tls.filter(|_| smtp.encryption == Encryption::StartTls) {
            let upgraded = tokio::time::timeout(time_outs.connect * 2, inner.starttls(tls, &name)).await;
            upgraded.map_err(|_| SmtpFault::Tls)?.map_err(|_| SmtpFault::Tls)?;
        }
        let timings = vec![(Phase::Greeting, began.elapsed())];
        let mut connection = Self { inner, time_outs, sent: 0, timings };
        if let Some((account, password)) = &smtp.account {
            connection.authenticate(account, password).await?;
        }
        Ok(connection)
    }

    async fn authenticate(&mut self, account: &str, password: &str) -> Result<(), SmtpFault> {
        let credentials = Credentials::new(account.to_owned(), password.to_owned());
        let began = Instant::now();
        let answer = self.inner.auth(&[Mechanism::Plain, Mechanism::Login], &credentials);
        let answered = tokio::time::timeout(self.time_outs.command, answer).await;
        self.timings.push((Phase::Auth, began.elapsed()));
        match answered {
            Ok(Err(error)) if error.is_client() => Err(SmtpFault::NoMechanism),
            answered => outcome(Phase::Auth, answered).map(|_| ()),
        }
    }

    /// MAIL, RCPT and DATA up to the server's 354. Nothing of the mail has left so far: dropping the
    /// connection now is as if nothing had been.
    ///
    /// # Errors
    /// With the phase that failed.
    pub async fn begin(&mut self, envelope: &Envelope) -> Result<(), SmtpFault> {
        self.ask(Phase::MailFrom, Mail::new(Some(envelope.from.clone()), vec![])).await?;
        self.ask(Phase::RcptTo, Rcpt::new(envelope.to.clone(), vec![])).await?;
        let reply = self.ask(Phase::Data, Data).await?;
        if reply.code == 354 { Ok(()) } else { Err(SmtpFault::Refused { phase: Phase::Data, reply }) }
    }

    /// The body, its dot, and the server's reply.
    ///
    /// # Errors
    /// [`SmtpFault::Refused`] is a definite no; anything else leaves open whether the mail was taken.
    pub async fn finish(&mut self, message: &[u8]) -> Result<Reply, SmtpFault> {
        self.sent += 1;
        let began = Instant::now();
        let reply = timed(Phase::Body, self.time_outs.body, self.inner.message(message)).await;
        self.timings.push((Phase::Body, began.elapsed()));
        reply
    }

    async fn ask<C: Display>(&mut self, phase: Phase, command: C) -> Result<Reply, SmtpFault> {
        let began = Instant::now();
        let reply = timed(phase, self.time_outs.command, self.inner.command(command)).await;
        self.timings.push((phase, began.elapsed()));
        reply
    }

    /// How long each phase took since this was asked last.
    pub fn take_timings(&mut self) -> Vec<(Phase, Duration)> {
        std::mem::take(&mut self.timings)
    }

    /// Whether the server still answers and takes another mail in this conversation.
    pub async fn reset(&mut self) -> bool {
        let reset = lettre::transport::smtp::commands::Rset;
        timed(Phase::MailFrom, Duration::from_secs(30), self.inner.command(reset)).await.is_ok()
    }

    /// Says good-bye; how it is answered matters to nobody.
    pub async fn quit(mut self) {
        let _ = tokio::time::timeout(Duration::from_secs(5), self.inner.quit()).await;
    }
}

async fn timed(
    phase: Phase,
    limit: Duration,
    answer: impl Future<Output = Result<lettre::transport::smtp::response::Response, Error>>,
) -> Result<Reply, SmtpFault> {
    outcome(phase, tokio::time::timeout(limit, answer).await)
}

type Answered = Result<Result<lettre::transport::smtp::response::Response, Error>, tokio::time::error::Elapsed>;

fn outcome(phase: Phase, answered: Answered) -> Result<Reply, SmtpFault> {
    match answered {
        Err(_) => Err(SmtpFault::Broken { phase }),
        Ok(Ok(response)) => {
            let text = response.message().collect::<Vec<_>>().join(" ");
            Ok(Reply::new(u16::from(response.code()), &text))
        }
        Ok(Err(error)) => {
            Err(negative(&error).map_or(SmtpFault::Broken { phase }, |reply| SmtpFault::Refused { phase, reply }))
        }
    }
}

/// The reply inside an error, when it is one.
fn negative(error: &Error) -> Option<Reply> {
    let code = u16::from(error.status()?);
    let text = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
    Some(Reply::new(code, &text))
}

/// lettre calls both a refused socket and a refused certificate a connection error: the second has one
/// of TLS among its causes.
fn connect_fault(error: &Error) -> SmtpFault {
    if let Some(reply) = negative(error) {
        return SmtpFault::Refused { phase: Phase::Greeting, reply };
    }
    let first = std::error::Error::source(error);
    let mut causes = std::iter::successors(first, |cause| cause.source());
    if error.is_tls() || causes.any(|cause| cause.is::<native_tls::Error>()) {
        return SmtpFault::Tls;
    }
    SmtpFault::Unreachable
}

fn tls_parameters(smtp: &Smtp) -> Result<TlsParameters, SmtpFault> {
    let mut builder = TlsParameters::builder(smtp.server.clone());
    if let Some(path) = &smtp.extra_ca {
        let pem = std::fs::read(path).map_err(|_| SmtpFault::Tls)?;
        builder = builder.add_root_certificate(Certificate::from_pem(&pem).map_err(|_| SmtpFault::Tls)?);
    }
    builder.build_native().map_err(|_| SmtpFault::Tls)
}
