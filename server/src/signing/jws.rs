//! Signed records as anyone can check them: compact JWS (RFC 7515) with the chamber's key and
//! certificates in its header, and the public key as a JWK (RFC 7517), named by its thumbprint (RFC 7638).

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use contract::Timestamp;
use openssl::bn::BigNumContext;
use openssl::ecdsa::EcdsaSig;
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::pkey::Id;
use openssl::sign::{Signer as OpensslSigner, Verifier};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{Signer, SigningFault};
use crate::observe::figures;

/// Bytes of each half of a P-256 signature.
const P256_BYTES: i32 = 32;

/// What the records are, so that none is taken for another kind of token (RFC 8725 §3.11).
const KIND: &str = "firma-clave-segura+jwt";

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
        let (public, alg) = if self.key.id() == Id::RSA {
            let rsa = self.key.rsa()?;
            let (e, n) = (base64url(&rsa.e().to_vec()), base64url(&rsa.n().to_vec()));
            (PublicKey::Rsa { e, kty: "RSA", n }, "RS256")
        } else {
            let key = self.key.ec_key()?;
            let (mut x, mut y) = (openssl::bn::BigNum::new()?, openssl::bn::BigNum::new()?);
            let mut context = BigNumContext::new()?;
            key.public_key().affine_coordinates(key.group(), &mut x, &mut y, &mut context)?;
            let (x, y) = (base64url(&x.to_vec_padded(P256_BYTES)?), base64url(&y.to_vec_padded(P256_BYTES)?));
            (PublicKey::Ec { crv: "P-256", kty: "EC", x, y }, "ES256")
        };
        let members = serde_json::to_vec(&public).unwrap_or_default();
        let own = self.certificate.to_der()?;
        let mut x5c = vec![STANDARD.encode(&own)];
        for link in self.chain.iter().filter(|link| **link != self.certificate) {
            x5c.push(STANDARD.encode(link.to_der()?));
        }
        let (kid, x5t_s256) = (base64url(&Sha256::digest(members)), base64url(&Sha256::digest(&own)));
        Ok(Jwk { public, used_for: "sig", alg, kid, x5c, x5t_s256 })
    }

    /// The payload as a compact JWS signed at `at`, verified with the certificate before it is given out.
    ///
    /// # Errors
    /// When the certificate is not in force at `at`, or the signature cannot be made or does not verify.
    pub fn jws(&self, payload: &impl Serialize, at: Timestamp) -> Result<String, SigningFault> {
        self.check_time(at)?;
        figures::signing(|| {
            let jwk = self.jwk()?;
            let header = Header { alg: jwk.alg, typ: KIND, kid: &jwk.kid, x5c: &jwk.x5c, x5t_s256: &jwk.x5t_s256 };
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
