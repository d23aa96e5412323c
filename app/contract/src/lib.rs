//! The vocabulary that browser and server share: value types, data shown on pages, error codes
//! and the traits behind which the server does its work. No framework; builds for wasm32.

pub mod activation;
pub mod attempts;
pub mod audit;
pub mod campaign;
pub mod console;
pub mod diagnosis;
pub mod disown;
pub mod error;
pub mod instant;
pub mod mailbox;
pub mod page;
pub mod registry;
pub mod sending;
pub mod sms;
pub mod staff;
pub mod suppression;
pub mod timeline;
pub mod value;
pub mod verification;
pub mod verified;

pub use error::{ServiceError, ServiceResult};
pub use instant::Timestamp;
pub use value::{ChamberCode, ColombianMobile, Email, NationalId, Year};
