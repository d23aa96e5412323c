//! The PDF that carries the password: one A4 page, drawn from plain data and always the same bytes
//! for the same data, so that evidence can name it by its digest. Signing comes afterwards.

mod acta;
mod acta_document;
mod conditions;
mod content;
mod document;
mod fonts;
mod letters;
mod page;
mod qr;
mod sheet;

use contract::Timestamp;
use contract::campaign::Factor;
use domain::document_code::DocumentCode;
use lopdf::Document;

pub use acta::{ActaPages, ActaRow, ActaSection};
pub use conditions::{Conditions, ConditionsFault};

use crate::observe::figures;

/// Everything the letter says.
pub struct Letter<'a> {
    /// The chamber's name.
    pub chamber: &'a str,
    /// The city from which it is dated.
    pub city: &'a str,
    /// The chamber's published telephone.
    pub telephone: &'a str,
    /// The chamber's address.
    pub address: &'a str,
    /// When it is dated.
    pub date: Timestamp,
    /// The merchant's name.
    pub name: &'a str,
    /// The merchant's identification.
    pub identification: &'a str,
    /// The merchant's e-mail.
    pub email: &'a str,
    /// The merchant's mobile.
    pub mobile: &'a str,
    /// The pre-assigned password, in the clear.
    pub password: &'a str,
    /// With or without a PIN by SMS: the two variants of the manual's section 9.
    pub factor: Factor,
    /// Where it is activated.
    pub link: &'a str,
    /// Until when it can be activated.
    pub valid_until: Timestamp,
    /// The conditions that the merchant accepts by activating it.
    pub conditions: &'a Conditions,
    /// By which anyone can ask whether it was issued.
    pub code: DocumentCode,
    /// Where, without the code: the address of the page.
    pub verify_at: &'a str,
    /// A test letter with an invented merchant (manual, section 11): it says so.
    pub test: bool,
}

/// Why a letter could not be drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PdfFault {
    /// A font shipped with the program cannot be read.
    #[error("a font of the letter cannot be read")]
    Font,
    /// The document could not be written.
    #[error("the letter could not be written")]
    Write,
}

/// Draws the letter, as a document that can still be signed.
///
/// # Errors
/// Only when the program's own fonts are broken or the writer fails: no text can make it fail.
pub fn document(letter: &Letter<'_>) -> Result<Document, PdfFault> {
    figures::pdf(|| document::assemble(page::draw(letter, fonts::Fonts::shipped()?), letter))
}

/// Draws the letter, as a file.
///
/// # Errors
/// As [`document`].
pub fn render(letter: &Letter<'_>) -> Result<Vec<u8>, PdfFault> {
    let mut bytes = Vec::new();
    document(letter)?.save_to(&mut bytes).map_err(|_| PdfFault::Write)?;
    Ok(bytes)
}

/// Draws an acta, as a document that can still be signed.
///
/// # Errors
/// As [`document`].
pub fn acta(acta: &ActaPages<'_>) -> Result<Document, PdfFault> {
    figures::pdf(|| acta_document::assemble(&acta::draw(acta, fonts::Fonts::shipped()?), acta))
}
