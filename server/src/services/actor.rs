//! Who acts, for which chamber, with which role.

use contract::staff::{Permission, Role};
use contract::{ChamberCode, ServiceError, ServiceResult, Timestamp};

/// The one on whose behalf a service works.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The chamber: the only one whose rows this actor reaches.
    pub camara: ChamberCode,
    /// The name that goes into the trail.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// Until when the password typed last covers dangerous actions; the command line needs none, its
    /// user holds the key file.
    pub confirmed_until: Option<Timestamp>,
    /// Whether dangerous actions ask for the password again.
    pub must_confirm: bool,
}

impl Actor {
    /// Whoever runs the command line on the server.
    #[must_use]
    pub fn command_line(camara: ChamberCode) -> Self {
        let name = "línea de comandos".to_owned();
        Self { camara, name, role: Role::Supervisor, confirmed_until: None, must_confirm: false }
    }

    /// Refuses when the role does not allow this.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`].
    pub fn require(&self, permission: Permission) -> ServiceResult<()> {
        if self.role.may(permission) { Ok(()) } else { Err(ServiceError::Forbidden) }
    }

    /// Refuses when the role does not allow this or the password was not typed a moment ago
    /// (before Enviar, Blanquear, Borrar No Activados and Exportar).
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`] or [`ServiceError::ConfirmPassword`].
    pub fn require_confirmed(&self, permission: Permission, now: Timestamp) -> ServiceResult<()> {
        self.require(permission)?;
        let fresh = self.confirmed_until.is_some_and(|until| now < until);
        if fresh || !self.must_confirm { Ok(()) } else { Err(ServiceError::ConfirmPassword) }
    }
}
