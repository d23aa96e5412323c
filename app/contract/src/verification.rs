//! `/verificar`: whether a document is the chamber's, by the code printed on it or by the file itself.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use crate::{ServiceResult, Timestamp};

/// The largest file that is examined, in bytes: many times what the chamber issues.
pub const MAX_FILE: usize = 1024 * 1024;

/// What everybody may know of a document that was issued: nothing of whom it was issued to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssuedDocument {
    /// The chamber's name.
    pub camara_nombre: String,
    /// Its telephone, to ask.
    pub telefono: String,
    /// Its address, to ask.
    pub direccion: String,
    /// The code as it is printed, in groups of four.
    pub codigo: String,
    /// The day on which it was issued.
    pub emitido_en: Timestamp,
    /// A trial's letter, which opens nothing.
    pub es_prueba: bool,
    /// Where the password in it stands.
    pub estado: DocumentState,
}

/// Where the password of a document stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentState {
    /// It can be activated.
    Vigente,
    /// It was activated.
    Activado,
    /// Its time ran out.
    Vencido,
    /// A later document took its place.
    Reemplazado,
    /// It has no effect any more.
    SinEfecto,
}

/// What a code leads to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "resultado", rename_all = "snake_case")]
pub enum CodeAnswer {
    /// Nothing was asked yet.
    Nothing,
    /// It is no code: letters are missing, or too many.
    Malformed,
    /// No document bears it.
    Unknown,
    /// This document bears it.
    Known(IssuedDocument),
}

/// What a file is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "resultado", rename_all = "snake_case")]
pub enum FileAnswer {
    /// Byte for byte what a chamber issued and signed.
    Authentic {
        /// What was issued.
        documento: IssuedDocument,
        /// When it was signed.
        firmado_en: Option<Timestamp>,
    },
    /// A chamber signed it and nobody altered it, but it is none of the letters with a password.
    SignedOtherwise {
        /// The chamber's name.
        camara_nombre: String,
        /// Its telephone, to ask.
        telefono: String,
        /// Its address, to ask.
        direccion: String,
        /// When it was signed.
        firmado_en: Option<Timestamp>,
    },
    /// There is a signature, but not over exactly this file.
    Altered,
    /// Signed, but by none of the chambers.
    Stranger,
    /// Nobody signed it.
    Unsigned,
    /// It is no PDF.
    NoPdf,
    /// No file came.
    Missing,
    /// It is larger than anything that a chamber issues.
    TooLarge,
}

/// Answers to anybody.
#[async_trait]
pub trait VerificationService: Send + Sync {
    /// The document that bears this code, however it was typed.
    async fn by_code(&self, typed: &str) -> ServiceResult<CodeAnswer>;
    /// What a file is.
    async fn by_file(&self, file: Vec<u8>) -> ServiceResult<FileAnswer>;
}
