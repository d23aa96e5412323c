//! The PDF that carries the password: one A4 page, tagged, PDF/A-2b, drawn from plain data and always the
//! same bytes for the same data, so that evidence can name it by its digest. What is the same in all letters
//! of a chamber is made once, as its [`Stationery`].

mod acta;
mod acta_document;
mod conditions;
mod content;
mod document;
mod fonts;
mod letters;
mod logo;
mod page;
mod qr;
mod serial;
mod sheet;
mod stationery;
mod structure;
mod wrap;

use contract::Timestamp;
use contract::campaign::Factor;
use domain::document_code::DocumentCode;
use lopdf::Document;

pub use acta::{ActaPages, ActaRow, ActaSection};
pub use conditions::{Conditions, ConditionsFault};
pub use logo::{Logo, LogoFault};
pub use stationery::Stationery;

use crate::observe::figures;

/// The name of the logo among the page's resources.
const LOGO: &str = "Logo";

/// Whose letters these are: everything that is the same in all of them.
#[derive(Clone, Copy)]
pub struct Issuer<'a> {
    /// The chamber's name.
    pub chamber: &'a str,
    /// The city from which it is dated.
    pub city: &'a str,
    /// The chamber's published telephone.
    pub telephone: &'a str,
    /// With or without a PIN by SMS: the two variants of the manual's section 9.
    pub factor: Factor,
    /// Where it is activated.
    pub link: &'a str,
    /// The address of the page that verifies documents.
    pub verify_at: &'a str,
    /// The conditions that the merchant accepts by activating it.
    pub conditions: &'a Conditions,
    /// How it looks.
    pub brand: &'a Brand,
}

/// A chamber's logo and colour.
#[derive(Clone, Debug, Default)]
pub struct Brand {
    /// At the head of the page.
    pub logo: Option<Logo>,
    /// Headings and bars, as `0xRRGGBB`; dark enough for white paper.
    pub accent: Option<u32>,
}

/// What one letter says.
#[derive(Clone, Copy)]
pub struct Letter<'a> {
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
    /// Until when it can be activated.
    pub valid_until: Timestamp,
    /// By which anyone can ask whether it was issued.
    pub code: DocumentCode,
    /// Whether it is a real one.
    pub kind: Kind,
}

/// What a letter is for; all but a real one say so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// To a merchant.
    Real,
    /// A test letter with an invented merchant (manual, section 11), whose password works.
    Test,
    /// A sample, to look at: nothing in it works.
    Sample,
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
    /// The conditions take more than the page has.
    #[error("the conditions are {lines} lines too long for the page")]
    TooLong {
        /// Lines too many, about.
        lines: usize,
    },
}

/// Where one document is verified: what its QR code says.
fn verify_link(verify_at: &str, code: DocumentCode) -> String {
    format!("{verify_at}?codigo={}", code.as_str())
}

/// Draws an acta, as a document that can still be signed.
///
/// # Errors
/// As [`Stationery::render`].
pub fn acta(acta: &ActaPages<'_>) -> Result<Document, PdfFault> {
    figures::pdf(|| acta_document::assemble(&acta::draw(acta, fonts::Fonts::shipped()?), acta))
}
