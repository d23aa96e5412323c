//! A QR code as the path of an SVG: nothing inline but shapes, as the content policy wants it.

use std::fmt::Write;

use qrcodegen::{QrCode as Encoded, QrCodeEcc};

/// Blank modules around it, as the standard asks.
const QUIET: i32 = 4;

/// The code's side in modules, its quiet zone included, and its dark modules.
#[derive(Clone, PartialEq, Eq)]
pub struct QrCode {
    /// Modules a side.
    pub side: i32,
    /// The `d` of a path: one square a dark module.
    pub path: String,
}

impl QrCode {
    /// The code of a text; `None` when it is too long for any.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        let code = Encoded::encode_text(text, QrCodeEcc::Medium).ok()?;
        let mut path = String::new();
        for y in 0..code.size() {
            for x in (0..code.size()).filter(|x| code.get_module(*x, y)) {
                let _ = write!(path, "M{},{}h1v1h-1z", x + QUIET, y + QUIET);
            }
        }
        Some(Self { side: code.size() + 2 * QUIET, path })
    }
}

impl std::fmt::Debug for QrCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "QrCode({} modules)", self.side)
    }
}
