//! A password of the merchant's own (`EXIGIR_CAMBIO_CLAVE`): after the PIN, before he is verified.

use contract::ServiceResult;
use contract::activation::{Notice, PasswordFault};
use domain::activation::{OwnPassword, Owner, Proven, canonical};
use entity::claves_preasignadas::Model;
use zeroize::Zeroizing;

use super::ActivationDesk;
use super::settle;
use crate::secrets::hash_password;
use crate::services::compare::compare;
use crate::services::fault::unexpected;

impl ActivationDesk {
    /// «Guardar mi contraseña»: judged, compared with the one that was mailed, hashed, and then
    /// everything is settled at once.
    pub(super) async fn choose_password(
        &self,
        typed: Zeroizing<String>,
        repeated: Zeroizing<String>,
    ) -> ServiceResult<()> {
        let Some((proven, row)) = self.awaited().await? else { return Ok(()) };
        let own = match OwnPassword::parse(&typed, &repeated, &owner(&proven, &row)) {
            Ok(own) => own,
            Err(fault) => return self.refuse_choice(fault).await,
        };
        if compare(vec![row.hash.clone()], canonical(own.expose())).await? == [true] {
            return self.refuse_choice(PasswordFault::Mailed).await;
        }
        let hash =
            tokio::task::spawn_blocking(move || hash_password(own.expose().as_bytes()).0).await.map_err(unexpected)?;
        let (now, policy, txn) = (self.now(), self.policy(), self.begin().await?);
        let mut saved = self.store.lock(&txn, now).await?;
        // Another tab may have been quicker, or the time over: then nothing is settled.
        let still = saved.activation.choosing(&policy, now).filter(|awaited| *awaited == proven);
        let activated = match still {
            Some(proven) => self.settle(&txn, &mut saved, &proven, Some(hash)).await?,
            None => None,
        };
        self.finish(txn, &saved).await?;
        self.confirm_by_mail(activated).await
    }

    /// What waits for its password, and its row; otherwise the transaction has been told why not.
    async fn awaited(&self) -> ServiceResult<Option<(Proven, Model)>> {
        let (now, policy, txn) = (self.now(), self.policy(), self.begin().await?);
        let mut saved = self.store.lock(&txn, now).await?;
        let Some(proven) = saved.activation.choosing(&policy, now) else {
            self.finish(txn, &saved).await?;
            return Ok(None);
        };
        let row = settle::lock(&txn, self.camara(), &proven).await?;
        if row.is_none() {
            saved.activation.settled(false, &policy, now);
        }
        self.finish(txn, &saved).await?;
        Ok(row.map(|row| (proven, row)))
    }

    async fn refuse_choice(&self, falla: PasswordFault) -> ServiceResult<()> {
        let (now, txn) = (self.now(), self.begin().await?);
        let mut saved = self.store.lock(&txn, now).await?;
        if saved.activation.choosing(&self.policy(), now).is_some() {
            saved.activation.notice = Some(Notice::OwnPassword { falla });
        }
        self.finish(txn, &saved).await
    }
}

/// What everybody may know of the merchant.
fn owner<'a>(proven: &'a Proven, row: &'a Model) -> Owner<'a> {
    let email = proven.email.as_str();
    let mut known = vec![email, proven.mobile.as_str(), row.identificacion.as_str(), row.matricula.as_str()];
    known.extend(email.split(['@', '.', '_', '-', '+']));
    known.extend(row.nombre.split_whitespace());
    Owner { known }
}
