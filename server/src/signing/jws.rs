//! Signed records as anyone can check them: compact JWS (RFC 7515) with the chamber's key and
//! certificates in its header, and the public key as a JWK (RFC 7517), named by its thumbprint (RFC 7638).

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use contract::Timestamp;
use openssl::bn::BigNumContext;
use openssl::ecdsa::EcdsaSig;
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::pkey::{Id, PKey, Public};
use openssl::sign::{Signer as OpensslSigner, Verifier};
use openssl::x509::X509;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{Signer, SigningFault, instant};
use crate::observe::figures;

/// Bytes of each half of a P-256 signature.
const P256_BYTES: i32 = 32;

/// What a token is, so that none is taken for one of another kind (RFC 8725 §3.11).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JwsKind {
    /// The record of a document that a verified user signed.
    Firma,
    /// The acta of an activation.
    Acta,
    /// A day's seal of the audit.
    Sello,
}

impl JwsKind {
    /// The header's `typ`.
    #[must_use]
    pub const fn typ(self) -> &'static str {
        match self {
            Self::Firma => "firma-clave-segura+jwt",
            Self::Acta => "acta-clave-segura+jwt",
            Self::Sello => "sello-clave-segura+jwt",
        }
    }
}

/// A public key as it is published. Key type and parameters stand in the alphabetical order of RFC 7638.
#[derive(Clone, Debug, Serialize)]
pub struct Jwk {
    #[serde(flatten)]
    public: PublicKey,
    /// `sig`.
    #[serde(rename = "use")]
    used_for: &'static str,
    alg: &'static str,
    kid: String,
    x5c: Vec<String>,
    #[serde(rename = "x5t#S256")]
    x5t_s256: String,
}

/// The members that make the thumbprint, in its order.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
enum PublicKey {
    Rsa { e: String, kty: &'static str, n: String },
    Ec { crv: &'static str, kty: &'static str, x: String, y: String },
}

#[derive(Serialize)]
struct Header<'a> {
    alg: &'a str,
    typ: &'a str,
    kid: &'a str,
    x5c: &'a [String],
    #[serde(rename = "x5t#S256")]
    x5t_s256: &'a str,
}

impl Jwk {
    /// The key's name.
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.kid
    }
}

impl Signer {
    /// The certificate's public key, with the certificates themselves.
    ///
    /// # Errors
    /// When OpenSSL refuses.
    pub fn jwk(&self) -> Result<Jwk, SigningFault> {
        self.build_jwk().map_err(|_| SigningFault::Crypto)
    }

    fn build_jwk(&self) -> Result<Jwk, ErrorStack> {
        let (public, alg) = public_key(&self.certificate.public_key()?)?;
        let own = self.certificate.to_der()?;
        let mut x5c = vec![STANDARD.encode(&own)];
        for link in self.chain.iter().filter(|link| **link != self.certificate) {
            x5c.push(STANDARD.encode(link.to_der()?));
        }
        let x5t_s256 = base64url(&Sha256::digest(&own));
        Ok(Jwk { kid: thumbprint(&public), public, used_for: "sig", alg, x5c, x5t_s256 })
    }

    /// The payload as a compact JWS signed at `at`, verified with the certificate before it is given out.
    ///
    /// # Errors
    /// When the certificate is not in force at `at`, or the signature cannot be made or does not verify.
    pub fn jws(&self, kind: JwsKind, payload: &impl Serialize, at: Timestamp) -> Result<String, SigningFault> {
        self.check_time(at)?;
        figures::signing(|| {
            let jwk = self.jwk()?;
            let (kid, x5c, x5t_s256) = (&jwk.kid, &jwk.x5c, &jwk.x5t_s256);
            let header = Header { alg: jwk.alg, typ: kind.typ(), kid, x5c, x5t_s256 };
            let json = |value: Result<Vec<u8>, serde_json::Error>| value.map_err(|_| SigningFault::Document);
            let header = base64url(&json(serde_json::to_vec(&header))?);
            let signed = format!("{header}.{}", base64url(&json(serde_json::to_vec(payload))?));
            let signature = self.signature(signed.as_bytes()).map_err(|_| SigningFault::Crypto)?;
            let signature = signature.ok_or(SigningFault::SelfCheck)?;
            Ok(format!("{signed}.{}", base64url(&signature)))
        })
    }

    /// The signature in JOSE's form; `None` when it does not verify.
    fn signature(&self, text: &[u8]) -> Result<Option<Vec<u8>>, ErrorStack> {
        let signature = OpensslSigner::new(MessageDigest::sha256(), &self.key)?.sign_oneshot_to_vec(text)?;
        let public = self.certificate.public_key()?;
        if !Verifier::new(MessageDigest::sha256(), &public)?.verify_oneshot(&signature, text)? {
            return Ok(None);
        }
        if self.key.id() == Id::RSA {
            return Ok(Some(signature));
        }
        // JOSE writes ECDSA as the two numbers, without DER (RFC 7518 §3.4).
        let pair = EcdsaSig::from_der(&signature)?;
        Ok(Some([pair.r().to_vec_padded(P256_BYTES)?, pair.s().to_vec_padded(P256_BYTES)?].concat()))
    }
}

