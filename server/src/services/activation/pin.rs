//! The second screen: a PIN goes out, comes back, and makes a verified user.

use std::sync::Arc;
use std::time::Duration;

use contract::activation::{Draft, Notice};
use contract::{ColombianMobile, Email, ServiceResult};
use domain::activation::{PendingPin, Transaction};
use domain::pin::{IssuedPin, Pin, PinCheck, Purpose, pin_message};
use entity::claves_preasignadas;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};
use subtle::ConstantTimeEq;

use super::candidate::Match;
use super::settle::{self, Activated, Claim};
use super::store::Saved;
use super::{ACTOR, ActivationDesk};
use crate::services::audit::{Action, record};
use crate::services::fault::unexpected;
use crate::services::limits::Subject;
use crate::services::sms::{self, Delivery};

/// How long the final page waits for the confirmation to be mailed.
const NOTIFY_TIMEOUT: Duration = Duration::from_secs(15);

/// A PIN on its way out.
struct Outgoing {
    pin: Pin,
    mac: String,
    to: ColombianMobile,
    sms_id: i64,
    password_id: i64,
    resent: bool,
}

impl ActivationDesk {
    /// Right credentials: a PIN is drawn, remembered by its digest, and sent.
    pub(super) async fn start_pin(&self, identity: &Subject, found: Match, draft: Draft) -> ServiceResult<()> {
        let now = self.now();
        let policy = self.pin_policy();
        let txn = self.begin().await?;
        let mut saved = self.store.lock(&txn, now).await?;
        self.forgive(&txn, identity).await?;
        if let Transaction::Pin(pending) = &saved.state
            && (pending.password_id, pending.generation) == (found.row.id, found.row.generacion)
            && pending.mobile == found.mobile
            && pending.pin.sent_at.is_some_and(|at| now < at.plus_seconds(policy.resend_after))
            && now < saved.expires
        {
            // A double click, or the first screen sent again: the PIN just sent still stands.
            return txn.commit().await.map_err(unexpected);
        }
        saved.renew(now);
        let Some(sms_id) = self.reserve_sms(&txn, &found.row, &found.mobile).await? else {
            saved.reopen(Notice::SmsLimit, draft);
            return self.finish(txn, &saved).await;
        };
        let (pin, issued) = self.draw(saved.id);
        let outgoing = self.outgoing(pin, &issued, found.mobile.clone(), sms_id, found.row.id, false);
        let pending = PendingPin {
            password_id: found.row.id,
            generation: found.row.generacion,
            email: found.email,
            mobile: found.mobile,
            pin: issued,
            resends: 0,
        };
        saved.move_to(Transaction::Pin(pending), None);
        self.finish(txn, &saved).await?;
        self.deliver(outgoing).await
    }

    pub(super) async fn resend_pin(&self) -> ServiceResult<()> {
        let now = self.now();
        let txn = self.begin().await?;
        let mut saved = self.store.lock(&txn, now).await?;
        let Some(mut pending) = self.pending(&mut saved) else { return self.finish(txn, &saved).await };
        let allowed = pending.resend_from(&self.pin_policy());
        if allowed.is_none_or(|from| now < from) {
            saved.notice = allowed.is_none().then_some(Notice::SmsLimit);
            return self.finish(txn, &saved).await;
        }
        let Some(row) = self.row(&txn, &pending).await? else {
            saved.reopen(Notice::Gone, Draft::default());
            return self.finish(txn, &saved).await;
        };
        let Some(sms_id) = self.reserve_sms(&txn, &row, &pending.mobile).await? else {
            saved.notice = Some(Notice::SmsLimit);
            return self.finish(txn, &saved).await;
        };
        let (pin, issued) = self.draw(saved.id);
        let outgoing = self.outgoing(pin, &issued, pending.mobile.clone(), sms_id, row.id, true);
        // A PIN that never left does not count as one of the transaction's.
        pending.resends += i64::from(pending.pin.sent_at.is_some());
        pending.pin = issued;
        saved.move_to(Transaction::Pin(pending), None);
        self.finish(txn, &saved).await?;
        self.deliver(outgoing).await
    }

