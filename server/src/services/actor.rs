//! Who acts, for which chamber, with which role.

use contract::staff::{Permission, Role};
use contract::{ChamberCode, ServiceError, ServiceResult, Timestamp};

/// How long a confirmed password covers dangerous actions.
pub const CONFIRMATION_SECONDS: i64 = 5 * 60;

/// The one on whose behalf a service works.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The chamber: the only one whose rows this actor reaches.
    pub camara: ChamberCode,
    /// The name that goes into the trail.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// When the password was last typed; the command line needs none, its user holds the key file.
    pub confirmed_at: Option<Timestamp>,
    /// Whether dangerous actions ask for the password again.
    pub must_confirm: bool,
}

impl Actor {
    /// Whoever runs the command line on the server.
    #[must_use]
    pub fn command_line(camara: ChamberCode) -> Self {
        let name = "línea de comandos".to_owned();
        Self { camara, name, role: Role::Supervisor, confirmed_at: None, must_confirm: false }
    }

    /// Refuses when the role does not allow this.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`].
    pub fn require(&self, permission: Permission) -> ServiceResult<()> {
        if self.role.may(permission) { Ok(()) } else { Err(ServiceError::Forbidden) }
    }

    /// Refuses when the role does not allow this or the password was not typed in the last 5 minutes
    /// (before Enviar, Blanquear, Borrar No Activados and Exportar).
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`] or [`ServiceError::ConfirmPassword`].
    pub fn require_confirmed(&self, permission: Permission, now: Timestamp) -> ServiceResult<()> {
        self.require(permission)?;
        let fresh = self.confirmed_at.is_some_and(|at| now.seconds_since(at) < CONFIRMATION_SECONDS);
        if fresh || !self.must_confirm { Ok(()) } else { Err(ServiceError::ConfirmPassword) }
    }
}
