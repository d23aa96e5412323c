//! The one table that turns codes into Spanish (Colombia), for the pages and for the command line:
//! what happened and what to do about it. No code or internal name is ever shown on a page.

mod audit;
mod diagnosis;
mod figures;
mod progress;
mod refusal;
mod sms;
mod state;
mod timeline;

pub use audit::{EVIDENCE_FLAW, audit_action, audit_detail, chain_flaw, seal_day, seal_flaw};
pub use diagnosis::{dns_hint, step_fault, step_name};
pub use figures::{count, number, percent};
pub use progress::{has_limits, moment, quota, speed, start_under, worker_trouble};
pub use refusal::{SEND_CHOICES, extract_fault, invalid_field, service_error};
pub use sms::{SMS_TAKEN, sms_fault};
pub use state::{
    BatchWords, StateWords, batch_state, certificate_end, dns_look, exclusion_reason, factor, origin, password_state,
    pause_reason, reject_reason, role, suppression_cause, sync_state, unlock_reason, verified_state,
};
pub use timeline::{happened, happened_detail, happened_look};