    /// «Activar». The tries are counted in the same transaction that judges them.
    pub(super) async fn confirm_pin(&self, typed: &str) -> ServiceResult<()> {
        let now = self.now();
        let txn = self.begin().await?;
        let mut saved = self.store.lock(&txn, now).await?;
        let Some(mut pending) = self.pending(&mut saved) else { return self.finish(txn, &saved).await };
        let Some(pin) = Pin::parse(typed) else {
            saved.notice = Some(Notice::PinForm);
            return self.finish(txn, &saved).await;
        };
        let mac = self.mac(saved.id, &pin);
        let matches = pending.pin.mac.as_ref().is_some_and(|sent| bool::from(sent.as_bytes().ct_eq(mac.as_bytes())));
        let mut activated = None;
        match pending.pin.check(matches, &self.pin_policy(), now) {
            PinCheck::Expired => saved.notice = Some(Notice::PinExpired),
            PinCheck::Correct => {
                let claim = self.claim_of(&pending);
                activated = self.settle(&txn, &mut saved, claim, &pending.email, &pending.mobile).await?;
            }
            PinCheck::Wrong { remaining } => {
                self.audit(&txn, Action::PinErrado, format!("clave={}", pending.password_id)).await?;
                pending.pin.failures += 1;
                saved.move_to(Transaction::Pin(pending), Some(Notice::WrongPin { restantes: remaining }));
            }
            PinCheck::Voided => {
                if pending.pin.mac.take().is_some() {
                    self.audit(&txn, Action::PinErrado, format!("clave={} anulado=si", pending.password_id)).await?;
                }
                saved.move_to(Transaction::Pin(pending), Some(Notice::PinVoided));
            }
        }
        self.finish(txn, &saved).await?;
        self.confirm_by_mail(activated).await
    }

    /// Activates the password, or says that it is no longer what was compared.
    pub(super) async fn settle(
        &self,
        txn: &DatabaseTransaction,
        saved: &mut Saved,
        claim: Claim,
        email: &Email,
        mobile: &ColombianMobile,
    ) -> ServiceResult<Option<Activated>> {
        let activated = settle::activate(txn, claim, email, mobile, self.now()).await?;
        match &activated {
            None => saved.reopen_unless_done(Notice::Gone, Draft::default()),
            Some(user) => {
                let test = if user.es_prueba { " prueba=si" } else { "" };
                self.audit(txn, Action::Activacion, format!("clave={}{test}", user.password_id)).await?;
                saved.move_to(Transaction::Done, None);
            }
        }
        Ok(activated)
    }

