//! What each action makes of a transaction. A finished one is left by beginning again only: whatever
//! else its browser still sends (a double click, a second tab) changes nothing.

use contract::Timestamp;
use contract::activation::{Draft, Notice};

use super::transaction::{Activation, ActivationPolicy, PendingPin, Proven, Transaction};
use crate::pin::{IssuedPin, PinCheck};

/// What is to be done after the merchant has shown who he is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// He first chooses a password of his own.
    Choose,
    /// The pre-assigned password is activated.
    Settle(Proven),
}

/// What «Reenviar PIN» comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resend {
    /// Nothing is sent; the transaction says why, or stands as it did.
    No,
    /// Another PIN may go out.
    To(Proven),
}

/// What a typed PIN comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tried {
    /// Nothing was judged; the transaction says why, or stands as it did.
    Unjudged,
    /// It was wrong.
    Wrong {
        /// The password whose PIN was tried.
        password_id: i64,
        /// Whether this very try voided it.
        voided: bool,
    },
    /// It was right.
    Right(Next),
}

impl Activation {
    /// The form again, with a notice.
    pub fn reopen(&mut self, notice: Notice, draft: Draft, policy: &ActivationPolicy, now: Timestamp) {
        if self.state == Transaction::Done {
            return;
        }
        self.renew(policy, now);
        (self.state, self.notice, self.draft) = (Transaction::Form, Some(notice), draft);
    }

    /// «No aceptar y abandonar».
    pub fn leave(&mut self, policy: &ActivationPolicy, now: Timestamp) {
        if self.state != Transaction::Done {
            self.renew(policy, now);
            self.move_to(Transaction::Left, None);
        }
    }

    /// «Abandonar»; gives the password whose request this was.
    pub fn abandon(&mut self, policy: &ActivationPolicy, now: Timestamp) -> Option<i64> {
        let password_id = match &self.state {
            Transaction::Done => return None,
            Transaction::Pin(pending) => Some(pending.proven.password_id),
            Transaction::OwnPassword(proven) => Some(proven.password_id),
            _ => None,
        };
        self.renew(policy, now);
        self.move_to(Transaction::Abandoned, None);
        password_id
    }

    /// Whether a PIN just sent for the very same still stands: a double click, or the first screen
    /// sent again.
    #[must_use]
    pub fn has_sent(&self, proven: &Proven, policy: &ActivationPolicy, now: Timestamp) -> bool {
        let Transaction::Pin(pending) = &self.state else { return false };
        let fresh = pending.pin.sent_at.is_some_and(|at| now < at.plus_seconds(policy.pin.resend_after));
        pending.proven == *proven && fresh && now < self.expires
    }

    /// The four fields were right: this PIN goes out.
    pub fn await_pin(&mut self, proven: Proven, pin: IssuedPin, policy: &ActivationPolicy, now: Timestamp) {
        if self.state != Transaction::Done {
            self.renew(policy, now);
            self.move_to(Transaction::Pin(PendingPin { proven, pin, resends: 0 }), None);
        }
    }

    /// The four fields were right and no PIN is asked for (SOLO CLAVE).
    pub fn prove(&mut self, proven: Proven, policy: &ActivationPolicy, now: Timestamp) -> Option<Next> {
        if self.state == Transaction::Done {
            return None;
        }
        self.renew(policy, now);
        Some(self.proceed(proven, policy))
    }

    /// «Reenviar PIN».
    pub fn ask_again(&mut self, policy: &ActivationPolicy, now: Timestamp) -> Resend {
        let Some(pending) = self.pending(policy, now) else { return Resend::No };
        match pending.resend_from(&policy.pin) {
            Some(from) if now >= from => Resend::To(pending.proven),
            allowed => {
                self.notice = allowed.is_none().then_some(Notice::SmsLimit);
                Resend::No
            }
        }
    }

    /// Another PIN takes the last one's place. One that never left does not count as asked for.
    pub fn replace_pin(&mut self, pin: IssuedPin) {
        if let Transaction::Pin(pending) = &mut self.state {
            pending.resends += i64::from(pending.pin.sent_at.is_some());
            pending.pin = pin;
            self.notice = None;
        }
    }

