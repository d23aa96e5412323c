//! An SMTP server that delivers to nobody: the demo's mailbox, and, with a script, every kind of
//! server that the tests need. In memory only, bounded in size and number.

mod session;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use contract::Timestamp;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

use crate::clock::Clock;

pub use domain::sending::Phase;

/// Mails kept; the oldest go first.
const KEPT: usize = 500;

/// The biggest mail taken.
const MAX_BYTES: usize = 4 * 1024 * 1024;

/// Conversations at the same time.
const MAX_CONVERSATIONS: usize = 64;

/// A mail as it came.
#[derive(Clone)]
pub struct Caught {
    /// Its number, from 1.
    pub id: u64,
    /// When it came.
    pub at: Timestamp,
    /// Envelope sender.
    pub from: String,
    /// Envelope recipients.
    pub to: Vec<String>,
    /// Headers and body.
    pub raw: Arc<[u8]>,
}

/// What was caught, shared between server and readers.
#[derive(Clone, Default)]
pub struct Store(Arc<Mutex<Kept>>);

#[derive(Default)]
struct Kept {
    mails: VecDeque<Caught>,
    count: u64,
}

impl Store {
    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Mails, newest first, at most `most`.
    #[must_use]
    pub fn newest(&self, most: usize) -> Vec<Caught> {
        self.lock().mails.iter().rev().take(most).cloned().collect()
    }

    /// One mail, while it is kept.
    #[must_use]
    pub fn get(&self, id: u64) -> Option<Caught> {
        self.lock().mails.iter().find(|mail| mail.id == id).cloned()
    }

    /// How many ever came.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.lock().count
    }

    fn add(&self, at: Timestamp, from: String, to: Vec<String>, raw: Vec<u8>) {
        let mut kept = self.lock();
        kept.count += 1;
        let id = kept.count;
        kept.mails.push_back(Caught { id, at, from, to, raw: raw.into() });
        while kept.mails.len() > KEPT {
            kept.mails.pop_front();
        }
    }
}

/// A scripted no.
#[derive(Clone)]
pub struct Refusal {
    /// Where it comes.
    pub phase: Phase,
    /// The whole reply: `550 5.1.1 No such user`.
    pub reply: String,
    /// Only for recipients that contain this.
    pub recipient: Option<String>,
    /// How often; `None`: always.
    pub times: Option<u32>,
}

/// How the server behaves. The default takes everything, in the clear, from everyone.
#[derive(Clone, Default)]
pub struct Behaviour {
    /// Account and password demanded by AUTH before MAIL.
    pub account: Option<(String, String)>,
    /// Offers STARTTLS and demands it before AUTH and MAIL.
    pub starttls: Option<native_tls::TlsAcceptor>,
    /// TLS from the first byte.
    pub implicit_tls: Option<native_tls::TlsAcceptor>,
    /// Refusals, the first that fits.
    pub refusals: Vec<Refusal>,
    /// Takes the mail, then breaks the connection instead of answering the dot.
    pub drop_after_dot: bool,
    /// Waits before it answers the dot.
    pub delay: Duration,
    /// The same two for some recipients only.
    pub quirks: Vec<Quirk>,
}

/// What happens after the dot to a mail for certain recipients.
#[derive(Clone)]
pub struct Quirk {
    /// Recipients that contain this.
    pub recipient: &'static str,
    /// Breaks the connection instead of answering.
    pub drop: bool,
    /// Waits before it answers.
    pub delay: Duration,
}

impl Behaviour {
    /// How long this mail waits for its answer, and whether it gets one.
    fn after_dot(&self, recipients: &[String]) -> (Duration, bool) {
        let meant = |quirk: &&Quirk| recipients.iter().any(|to| to.contains(quirk.recipient));
        let quirk = self.quirks.iter().find(meant);
        (quirk.map_or(self.delay, |quirk| quirk.delay), !self.drop_after_dot && quirk.is_none_or(|quirk| !quirk.drop))
    }
}

/// The script, which tests change while the server runs.
#[derive(Clone, Default)]
pub struct Script(Arc<Mutex<Behaviour>>);

impl Script {
    /// A script that begins so.
    #[must_use]
    pub fn new(behaviour: Behaviour) -> Self {
        Self(Arc::new(Mutex::new(behaviour)))
    }

    /// The demo's: addresses that say by themselves what becomes of their mails, to try every outcome.
    #[must_use]
    pub fn demo() -> Self {
        let refusal = |recipient: &str, reply: &str, times| Refusal {
            phase: Phase::RcptTo,
            reply: reply.to_owned(),
            recipient: Some(recipient.to_owned()),
            times,
        };
        Self::new(Behaviour {
            refusals: vec![
                refusal("+rechazado@", "550 5.1.1 User unknown", None),
                refusal("+rechazadouna@", "550 5.1.1 User unknown", Some(1)),
                refusal("+despues@", "451 4.3.0 Try again later", None),
            ],
            quirks: vec![
                Quirk { recipient: "+incierto@", drop: true, delay: Duration::ZERO },
                Quirk { recipient: "+lento@", drop: false, delay: Duration::from_secs(2) },
            ],
            ..Behaviour::default()
        })
    }

    /// Changes it for every conversation from its next command on.
    pub fn change(&self, change: impl FnOnce(&mut Behaviour)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }

    fn read(&self) -> Behaviour {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The refusal that fits here, counted down.
    fn refuse(&self, phase: Phase, recipients: &[String]) -> Option<String> {
        let mut behaviour = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let refusal = behaviour.refusals.iter_mut().find(|refusal| {
            let meant = refusal.recipient.as_ref().is_none_or(|part| recipients.iter().any(|to| to.contains(part)));
            refusal.phase == phase && meant && refusal.times != Some(0)
        })?;
        refusal.times = refusal.times.map(|times| times - 1);
        Some(refusal.reply.clone())
    }
}

/// Serves until the task is dropped.
pub async fn serve(listener: TcpListener, store: Store, clock: Clock, script: Script) {
    let conversations = Arc::new(Semaphore::new(MAX_CONVERSATIONS));
    loop {
        let Ok(permit) = conversations.clone().acquire_owned().await else { return };
        let Ok((stream, _)) = listener.accept().await else { continue };
        let session = session::Session::new(store.clone(), clock.clone(), script.clone());
        tokio::spawn(async move {
            let _permit = permit;
            // A conversation that breaks is the client's affair.
            let _ = session.run(stream).await;
        });
    }
}
