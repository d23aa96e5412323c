//! To what a sealed password is bound.

/// The text to which a row's sealed password is bound: it opens in no other chamber, for no other
/// identification, year or generation.
#[must_use]
pub fn seal_binding(camara: &str, identificacion: &str, ano: i32, generacion: i64) -> String {
    format!("{camara}/{identificacion}/{ano}/{generacion}")
}
