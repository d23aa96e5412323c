//! «Aceptar y continuar» and «No aceptar y abandonar»: the same four fields, the same limits, the
//! same work.

use contract::ServiceResult;
use contract::activation::{Credentials, Draft, Notice};
use contract::campaign::Factor;
use domain::activation::Next;
use domain::limits::Refusal;
use sea_orm::DatabaseTransaction;

use super::ActivationDesk;
use super::candidate::{Match, compare_all, registry_changed};
use super::settle;
use super::typed::{Typed, draft_of};
use crate::services::audit::Action;
use crate::services::fault::unexpected;
use crate::services::limits::{self, Class, Subject};

impl ActivationDesk {
    pub(super) async fn accept_credentials(&self, credentials: Credentials) -> ServiceResult<()> {
        let draft = draft_of(&credentials);
        let typed = match Typed::parse(&credentials) {
            Ok(typed) => typed,
            Err(campos) => return self.back_to_form(draft, Notice::Incomplete { campos }).await,
        };
        let identity = self.identity(&typed);
        if let Some(notice) = self.count(&identity).await? {
            return self.back_to_form(draft, notice).await;
        }
        let Some(found) = compare_all(&self.tools.db, &self.chamber, typed, self.now()).await? else {
            return self.mismatch(&identity, draft).await;
        };
        if registry_changed(&self.tools.db, self.camara(), &found).await? {
            return self.send_to_chamber(&identity, &found, draft).await;
        }
        match found.factor(self.chamber.factor) {
            Factor::SoloClave => self.prove_at_once(&identity, found).await,
            Factor::Doble => self.start_pin(&identity, found, draft).await,
        }
    }

    /// Cancels the password when the four fields are right, and leaves with one neutral text in
    /// every case. While no try is allowed it stays on the form, with the time of the next one:
    /// the same whether the fields were right or wrong, and nobody leaves believing that a
    /// password was cancelled that nobody looked at.
    pub(super) async fn refuse_credentials(&self, credentials: Credentials) -> ServiceResult<()> {
        let Ok(typed) = Typed::parse(&credentials) else { return self.leave().await };
        let identity = self.identity(&typed);
        if let Some(notice) = self.count(&identity).await? {
            return self.back_to_form(draft_of(&credentials), notice).await;
        }
        let found = compare_all(&self.tools.db, &self.chamber, typed, self.now()).await?;
        let (now, txn) = (self.now(), self.begin().await?);
        let mut saved = self.store.lock(&txn, now).await?;
        saved.activation.leave(&self.policy(), now);
        match found {
            None => self.audit(&txn, Action::CredencialesErradas, detail_of(&identity)).await?,
            Some(found) => {
                self.forgive(&txn, &identity).await?;
                if settle::cancel(&txn, self.camara(), &found.proven(), now).await? {
                    self.audit(&txn, Action::ClaveRehusada, format!("clave={}", found.row.id)).await?;
                }
            }
        }
        self.finish(txn, &saved).await
    }

    async fn leave(&self) -> ServiceResult<()> {
        let (now, txn) = (self.now(), self.begin().await?);
        let mut saved = self.store.lock(&txn, now).await?;
        saved.activation.leave(&self.policy(), now);
        self.finish(txn, &saved).await
    }

    fn identity(&self, typed: &Typed) -> Subject {
        Subject::new(&self.tools.mac, self.camara(), Class::Identity, typed.id.as_str())
            .under(self.chamber.limits.identity)
    }

    /// Counts the try before anything is compared; tells what to wait for when none is allowed.
    async fn count(&self, identity: &Subject) -> ServiceResult<Option<Notice>> {
        let txn = self.begin().await?;
        match limits::attempt(&txn, self.camara(), &[identity, &self.network], self.now()).await? {
            Err(Refusal::Wait { until }) => return Ok(Some(Notice::Wait { hasta: until })),
            Err(Refusal::Locked) => return Ok(Some(Notice::Locked)),
            Ok(locked_now) if locked_now => {
                self.audit(&txn, Action::IdentidadBloqueada, detail_of(identity)).await?;
            }
            Ok(_) => {}
        }
        txn.commit().await.map_err(unexpected)?;
        Ok(None)
    }

    /// The four fields were right: the identity's failures are forgotten, the network's try taken back.
    pub(super) async fn forgive(&self, txn: &DatabaseTransaction, identity: &Subject) -> ServiceResult<()> {
        limits::forget(txn, self.camara(), identity).await?;
        limits::take_back(txn, self.camara(), &self.network).await
    }

    /// The one neutral answer.
    async fn mismatch(&self, identity: &Subject, draft: Draft) -> ServiceResult<()> {
        let (now, txn) = (self.now(), self.begin().await?);
        let mut saved = self.store.lock(&txn, now).await?;
        saved.activation.reopen(Notice::NoMatch, draft, &self.policy(), now);
        self.audit(&txn, Action::CredencialesErradas, detail_of(identity)).await?;
        self.finish(txn, &saved).await
    }

    /// Everything matched what was mailed, but the registry has changed since.
    async fn send_to_chamber(&self, identity: &Subject, found: &Match, draft: Draft) -> ServiceResult<()> {
        let (now, txn) = (self.now(), self.begin().await?);
        let mut saved = self.store.lock(&txn, now).await?;
        self.forgive(&txn, identity).await?;
        saved.activation.reopen(Notice::RegistryChanged, draft, &self.policy(), now);
        self.audit(&txn, Action::RegistroCambiado, format!("clave={}", found.row.id)).await?;
        self.finish(txn, &saved).await
    }

    /// SOLO CLAVE: no PIN.
    async fn prove_at_once(&self, identity: &Subject, found: Match) -> ServiceResult<()> {
        let (now, txn) = (self.now(), self.begin().await?);
        let mut saved = self.store.lock(&txn, now).await?;
        self.forgive(&txn, identity).await?;
        self.store.accepted(&txn, saved.id, &self.origin, now).await?;
        let activated = match saved.activation.prove(found.proven(), &self.policy(), now) {
            Some(Next::Settle(proven)) => self.settle(&txn, &mut saved, &proven, None).await?,
            Some(Next::Choose) | None => None,
        };
        self.finish(txn, &saved).await?;
        self.confirm_by_mail(activated).await
    }
}

fn detail_of(identity: &Subject) -> String {
    format!("identidad={}", identity.short())
}
