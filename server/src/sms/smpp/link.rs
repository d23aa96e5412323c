//! The one connection to an SMSC: made when it is needed, shared by all, made again when it is lost.

use std::sync::Arc;
use std::time::{Duration, Instant};

use contract::ChamberCode;
use native_tls::TlsConnector;
use tokio::sync::Mutex;
use tokio::time::timeout;

use super::session::Session;
use super::wire;
use crate::config::SmppSms;
use crate::sms::SmsError;

/// Before the second try in a row; each further one waits twice as long. An SMSC bans who knocks too
/// often, above all with a wrong password.
const FIRST_PAUSE: Duration = Duration::from_secs(1);

/// The longest wait between two tries.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

pub(super) struct Link {
    settings: SmppSms,
    tls: Option<TlsConnector>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    session: Option<Arc<Session>>,
    down: Option<Down>,
    /// Tries in a row that gave no session that ever answered an SMS.
    failures: u32,
}

/// Why there is no session, and until when nobody tries again.
#[derive(Clone, Copy)]
struct Down {
    why: SmsError,
    until: Instant,
}

impl State {
    fn fail(&mut self, why: SmsError) {
        let pause = FIRST_PAUSE.saturating_mul(1 << self.failures.min(10)).min(LONGEST_PAUSE);
        self.failures = self.failures.saturating_add(1);
        self.down = Some(Down { why, until: Instant::now() + pause });
    }
}

impl Link {
    pub(super) fn new(settings: SmppSms, tls: Option<TlsConnector>) -> Self {
        Self { settings, tls, state: Mutex::default() }
    }

    /// The bound session. Whoever comes while it is being made waits for it instead of making another.
    pub(super) async fn session(&self, camara: ChamberCode) -> Result<Arc<Session>, SmsError> {
        let mut state = self.state.lock().await;
        if let Some(session) = state.session.take() {
            if session.is_active() {
                state.session = Some(Arc::clone(&session));
                return Ok(session);
            }
            // One that worked is made again at once; one that fell before it did anything is a failure.
            if session.has_answered() {
                state.failures = 0;
            } else {
                state.fail(SmsError::Unreachable);
            }
        }
        if let Some(down) = state.down.filter(|down| Instant::now() < down.until) {
            return Err(down.why);
        }
        let opened = timeout(self.settings.patience, self.open(camara)).await;
        match opened.unwrap_or(Err(SmsError::Unreachable)) {
            Ok(session) => {
                let session = Arc::new(session);
                state.down = None;
                state.session = Some(Arc::clone(&session));
                Ok(session)
            }
            Err(why) => {
                state.fail(why);
                Err(why)
            }
        }
    }

    async fn open(&self, camara: ChamberCode) -> Result<Session, SmsError> {
        let wire = wire::connect(&self.settings, self.tls.as_ref()).await?;
        let session = Session::bind(&self.settings, wire, camara).await?;
        tracing::info!(%camara, "SMSC bound");
        Ok(session)
    }
}
