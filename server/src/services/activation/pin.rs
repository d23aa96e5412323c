//! The second screen: a PIN goes out, comes back, and makes a verified user.

use contract::activation::{Draft, Notice};
use contract::{ColombianMobile, ServiceResult};
use domain::activation::{Next, Proven, Resend, Tried};
use domain::pin::{IssuedPin, Pin, Purpose, pin_message};
use entity::claves_preasignadas;
use sea_orm::DatabaseTransaction;
use subtle::ConstantTimeEq;

use super::ActivationDesk;
use super::candidate::Match;
use super::settle::{self, Activated};
use super::store::Saved;
use crate::services::audit::Action;
use crate::services::evidence::{Kept, Witness};
use crate::services::fault::unexpected;
use crate::services::limits::Subject;
use crate::services::sms::{self, Delivery};

/// A PIN on its way out.
struct Outgoing {
    pin: Pin,
    digest: String,
    to: ColombianMobile,
    sms_id: i64,
    password_id: i64,
    resent: bool,
}

impl ActivationDesk {
    /// Right credentials: a PIN is drawn, remembered by its digest, and sent.
    pub(super) async fn start_pin(&self, identity: &Subject, found: Match, draft: Draft) -> ServiceResult<()> {
        let (now, policy, proven) = (self.now(), self.policy(), found.proven());
        let txn = self.begin().await?;
        let mut saved = self.store.lock(&txn, now).await?;
        self.forgive(&txn, identity).await?;
        if saved.activation.has_sent(&proven, &policy, now) {
            return txn.commit().await.map_err(unexpected);
        }
        let Some(sms_id) = self.reserve_sms(&txn, &found.row, &found.mobile).await? else {
            saved.activation.reopen(Notice::SmsLimit, draft, &policy, now);
            return self.finish(txn, &saved).await;
        };
        let (outgoing, issued) = self.draw(saved.id, &proven, sms_id, false);
        saved.activation.await_pin(proven, issued, &policy, now);
        self.store.accepted(&txn, saved.id, &self.origin, now).await?;
        self.finish(txn, &saved).await?;
        self.deliver(outgoing).await
    }

    pub(super) async fn resend_pin(&self) -> ServiceResult<()> {
        let (now, policy, txn) = (self.now(), self.policy(), self.begin().await?);
        let mut saved = self.store.lock(&txn, now).await?;
        let Resend::To(proven) = saved.activation.ask_again(&policy, now) else {
            return self.finish(txn, &saved).await;
        };
        let Some(row) = settle::lock(&txn, self.camara(), &proven).await? else {
            saved.activation.settled(false, &policy, now);
            return self.finish(txn, &saved).await;
        };
        let Some(sms_id) = self.reserve_sms(&txn, &row, &proven.mobile).await? else {
            saved.activation.notice = Some(Notice::SmsLimit);
            return self.finish(txn, &saved).await;
        };
        let (outgoing, issued) = self.draw(saved.id, &proven, sms_id, true);
        saved.activation.replace_pin(issued);
        self.finish(txn, &saved).await?;
        self.deliver(outgoing).await
    }

    /// «Activar». The tries are counted in the same transaction that judges them.
    pub(super) async fn confirm_pin(&self, typed: &str) -> ServiceResult<()> {
        let (now, policy, txn) = (self.now(), self.policy(), self.begin().await?);
        let mut saved = self.store.lock(&txn, now).await?;
        let digest = Pin::parse(typed).map(|pin| self.digest(saved.id, &pin));
        let matches = digest.map(|digest| move |sent: &str| bool::from(sent.as_bytes().ct_eq(digest.as_bytes())));
        let activated = match saved.activation.try_pin(matches, &policy, now) {
            Tried::Right(Next::Settle(proven)) => self.settle(&txn, &mut saved, &proven, None).await?,
            Tried::Wrong { password_id, voided } => {
                let voided = if voided { " anulado=si" } else { "" };
                self.audit(&txn, Action::PinErrado, format!("clave={password_id}{voided}")).await?;
                None
            }
            Tried::Right(Next::Choose) | Tried::Unjudged => None,
        };
        self.finish(txn, &saved).await?;
        self.confirm_by_mail(activated).await
    }

    /// Activates the password, or says that it is no longer what was compared.
    pub(super) async fn settle(
        &self,
        txn: &DatabaseTransaction,
        saved: &mut Saved,
        proven: &Proven,
        own_hash: Option<String>,
    ) -> ServiceResult<Option<Activated>> {
        let (own, now) = (own_hash.is_some(), self.now());
        let activated = settle::activate(txn, self.camara(), proven, own_hash, now).await?;
        if let Some(user) = &activated {
            let witness = Witness {
                aceptacion: self.store.acceptance(txn, saved.id).await?,
                direccion_red: Some(self.origin.address.to_string()),
                agente: self.origin.agent.clone(),
                clave_propia: own,
            };
            let kept = Kept::gather(txn, self.camara(), user.user_id, witness).await?;
            let marks = [(user.es_prueba, " prueba=si"), (own, " propia=si")];
            let marks: String = marks.into_iter().filter_map(|(is, mark)| is.then_some(mark)).collect();
            let (clave, usuario, huella) = (user.password_id, user.user_id, kept.huella());
            let detail = format!("clave={clave}{marks} usuario={usuario} evidencia={huella}");
            self.audit(txn, Action::Activacion, detail).await?;
            kept.keep(txn, self.camara(), now).await?;
        }
        saved.activation.settled(activated.is_some(), &self.policy(), self.now());
        Ok(activated)
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

    /// A new PIN: what goes out and what is remembered of it.
    fn draw(&self, transaction_id: i64, proven: &Proven, sms_id: i64, resent: bool) -> (Outgoing, IssuedPin) {
        let digest = |pin: &Pin| self.digest(transaction_id, pin);
        let (pin, issued) = IssuedPin::draw(&mut rand::rng(), digest, &self.policy().pin, self.now());
        let digest = issued.mac.clone().unwrap_or_default();
        let (to, password_id) = (proven.mobile.clone(), proven.password_id);
        (Outgoing { pin, digest, to, sms_id, password_id, resent }, issued)
    }

    /// Bound to the transaction: the same digits mean nothing in another one.
    fn digest(&self, transaction_id: i64, pin: &Pin) -> String {
        let camara = self.camara();
        let parts = [camara.as_str().as_bytes(), &transaction_id.to_be_bytes()[..], pin.expose().as_bytes()];
        self.tools.mac.mac_hex("activation-pin-v1", &parts)
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
        let (minutes, host) = (self.chamber.limits.pin_minutes, &self.tools.public_host);
        let text = pin_message(Purpose::Activate, &outgoing.pin, &self.chamber.nombre, host, minutes);
        let handover = sms::hand_over(self.sms.as_ref(), self.camara(), &outgoing.to, &text).await;
        let txn = self.begin().await?;
        let mut saved = self.store.lock(&txn, self.now()).await?;
        sms::settle(&txn, outgoing.sms_id, &handover).await?;
        let handed = handover.delivery == Delivery::Handed;
        let action = if handed { Action::PinEnviado } else { Action::SmsFallido };
        self.audit(&txn, action, format!("clave={} sms={}", outgoing.password_id, outgoing.sms_id)).await?;
        saved.activation.delivered(&outgoing.digest, handed, outgoing.resent);
        self.finish(txn, &saved).await
    }
}
