//! The chamber's digital signature on a PDF: PAdES baseline (`ETSI.CAdES.detached`), a certification
//! that permits no changes (DocMDP, P = 1), over the whole file.

mod cms;
mod der;
pub mod dev;
mod examine;
mod jws;
mod place;
mod tsa;

use std::path::Path;

use contract::Timestamp;
use lopdf::Document;
use openssl::asn1::{Asn1Time, Asn1TimeRef};
use openssl::pkcs12::Pkcs12;
use openssl::pkey::{Id, PKey, Private};
use openssl::x509::X509;
use sha2::{Digest, Sha256};

pub use examine::{Finding, examine};
pub use jws::{Jwk, JwsKind, VerifiedJws, verify_jws};
pub use place::{Draft, pdf_date, signature_dictionary};
pub use tsa::{Tsa, TsaFault};

use crate::observe::figures;

/// Why a certificate cannot be used or a document could not be signed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SigningFault {
    /// The PKCS#12 file is not there or cannot be read.
    #[error("the PKCS#12 file cannot be read")]
    Missing,
    /// The file is no PKCS#12.
    #[error("the file is no PKCS#12")]
    Malformed,
    /// Its password is another one.
    #[error("wrong password for the PKCS#12 file")]
    WrongPassword,
    /// It holds no private key with its certificate.
    #[error("the PKCS#12 file holds no key with its certificate")]
    NoKey,
    /// Its key is neither RSA nor P-256.
    #[error("the key is neither RSA nor P-256")]
    UnsupportedKey,
    /// The certificate's time is over.
    #[error("the certificate expired on {}", .on.date())]
    Expired {
        /// When it ended.
        on: Timestamp,
    },
    /// The certificate's time has not begun.
    #[error("the certificate is not valid before {}", .from.date())]
    NotYetValid {
        /// When it begins.
        from: Timestamp,
    },
    /// The document is no PDF that can be signed.
    #[error("the document cannot be signed")]
    Document,
    /// OpenSSL refused.
    #[error("the signature could not be made")]
    Crypto,
    /// What was signed does not verify.
    #[error("the signed document does not verify")]
    SelfCheck,
}

impl SigningFault {
    /// What to do about it, in Spanish, for whoever configures the chamber.
    #[must_use]
    pub fn remedy(&self) -> String {
        match self {
            Self::Missing => "no se puede leer el archivo PKCS#12; revise la ruta y los permisos".to_owned(),
            Self::Malformed => {
                "el archivo no es un PKCS#12; pida el certificado de firma en formato .p12 o .pfx".to_owned()
            }
            Self::WrongPassword => "la clave no abre el archivo PKCS#12; escriba la correcta".to_owned(),
            Self::NoKey => "el archivo no contiene la llave privada con su certificado".to_owned(),
            Self::UnsupportedKey => "la llave no es RSA ni P-256; pida un certificado con una de las dos".to_owned(),
            Self::Expired { on } => format!("el certificado venció el {}; renuévelo", on.date()),
            Self::NotYetValid { from } => format!("el certificado solo vale desde el {}", from.date()),
            Self::Document | Self::Crypto | Self::SelfCheck => "no se pudo firmar con este certificado".to_owned(),
        }
    }

    /// The variable of the CommonXX in which to look for the cause.
    #[must_use]
    pub const fn variable(&self) -> &'static str {
        match self {
            Self::WrongPassword => "FIRMA_P12_CLAVE",
            _ => "FIRMA_P12",
        }
    }
}

/// What the signature says beside the certificate.
#[derive(Clone, Copy, Debug)]
pub struct SignatureNote<'a> {
    /// The signer's name.
    pub name: &'a str,
    /// Why it was signed.
    pub reason: &'a str,
    /// Where.
    pub location: &'a str,
}

/// A key with its certificate and chain, ready to sign.
pub struct Signer {
    key: PKey<Private>,
    certificate: X509,
    chain: Vec<X509>,
    not_before: Timestamp,
    not_after: Timestamp,
}

impl Signer {
    /// Opens a PKCS#12 file.
    ///
    /// # Errors
    /// Each way in which it can be unusable at `now` is a fault of its own.
    pub fn from_p12(path: &Path, password: &str, now: Timestamp) -> Result<Self, SigningFault> {
        let bytes = std::fs::read(path).map_err(|_| SigningFault::Missing)?;
        let file = Pkcs12::from_der(&bytes).map_err(|_| SigningFault::Malformed)?;
        let opened = file.parse2(password).map_err(|_| SigningFault::WrongPassword)?;
        let (Some(key), Some(certificate)) = (opened.pkey, opened.cert) else { return Err(SigningFault::NoKey) };
        let supported = key.id() == Id::RSA || (key.id() == Id::EC && key.bits() == 256);
        if !supported {
            return Err(SigningFault::UnsupportedKey);
        }
        let not_before = instant(certificate.not_before()).ok_or(SigningFault::Malformed)?;
        let not_after = instant(certificate.not_after()).ok_or(SigningFault::Malformed)?;
        let chain = opened.ca.map(|ca| ca.into_iter().collect()).unwrap_or_default();
        let signer = Self { key, certificate, chain, not_before, not_after };
        signer.check_time(now)?;
        Ok(signer)
    }