    /// Mails the confirmation. It goes on even if the browser hangs up, and a failure is only
    /// written down: the activation stands.
    pub(super) async fn confirm_by_mail(&self, activated: Option<Activated>) -> ServiceResult<()> {
        let Some(user) = activated else { return Ok(()) };
        let (tools, chamber, now) = (Arc::clone(&self.tools), Arc::clone(&self.chamber), self.now());
        let mailing = tokio::spawn(async move {
            let mail = tools.notifier.activated(&chamber, &user.email, &user.name, now, user.user_id);
            let cause = match tokio::time::timeout(NOTIFY_TIMEOUT, mail).await {
                Ok(Ok(())) => return Ok(()),
                Ok(Err(error)) => error.to_string(),
                Err(_) => "no answer in time".to_owned(),
            };
            tracing::warn!(camara = %chamber.code, clave = user.password_id, %cause, "confirmation not mailed");
            let txn = tools.db.write().await?;
            let detail = format!("clave={}", user.password_id);
            record(&txn, chamber.code, tools.clock.now(), ACTOR, Action::ConfirmacionNoEnviada, detail).await?;
            txn.commit().await
        });
        match mailing.await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => drop(unexpected(error)),
            Err(error) => drop(unexpected(error)),
        }
        Ok(())
    }

    /// The PIN under way. Otherwise the transaction is left as it is, or told that its time is over.
    fn pending(&self, saved: &mut Saved) -> Option<PendingPin> {
        let now = self.now();
        match &saved.state {
            Transaction::Pin(pending) if now < saved.expires => Some(pending.clone()),
            Transaction::Pin(_) => {
                saved.renew(now);
                saved.reopen(Notice::TransactionExpired, Draft::default());
                None
            }
            // A cookie that nobody knows (any more) came with a PIN.
            Transaction::Form if saved.notice.is_none() => {
                saved.reopen(Notice::TransactionExpired, Draft::default());
                None
            }
            _ => None,
        }
    }

    fn claim_of(&self, pending: &PendingPin) -> Claim {
        Claim { camara: self.camara(), password_id: pending.password_id, generation: pending.generation }
    }

    /// The row for which the PIN goes out, while it still is the one compared.
    async fn row(
        &self,
        txn: &DatabaseTransaction,
        pending: &PendingPin,
    ) -> ServiceResult<Option<claves_preasignadas::Model>> {
        claves_preasignadas::Entity::find_by_id(pending.password_id)
            .filter(claves_preasignadas::Column::Camara.eq(self.camara().as_str()))
            .filter(claves_preasignadas::Column::Generacion.eq(pending.generation))
            .filter(claves_preasignadas::Column::Estado.is_in(super::candidate::ACTIVATABLE))
            .one(txn)
            .await
            .map_err(unexpected)
    }

    async fn reserve_sms(
        &self,
        txn: &DatabaseTransaction,
        row: &claves_preasignadas::Model,
        to: &ColombianMobile,
    ) -> ServiceResult<Option<i64>> {
        let (mac, camara) = (&self.tools.mac, self.camara());
        let identity = (!row.es_prueba).then_some(row.identificacion.as_str());
        let payer = sms::payer(mac, camara, identity, to);
        sms::reserve(txn, mac, camara, &self.chamber.limits, &payer, to, self.now()).await
    }

    /// A new PIN and what is remembered of it.
    fn draw(&self, transaction_id: i64) -> (Pin, IssuedPin) {
        let pin = Pin::generate(&mut rand::rng());
        let now = self.now();
        let mac = Some(self.mac(transaction_id, &pin));
        let expires = now.plus_seconds(self.pin_policy().lifetime);
        (pin, IssuedPin { mac, expires, failures: 0, sent_at: Some(now) })
    }

    /// Bound to the transaction: the same digits mean nothing in another one.
    fn mac(&self, transaction_id: i64, pin: &Pin) -> String {
        let camara = self.camara();
        let parts = [camara.as_str().as_bytes(), &transaction_id.to_be_bytes()[..], pin.expose().as_bytes()];
        self.tools.mac.mac_hex("activation-pin-v1", &parts)
    }

    fn outgoing(
        &self,
        pin: Pin,
        issued: &IssuedPin,
        to: ColombianMobile,
        sms_id: i64,
        password_id: i64,
        resent: bool,
    ) -> Outgoing {
        Outgoing { pin, mac: issued.mac.clone().unwrap_or_default(), to, sms_id, password_id, resent }
    }

    /// Hands the SMS to the provider in a task of its own: a browser that hangs up loses neither the
    /// PIN nor its entry.
    async fn deliver(&self, outgoing: Outgoing) -> ServiceResult<()> {
        let desk = self.clone();
        tokio::spawn(async move { desk.hand_over(outgoing).await }).await.map_err(unexpected)?
    }

    /// Outside any database transaction; then what came of it is written down. After a failure the
    /// transaction stays and another PIN may be asked for at once.
    async fn hand_over(&self, outgoing: Outgoing) -> ServiceResult<()> {
        let minutes = self.chamber.limits.pin_minutes;
        let host = &self.tools.public_host;
        let text = pin_message(Purpose::Activate, &outgoing.pin, &self.chamber.nombre, host, minutes);
        let handover = sms::hand_over(self.sms.as_ref(), self.camara(), &outgoing.to, &text).await;
        let txn = self.begin().await?;
        let mut saved = self.store.lock(&txn, self.now()).await?;
        sms::settle(&txn, outgoing.sms_id, &handover).await?;
        let handed = handover.delivery == Delivery::Handed;
        let action = if handed { Action::PinEnviado } else { Action::SmsFallido };
        self.audit(&txn, action, format!("clave={} sms={}", outgoing.password_id, outgoing.sms_id)).await?;
        if let Transaction::Pin(pending) = &mut saved.state
            && pending.pin.mac.as_ref() == Some(&outgoing.mac)
        {
            if !handed {
                pending.pin.sent_at = None;
            }
            saved.notice = match (handed, outgoing.resent) {
                (true, true) => Some(Notice::PinSent),
                (true, false) => None,
                (false, _) => Some(Notice::SmsFailed),
            };
        }
        self.finish(txn, &saved).await
    }
}