fn base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// A key as JOSE writes it, and its algorithm.
fn public_key(key: &PKey<Public>) -> Result<(PublicKey, &'static str), ErrorStack> {
    if key.id() == Id::RSA {
        let rsa = key.rsa()?;
        let (e, n) = (base64url(&rsa.e().to_vec()), base64url(&rsa.n().to_vec()));
        return Ok((PublicKey::Rsa { e, kty: "RSA", n }, "RS256"));
    }
    let key = key.ec_key()?;
    let (mut x, mut y) = (openssl::bn::BigNum::new()?, openssl::bn::BigNum::new()?);
    let mut context = BigNumContext::new()?;
    key.public_key().affine_coordinates(key.group(), &mut x, &mut y, &mut context)?;
    let (x, y) = (base64url(&x.to_vec_padded(P256_BYTES)?), base64url(&y.to_vec_padded(P256_BYTES)?));
    Ok((PublicKey::Ec { crv: "P-256", kty: "EC", x, y }, "ES256"))
}

/// The key's name (RFC 7638).
fn thumbprint(public: &PublicKey) -> String {
    base64url(&Sha256::digest(serde_json::to_vec(public).unwrap_or_default()))
}

/// A token whose signature verifies with the certificate that it carries. Whose certificate that is, and
/// whether it was in force, is for the caller to judge.
#[derive(Clone, Debug)]
pub struct VerifiedJws {
    /// What was signed.
    pub payload: Value,
    /// The name of the key that did, computed from the certificate.
    pub kid: String,
    /// From when the certificate is in force.
    pub not_before: Timestamp,
    /// Until when.
    pub not_after: Timestamp,
}

/// What of a header is read back.
#[derive(Deserialize)]
struct ReadHeader {
    alg: String,
    typ: String,
    kid: String,
    x5c: Vec<String>,
}

/// Verifies a compact JWS of this kind with the first certificate of its header.
///
/// # Errors
/// [`SigningFault::Document`] when it is no such token; [`SigningFault::SelfCheck`] when its signature does
/// not verify.
pub fn verify_jws(kind: JwsKind, text: &str) -> Result<VerifiedJws, SigningFault> {
    let no_token = SigningFault::Document;
    let parts: Vec<&str> = text.split('.').collect();
    let [head, content, signature] = parts[..] else { return Err(no_token) };
    let decoded = |part: &str| URL_SAFE_NO_PAD.decode(part).map_err(|_| SigningFault::Document);
    let header: ReadHeader = serde_json::from_slice(&decoded(head)?).map_err(|_| SigningFault::Document)?;
    let certificate = header.x5c.first().and_then(|der| STANDARD.decode(der).ok()).ok_or(SigningFault::Document)?;
    let certificate = X509::from_der(&certificate).map_err(|_| SigningFault::Document)?;
    let key = certificate.public_key().map_err(|_| SigningFault::Document)?;
    if key.id() != Id::RSA && key.id() != Id::EC {
        return Err(SigningFault::UnsupportedKey);
    }
    let (public, alg) = public_key(&key).map_err(|_| SigningFault::UnsupportedKey)?;
    let kid = thumbprint(&public);
    if header.typ != kind.typ() || header.alg != alg || header.kid != kid {
        return Err(no_token);
    }
    let signed = &text[..head.len() + 1 + content.len()];
    let genuine = verifies(&key, signed.as_bytes(), &decoded(signature)?).unwrap_or(false);
    if !genuine {
        return Err(SigningFault::SelfCheck);
    }
    let payload = serde_json::from_slice(&decoded(content)?).map_err(|_| SigningFault::Document)?;
    let (Some(not_before), Some(not_after)) = (instant(certificate.not_before()), instant(certificate.not_after()))
    else {
        return Err(SigningFault::Document);
    };
    Ok(VerifiedJws { payload, kid, not_before, not_after })
}

fn verifies(key: &PKey<Public>, text: &[u8], signature: &[u8]) -> Result<bool, ErrorStack> {
    let der = if key.id() == Id::RSA {
        signature.to_vec()
    } else {
        let half = P256_BYTES as usize;
        if signature.len() != 2 * half {
            return Ok(false);
        }
        let number = openssl::bn::BigNum::from_slice;
        EcdsaSig::from_private_components(number(&signature[..half])?, number(&signature[half..])?)?.to_der()?
    };
    Verifier::new(MessageDigest::sha256(), key)?.verify_oneshot(&der, text)
}
