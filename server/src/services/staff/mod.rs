//! Staff: log-in, sessions and their keeping.

mod login;
mod session;
mod users;

pub use login::{SessionToken, login};
pub use session::{StaffSession, StaffSessionDesk, logout, peek, resolve};
pub use users::{MIN_PASSWORD, StaffRow, create_user, deactivate_user, list_users};

use contract::value::clean;

/// A user name as it is stored and compared: small letters, nothing around it.
fn user_name(typed: &str) -> String {
    clean(typed).to_lowercase()
}