    /// What became of the SMS with the PIN of this digest, asked for by «Reenviar» or not; another PIN's
    /// fate changes nothing.
    pub fn delivered(&mut self, digest: &str, handed: bool, resent: bool) {
        let Transaction::Pin(pending) = &mut self.state else { return };
        if pending.pin.mac.as_deref() != Some(digest) {
            return;
        }
        if !handed {
            pending.pin.sent_at = None;
        }
        self.notice = match (handed, resent) {
            (false, _) => Some(Notice::SmsFailed),
            (true, true) => Some(Notice::PinSent),
            (true, false) => None,
        };
    }

    /// «Activar»: judges a typed PIN, of which `matches` says whether its digest is the one of the PIN
    /// sent; `None` when what was typed is no PIN.
    pub fn try_pin(
        &mut self,
        matches: Option<impl FnOnce(&str) -> bool>,
        policy: &ActivationPolicy,
        now: Timestamp,
    ) -> Tried {
        let Some(mut pending) = self.pending(policy, now) else { return Tried::Unjudged };
        let Some(matches) = matches else {
            self.notice = Some(Notice::PinForm);
            return Tried::Unjudged;
        };
        let same = pending.pin.mac.as_deref().is_some_and(matches);
        let password_id = pending.proven.password_id;
        match pending.pin.check(same, &policy.pin, now) {
            PinCheck::Correct => Tried::Right(self.proceed(pending.proven, policy)),
            PinCheck::Expired => {
                self.notice = Some(Notice::PinExpired);
                Tried::Unjudged
            }
            PinCheck::Wrong { remaining } => {
                pending.pin.failures += 1;
                self.move_to(Transaction::Pin(pending), Some(Notice::WrongPin { restantes: remaining }));
                Tried::Wrong { password_id, voided: false }
            }
            PinCheck::Voided => {
                let voided = pending.pin.mac.take().is_some();
                self.move_to(Transaction::Pin(pending), Some(Notice::PinVoided));
                if voided { Tried::Wrong { password_id, voided } } else { Tried::Unjudged }
            }
        }
    }

    /// The password of his own that is awaited; otherwise the transaction says that its time is over.
    pub fn choosing(&mut self, policy: &ActivationPolicy, now: Timestamp) -> Option<Proven> {
        match &self.state {
            Transaction::OwnPassword(proven) if now < self.expires => Some(proven.clone()),
            Transaction::Done | Transaction::Left | Transaction::Abandoned => None,
            _ => {
                self.reopen(Notice::TransactionExpired, Draft::default(), policy, now);
                None
            }
        }
    }

    /// The password was activated, or was no longer what had been compared.
    pub fn settled(&mut self, activated: bool, policy: &ActivationPolicy, now: Timestamp) {
        if activated {
            self.move_to(Transaction::Done, None);
        } else {
            self.reopen(Notice::Gone, Draft::default(), policy, now);
        }
    }

    fn proceed(&mut self, proven: Proven, policy: &ActivationPolicy) -> Next {
        if !policy.own_password {
            return Next::Settle(proven);
        }
        self.move_to(Transaction::OwnPassword(proven), None);
        Next::Choose
    }

    /// The PIN under way. Otherwise the transaction is left as it is, or told that its time is over.
    fn pending(&mut self, policy: &ActivationPolicy, now: Timestamp) -> Option<PendingPin> {
        match &self.state {
            Transaction::Pin(pending) if now < self.expires => return Some(pending.clone()),
            // A cookie that nobody knows (any more) came with a PIN.
            Transaction::Form if self.notice.is_some() => return None,
            Transaction::Pin(_) | Transaction::Form => {}
            Transaction::OwnPassword(_) if now >= self.expires => {}
            _ => return None,
        }
        self.reopen(Notice::TransactionExpired, Draft::default(), policy, now);
        None
    }

    /// To a state without a form, nothing of what was typed kept.
    fn move_to(&mut self, state: Transaction, notice: Option<Notice>) {
        (self.state, self.notice, self.draft) = (state, notice, Draft::default());
    }

    fn renew(&mut self, policy: &ActivationPolicy, now: Timestamp) {
        self.expires = now.plus_seconds(policy.lifetime);
    }
}
