//! The PIN of a request: out by SMS, back with the signer's yes.

use contract::{ColombianMobile, ServiceResult};
use domain::pin::{Pin, Purpose, pin_message};
use domain::signature::{Confirmation, EventKind, Pending, ResendRefusal, Signature, Standing, State};
use entity::firmas::{Column, Model};
use entity::usuarios_verificados;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};
use subtle::ConstantTimeEq;

use super::request::Document;
use super::{SigningDesk, SigningRefusal, SigningResult, SigningView, store};
use crate::services::audit::Action;
use crate::services::fault::unexpected;
use crate::services::sms::{self, Delivery};

impl SigningDesk {
    /// How a request stands, with its record once it is signed.
    ///
    /// # Errors
    /// [`SigningRefusal::NotFound`] also for one that was abandoned, or is another system's.
    pub async fn look(&self, codigo: &str) -> SigningResult<SigningView> {
        let found = store::of_system(&self.system).filter(Column::Codigo.eq(codigo)).one(self.tools.db.reader()).await;
        let row = found.map_err(unexpected)?.ok_or(SigningRefusal::NotFound)?;
        let user = self.user_of(&row).await?;
        self.view_of(row, &user)
    }

    /// The PIN comes back. Tries are counted in the same transaction that judges them; of two right ones
    /// at once the first makes the record and the second gets it.
    ///
    /// # Errors
    /// Each refusal is one of [`SigningRefusal`].
    pub async fn confirm(&self, codigo: &str, pin: &Pin) -> SigningResult<SigningView> {
        let txn = self.begin().await?;
        let (row, mut signature) = self.lock(&txn, codigo).await?;
        let mac = self.pin_mac(codigo, pin);
        let matches = signature.pin_mac().is_some_and(|sent| bool::from(sent.as_bytes().ct_eq(mac.as_bytes())));
        let was_void = signature.pin_mac().is_none();
        let refusal = match signature.confirm(matches, &self.policy(), self.now()) {
            Confirmation::Signs => return self.sign(txn, row, signature).await,
            Confirmation::Again => {
                drop(txn);
                let user = self.user_of(&row).await?;
                return self.view_of(row, &user);
            }
            Confirmation::Abandoned => return Err(SigningRefusal::NotFound),
            Confirmation::Over => return Err(SigningRefusal::Over),
            Confirmation::PinExpired => return Err(SigningRefusal::PinExpired),
            Confirmation::Wrong { remaining } => SigningRefusal::WrongPin { remaining },
            Confirmation::Voided => SigningRefusal::PinVoided,
            Confirmation::AlreadySigned => SigningRefusal::AlreadySigned,
        };
        if !was_void {
            store::save(&txn, row.id, &signature).await?;
            self.audit(&txn, Action::PinErrado, self.detail(row.id)).await?;
            self.commit(txn).await?;
        }
        Err(refusal)
    }

    /// Another PIN takes the last one's place.
    ///
    /// # Errors
    /// Each refusal is one of [`SigningRefusal`].
    pub async fn resend(&self, codigo: &str) -> SigningResult<SigningView> {
        let txn = self.begin().await?;
        let (row, mut signature) = self.lock(&txn, codigo).await?;
        let pin = Pin::generate(&mut rand::rng());
        let mac = self.pin_mac(codigo, &pin);
        signature.resend(mac.clone(), &self.policy(), self.now()).map_err(|refusal| match refusal {
            ResendRefusal::TooSoon { from } => SigningRefusal::TooSoon { from },
            ResendRefusal::Exhausted => SigningRefusal::Exhausted,
            ResendRefusal::Over => SigningRefusal::Over,
            ResendRefusal::AlreadySigned => SigningRefusal::AlreadySigned,
            ResendRefusal::Abandoned => SigningRefusal::NotFound,
        })?;
        let user = store::lock_signer(&txn, self.camara(), row.usuario_id).await?.ok_or(SigningRefusal::UserGone)?;
        let sms_id = self.reserve_sms(&txn, &user).await?.ok_or(SigningRefusal::SmsBudget)?;
        store::save(&txn, row.id, &signature).await?;
        self.commit(txn).await?;
        self.deliver(row.id, row.codigo, user, pin, mac, sms_id).await
    }

    /// Gives a request up; from then on there is none.
    ///
    /// # Errors
    /// [`SigningRefusal::AlreadySigned`]: a record stays.
    pub async fn abandon(&self, codigo: &str) -> SigningResult<()> {
        let txn = self.begin().await?;
        let (row, mut signature) = self.lock(&txn, codigo).await?;
        if !signature.abandon() {
            return Err(SigningRefusal::AlreadySigned);
        }
        store::save(&txn, row.id, &signature).await?;
        self.audit(&txn, Action::FirmaAbandonada, self.detail(row.id)).await?;
        Ok(self.commit(txn).await?)
    }

