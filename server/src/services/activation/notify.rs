//! The confirmation mail, once the activation stands.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use contract::{Email, ServiceResult, Timestamp};

use super::settle::Activated;
use super::{ACTOR, ActivationDesk};
use crate::config::Chamber;
use crate::services::audit::{Action, record};
use crate::services::fault::unexpected;

/// How long the final page waits for the confirmation to be mailed.
const TIMEOUT: Duration = Duration::from_secs(15);

/// The confirmation could not be mailed. Carries no personal data.
#[derive(Clone, Debug, thiserror::Error)]
#[error("confirmation not mailed: {0}")]
pub struct NotifyError(pub String);

/// Whoever mails the confirmation of an activation (manual, section 10).
#[async_trait]
pub trait Notifier: Send + Sync {
    /// Mails it to `to`; `user_id` is the new verified user's row, for «no fui yo». A failure never
    /// undoes the activation.
    async fn activated(
        &self,
        chamber: &Chamber,
        to: &Email,
        name: &str,
        at: Timestamp,
        user_id: i64,
    ) -> Result<(), NotifyError>;
}

impl ActivationDesk {
    /// Mails the confirmation. It goes on even if the browser hangs up, and a failure is only
    /// written down: the activation stands.
    pub(super) async fn confirm_by_mail(&self, activated: Option<Activated>) -> ServiceResult<()> {
        let Some(user) = activated else { return Ok(()) };
        let (tools, chamber, now) = (Arc::clone(&self.tools), Arc::clone(&self.chamber), self.now());
        let mailing = tokio::spawn(async move {
            let mail = tools.notifier.activated(&chamber, &user.email, &user.name, now, user.user_id);
            let cause = match tokio::time::timeout(TIMEOUT, mail).await {
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
}
