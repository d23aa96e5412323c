//! «Probar SMS».

use contract::sms::SmsReport;
use leptos::prelude::*;

use crate::error::ApiError;

/// Sends a harmless text to this mobile by every provider of the chamber.
#[server(prefix = "/api/consola", endpoint = "probar-sms")]
pub async fn try_sms(celular: String) -> Result<Vec<SmsReport>, ApiError> {
    use super::gate::{answer, console};
    answer(console()?.sms.try_sms(&celular).await)
}