    /// The certificate.
    ///
    /// # Errors
    /// When OpenSSL refuses.
    pub(crate) fn certificate_der(&self) -> Result<Vec<u8>, SigningFault> {
        self.certificate.to_der().map_err(|_| SigningFault::Crypto)
    }

    /// When the certificate's time ends.
    #[must_use]
    pub const fn not_after(&self) -> Timestamp {
        self.not_after
    }

    fn check_time(&self, at: Timestamp) -> Result<(), SigningFault> {
        if at > self.not_after {
            return Err(SigningFault::Expired { on: self.not_after });
        }
        if at < self.not_before {
            return Err(SigningFault::NotYetValid { from: self.not_before });
        }
        Ok(())
    }

    /// Signs a PDF as of `at` and checks the result: the signature covers the whole file and verifies.
    ///
    /// # Errors
    /// When the certificate is not in force at `at`, or `pdf` is no PDF, or the result does not verify.
    pub fn sign(&self, pdf: &[u8], at: Timestamp, note: SignatureNote<'_>) -> Result<Vec<u8>, SigningFault> {
        let document = Document::load_mem(pdf).map_err(|_| SigningFault::Document)?;
        self.sign_document(document, at, note)
    }

    /// The same for a document that was never written.
    ///
    /// # Errors
    /// As [`Signer::sign`].
    pub fn sign_document(
        &self,
        document: Document,
        at: Timestamp,
        note: SignatureNote<'_>,
    ) -> Result<Vec<u8>, SigningFault> {
        self.sign_draft(Draft::of(document, at, note, self.room(false))?, at)
    }

    /// The same for a file with a place for its signature (B-B).
    ///
    /// # Errors
    /// As [`Signer::sign`].
    pub fn sign_draft(&self, draft: Draft, at: Timestamp) -> Result<Vec<u8>, SigningFault> {
        self.finish(self.begin(draft, at)?, None)
    }

    /// Signs as of `at`, and leaves time for a time-stamp over the signature.
    ///
    /// # Errors
    /// When the certificate is not in force at `at`, or OpenSSL refuses.
    pub fn begin(&self, draft: Draft, at: Timestamp) -> Result<Signed, SigningFault> {
        self.check_time(at)?;
        figures::signing(|| {
            let signature = cms::sign(self, &draft.digest())?;
            Ok(Signed { draft, signature })
        })
    }

    /// Puts the signature, and the time-stamp token if there is one (B-T), into the document, and checks
    /// the result as a stranger would: the signature is this certificate's, verifies, and covers the whole
    /// file.
    ///
    /// # Errors
    /// When it does not, or the token is longer than its room.
    pub fn finish(&self, signed: Signed, token: Option<&[u8]>) -> Result<Vec<u8>, SigningFault> {
        let Signed { mut draft, signature } = signed;
        draft.insert(&cms::pack(self, signature, token)?)?;
        let (content, cms) = draft.read_back().ok_or(SigningFault::SelfCheck)?;
        if cms::verifies(self, &cms, &content) { Ok(draft.into_bytes()) } else { Err(SigningFault::SelfCheck) }
    }

    /// More bytes than the CMS will ever take: certificates, signature, what holds them, and a time-stamp.
    #[must_use]
    pub fn room(&self, stamped: bool) -> usize {
        let certificates = std::iter::once(&self.certificate).chain(&self.chain);
        let certificates = certificates.map(|cert| cert.to_der().map_or(4096, |der| der.len())).sum::<usize>();
        certificates + self.key.size() + 1024 + if stamped { tsa::LONGEST_TOKEN } else { 0 }
    }
}

/// A document that is signed, its signature not yet inside.
pub struct Signed {
    draft: Draft,
    signature: cms::Signature,
}

impl Signed {
    /// What a time-stamp is made over: the SHA-256 of the signature.
    #[must_use]
    pub fn imprint(&self) -> [u8; 32] {
        Sha256::digest(&self.signature.value).into()
    }
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Signer(until {})", self.not_after.date())
    }
}

/// A certificate's time as ours.
pub(crate) fn instant(time: &Asn1TimeRef) -> Option<Timestamp> {
    let since_epoch = Asn1Time::from_unix(0).ok()?.diff(time).ok()?;
    Some(Timestamp(0).plus_seconds(i64::from(since_epoch.days) * 86_400 + i64::from(since_epoch.secs)))
}
