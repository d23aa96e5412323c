//! Staff: who is logged in and what the role allows.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use crate::{ChamberCode, ServiceResult, Timestamp};

/// What a staff member may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Synchronises, selects, exports, sends.
    Operador,
    /// All of it, and deletes, annuls and manages staff.
    Supervisor,
    /// Reads everything, changes nothing.
    Auditor,
}

impl Role {
    /// The name under which it stands in the database and on the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Operador => "operador",
            Self::Supervisor => "supervisor",
            Self::Auditor => "auditor",
        }
    }

    /// The role of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Operador, Self::Supervisor, Self::Auditor].into_iter().find(|r| r.as_str() == name)
    }

    /// Whether the role may do this.
    #[must_use]
    pub const fn may(self, permission: Permission) -> bool {
        match (self, permission) {
            (Self::Supervisor, _) | (_, Permission::Read) => true,
            (Self::Operador, Permission::Operate) => true,
            (Self::Operador | Self::Auditor, _) => false,
        }
    }
}

/// Kinds of action, as roles are asked for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permission {
    /// See lists, figures and the trail.
    Read,
    /// Synchronise, select, export, send.
    Operate,
    /// Delete, annul, purge.
    Destroy,
}

/// The staff member of this session, as the pages show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffView {
    /// The user name.
    pub usuario: String,
    /// The person's name.
    pub nombre: String,
    /// The role.
    pub rol: Role,
    /// The chamber.
    pub camara: ChamberCode,
    /// The chamber's name.
    pub camara_nombre: String,
    /// Until when dangerous actions need no password again.
    pub confirmado_hasta: Option<Timestamp>,
}

/// One's own account: second factor and open sessions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountView {
    /// Since when a second factor is in force.
    pub segundo_factor_desde: Option<Timestamp>,
    /// Recovery codes not used yet.
    pub codigos_de_recuperacion: u64,
    /// Whether the chamber asks every staff member for one.
    pub segundo_factor_exigido: bool,
    /// Sessions in force, the last used first.
    pub sesiones: Vec<OwnSession>,
}

/// A session of one's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnSession {
    /// When it began.
    pub desde: Timestamp,
    /// When it was last used, to the minute.
    pub ultimo_uso: Timestamp,
    /// Whether it is the one that asks.
    pub esta: bool,
}

/// The session's own doings.
#[async_trait]
pub trait SessionService: Send + Sync {
    /// Who is logged in.
    async fn me(&self) -> ServiceResult<StaffView>;
    /// Confirms the password again; good for a few minutes, as the chamber says.
    async fn confirm_password(&self, password: String) -> ServiceResult<()>;
    /// The account behind it.
    async fn account(&self) -> ServiceResult<AccountView>;
}