    async fn lock(&self, txn: &DatabaseTransaction, codigo: &str) -> SigningResult<(Model, Signature)> {
        let found = store::lock(txn, &self.system, codigo).await?;
        found.filter(|(_, signature)| signature.state != State::Abandoned).ok_or(SigningRefusal::NotFound)
    }

    /// Bound to the request: the same digits mean nothing in another one.
    pub(super) fn pin_mac(&self, codigo: &str, pin: &Pin) -> String {
        let camara = self.camara();
        let parts = [camara.as_str().as_bytes(), codigo.as_bytes(), pin.expose().as_bytes()];
        self.tools.mac.mac_hex("signature-pin-v1", &parts)
    }

    /// Counts an SMS to the registered mobile; `None` when the budget is spent.
    pub(super) async fn reserve_sms(
        &self,
        txn: &DatabaseTransaction,
        user: &usuarios_verificados::Model,
    ) -> ServiceResult<Option<i64>> {
        let (mac, camara, to) = (&self.tools.mac, self.camara(), mobile(user)?);
        let payer = sms::payer(mac, camara, Some(&user.identificacion), &to);
        sms::reserve(txn, mac, camara, &self.chamber.limits, &payer, &to, self.now()).await
    }

    /// Hands the SMS to the provider in a task of its own: a caller who hangs up loses neither the PIN
    /// nor its entry.
    pub(super) async fn deliver(
        &self,
        id: i64,
        codigo: String,
        user: usuarios_verificados::Model,
        pin: Pin,
        mac: String,
        sms_id: i64,
    ) -> SigningResult<SigningView> {
        let desk = self.clone();
        let delivering = async move {
            let minutes = desk.chamber.limits.pin_minutes;
            let host = desk.tools.public_url.host();
            let text = pin_message(Purpose::Sign, &pin, &desk.chamber.nombre, &host, minutes);
            let handover = sms::hand_over(desk.sms.as_ref(), desk.camara(), &mobile(&user)?, &text).await;
            let txn = desk.begin().await?;
            // Before the SMS' row: of one request nothing is settled out of its turn.
            let locked = store::lock(&txn, &desk.system, &codigo).await?;
            sms::settle(&txn, sms_id, &handover).await?;
            let (outcome, action) = match handover.delivery {
                Delivery::Handed => (EventKind::Sent { sms: sms_id }, Action::PinEnviado),
                Delivery::Uncertain => (EventKind::Uncertain { sms: sms_id }, Action::SmsFallido),
                Delivery::Reserved | Delivery::Failed => (EventKind::NotSent { sms: sms_id }, Action::SmsFallido),
            };
            let row = match locked {
                Some((_, mut signature)) => {
                    signature.delivered(&mac, outcome, desk.now());
                    Some(store::save(&txn, id, &signature).await?)
                }
                None => None,
            };
            desk.audit(&txn, action, format!("{} sms={sms_id}", desk.detail(id))).await?;
            desk.commit(txn).await?;
            desk.view_of(row.ok_or(SigningRefusal::NotFound)?, &user)
        };
        tokio::spawn(delivering).await.map_err(unexpected)?
    }

    /// The user of a request, in whatever state.
    async fn user_of(&self, row: &Model) -> SigningResult<usuarios_verificados::Model> {
        let own = usuarios_verificados::Entity::find_by_id(row.usuario_id)
            .filter(usuarios_verificados::Column::Camara.eq(self.camara().as_str()));
        let found = own.one(self.tools.db.reader()).await.map_err(unexpected)?;
        Ok(found.ok_or_else(|| unexpected("the user of a request to sign is not there"))?)
    }

    /// A row as its system sees it.
    pub(super) fn view_of(&self, row: Model, user: &usuarios_verificados::Model) -> SigningResult<SigningView> {
        let signature = store::signature_of(row.clone())?;
        let standing = signature.standing(self.now());
        if standing == Standing::Abandoned {
            return Err(SigningRefusal::NotFound);
        }
        let waits = |pending: &Pending| pending.resend_from(&self.policy());
        let resend_from = match &signature.state {
            State::Pending(pending) if standing != Standing::Over => waits(pending),
            _ => None,
        };
        Ok(SigningView {
            codigo: row.codigo,
            standing,
            celular: mobile(user)?.masked(),
            pin_sent: row.pin_enviado_en.is_some(),
            pin_expires: contract::Timestamp(row.pin_vence_en),
            expires: contract::Timestamp(row.vence_en),
            resend_from,
            document: Document {
                sha256: row.documento_sha256,
                nombre: row.documento_nombre,
                descripcion: row.documento_descripcion,
            },
            created: contract::Timestamp(row.creada_en),
            signed: row.firmada_en.map(contract::Timestamp),
            record: row.registro,
        })
    }
}

/// The registered mobile: verified by the activation's own PIN, so that it has the right form.
fn mobile(user: &usuarios_verificados::Model) -> ServiceResult<ColombianMobile> {
    ColombianMobile::parse(&user.celular).ok_or_else(|| unexpected("a verified user without a mobile"))
}
