//! Staff: log-in, sessions, second factor and their keeping.

mod account;
mod code;
mod factor;
mod keeping;
mod login;
mod password;
mod qr;
mod second_step;
mod session;
mod users;

use std::collections::BTreeMap;
use std::sync::Arc;

use contract::value::clean;
use contract::{ChamberCode, ServiceError, ServiceResult};
use entity::funcionarios;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

pub use account::StaffSessionDesk;
pub use code::{RECOVERY_CODES, TypedCode};
pub use factor::Enrolment;
pub(crate) use factor::factor_binding;
pub use keeping::{reset_second_factor, set_password, set_role};
pub use login::{Entry, SessionToken};
pub use qr::QrCode;
pub use session::{Insider, StaffSession, Stage};
pub use users::{MIN_PASSWORD, StaffRow, create_user, deactivate_user, list_users};

use crate::clock::Clock;
use crate::config::StaffRules;
use crate::db::Db;
use crate::secrets::{MacKey, Vault};
use crate::services::fault::unexpected;

/// What logging in and every request of staff lean on; cheap to clone.
#[derive(Clone)]
pub struct StaffDoor {
    /// The database.
    pub db: Db,
    /// The time.
    pub clock: Clock,
    /// Keys the digests of limits and recovery codes.
    pub mac: Arc<MacKey>,
    /// Seals the secrets of second factors.
    pub vault: Vault,
    /// The rules of each chamber that is configured; the sessions of others are none.
    pub rules: Arc<BTreeMap<ChamberCode, StaffRules>>,
}

impl StaffDoor {
    fn rules_of(&self, camara: ChamberCode) -> ServiceResult<StaffRules> {
        self.rules.get(&camara).copied().ok_or(ServiceError::NoSession)
    }
}

/// A user name as it is stored and compared: small letters, nothing around it.
fn user_name(typed: &str) -> String {
    clean(typed).to_lowercase()
}

/// The chamber's active staff member of this row.
async fn active<C: ConnectionTrait>(
    conn: &C,
    camara: ChamberCode,
    id: i64,
) -> ServiceResult<Option<funcionarios::Model>> {
    funcionarios::Entity::find_by_id(id)
        .filter(funcionarios::Column::Camara.eq(camara.as_str()))
        .filter(funcionarios::Column::Activo.eq(true))
        .one(conn)
        .await
        .map_err(unexpected)
}
