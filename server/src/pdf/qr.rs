//! The QR code to the page that verifies the document, as shapes.

use qrcodegen::{QrCode, QrCodeEcc};

/// Dark modules in a grid, without the quiet zone: the paper around it is white.
#[derive(Default)]
pub(super) struct Squares {
    /// Modules a side.
    pub(super) side: usize,
    pub(super) bars: Vec<Bar>,
}

/// Dark modules next to each other in a row.
#[derive(Clone, Copy)]
pub(super) struct Bar {
    pub(super) x: usize,
    pub(super) y: usize,
    pub(super) length: usize,
}

/// The code of an address; nothing when it is too long for any code.
pub(super) fn squares(address: &str) -> Squares {
    let Ok(code) = QrCode::encode_text(address, QrCodeEcc::Medium) else { return Squares::default() };
    let mut squares = Squares { side: code.size().unsigned_abs() as usize, bars: Vec::new() };
    for (y, row) in (0..code.size()).enumerate() {
        let mut last: Option<Bar> = None;
        for (x, column) in (0..code.size()).enumerate() {
            match (code.get_module(column, row), &mut last) {
                (true, Some(bar)) => bar.length += 1,
                (true, None) => last = Some(Bar { x, y, length: 1 }),
                (false, _) => squares.bars.extend(last.take()),
            }
        }
        squares.bars.extend(last);
    }
    squares
}
