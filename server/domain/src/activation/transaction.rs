//! Where one merchant's transaction stands. Each state owns what only it has.

use contract::activation::{Draft, Notice, Step};
use contract::{ColombianMobile, Email, Timestamp};

use crate::pin::{IssuedPin, PinPolicy};

/// The chamber's figures for a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ActivationPolicy {
    /// Seconds it lives from the last «Aceptar».
    pub lifetime: i64,
    /// What its PINs are worth.
    pub pin: PinPolicy,
    /// Whether the merchant must choose a password of his own before he is verified.
    pub own_password: bool,
}

/// One merchant's way through the screens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Activation {
    /// Where it stands.
    pub state: Transaction,
    /// What the merchant is told about his last action.
    pub notice: Option<Notice>,
    /// What was typed and may be shown again.
    pub draft: Draft,
    /// When it ends by itself.
    pub expires: Timestamp,
}

/// The state of one activation transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Transaction {
    /// The four fields are being filled in.
    Form,
    /// They were right; a PIN is under way.
    Pin(PendingPin),
    /// The PIN was right as well; a password of the merchant's own is awaited.
    OwnPassword(Proven),
    /// Verified.
    Done,
    /// «No aceptar y abandonar».
    Left,
    /// «Abandonar» after the form.
    Abandoned,
}

/// The pre-assigned password whose four fields were right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proven {
    /// Its row.
    pub password_id: i64,
    /// Its generation: a password made anew meanwhile has another one.
    pub generation: i64,
    /// Where the confirmation is mailed.
    pub email: Email,
    /// Where the PIN is sent.
    pub mobile: ColombianMobile,
}

/// Right credentials that wait for their PIN.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingPin {
    /// What they prove.
    pub proven: Proven,
    /// The last PIN.
    pub pin: IssuedPin,
    /// PINs asked for after the first.
    pub resends: i64,
}

impl PendingPin {
    /// From when another PIN may be asked for; `None` when no more are allowed. After a failed
    /// delivery that is at once.
    #[must_use]
    pub fn resend_from(&self, policy: &PinPolicy) -> Option<Timestamp> {
        let waited = self.pin.sent_at.map_or(Timestamp(0), |at| at.plus_seconds(policy.resend_after));
        (self.resends < policy.resends || self.pin.sent_at.is_none()).then_some(waited)
    }
}

impl Activation {
    /// Four empty fields.
    #[must_use]
    pub fn fresh(policy: &ActivationPolicy, now: Timestamp) -> Self {
        let expires = now.plus_seconds(policy.lifetime);
        Self { state: Transaction::Form, notice: None, draft: Draft::default(), expires }
    }

    /// The step a page shows, and what it tells.
    #[must_use]
    pub fn view(self, policy: &ActivationPolicy, now: Timestamp) -> (Step, Option<Notice>) {
        if now >= self.expires {
            let lost = self.waits() || self.draft != Draft::default();
            return (Step::Form { borrador: Draft::default() }, lost.then_some(Notice::TransactionExpired));
        }
        let step = match self.state {
            Transaction::Form => Step::Form { borrador: self.draft },
            Transaction::Pin(pending) => Step::Pin {
                celular: pending.proven.mobile.masked(),
                vence_en: pending.pin.expires,
                reenvio_desde: pending.resend_from(&policy.pin),
            },
            Transaction::OwnPassword(_) => Step::OwnPassword,
            Transaction::Done => Step::Done,
            Transaction::Left => Step::Left,
            Transaction::Abandoned => Step::Abandoned,
        };
        let over = |notice: &Notice| matches!(notice, Notice::Wait { hasta } if *hasta <= now);
        (step, self.notice.filter(|notice| !over(notice)))
    }

    /// Whether it waits for something that only its own browser can bring.
    pub(super) const fn waits(&self) -> bool {
        matches!(self.state, Transaction::Pin(_) | Transaction::OwnPassword(_))
    }
}
