//! CMS SignedData (RFC 5652) as PAdES baseline wants it (ETSI EN 319 142-1): signed attributes are
//! exactly contentType, messageDigest and signing-certificate-v2 (RFC 5035). The time stands in the
//! signature dictionary's `/M`. A time-stamp (B-T) is an unsigned attribute over the signature.

use openssl::cms::{CMSOptions, CmsContentInfo};
use openssl::hash::{MessageDigest, hash};
use openssl::pkey::Id;
use openssl::sign::Signer as OpensslSigner;
use openssl::stack::Stack;

use super::der::{integer, null, octets, oid, sequence, set_of, value};
use super::{Signer, SigningFault};

const DATA: &[u32] = &[1, 2, 840, 113_549, 1, 7, 1];
const SIGNED_DATA: &[u32] = &[1, 2, 840, 113_549, 1, 7, 2];
const CONTENT_TYPE: &[u32] = &[1, 2, 840, 113_549, 1, 9, 3];
const MESSAGE_DIGEST: &[u32] = &[1, 2, 840, 113_549, 1, 9, 4];
const SIGNING_CERTIFICATE_V2: &[u32] = &[1, 2, 840, 113_549, 1, 9, 16, 2, 47];
const TIME_STAMP_TOKEN: &[u32] = &[1, 2, 840, 113_549, 1, 9, 16, 2, 14];
pub(super) const SHA_256: &[u32] = &[2, 16, 840, 1, 101, 3, 4, 2, 1];
const RSA_ENCRYPTION: &[u32] = &[1, 2, 840, 113_549, 1, 1, 1];
const ECDSA_WITH_SHA_256: &[u32] = &[1, 2, 840, 10_045, 4, 3, 2];

/// Context-specific, constructed, number 0.
const CONTEXT_0: u8 = 0xA0;
/// The same, number 1.
const CONTEXT_1: u8 = 0xA1;

/// A signature over a document, before it is packed.
pub(super) struct Signature {
    /// The signed attributes as the SET that is signed.
    attributes: Vec<u8>,
    pub(super) value: Vec<u8>,
}

/// Signs a document whose SHA-256 is `digest`.
pub(super) fn sign(signer: &Signer, digest: &[u8]) -> Result<Signature, SigningFault> {
    let crypto = |_| SigningFault::Crypto;
    let certificate = signer.certificate.to_der().map_err(crypto)?;
    let attributes = signed_attributes(digest, &certificate)?;
    let mut making = OpensslSigner::new(MessageDigest::sha256(), &signer.key).map_err(crypto)?;
    let value = making.sign_oneshot_to_vec(&attributes).map_err(crypto)?;
    Ok(Signature { attributes, value })
}

/// The CMS of a signature, with a time-stamp token over it if there is one.
pub(super) fn pack(signer: &Signer, signature: Signature, token: Option<&[u8]>) -> Result<Vec<u8>, SigningFault> {
    let crypto = |_| SigningFault::Crypto;
    let certificate = signer.certificate.to_der().map_err(crypto)?;
    let serial = signer.certificate.serial_number().to_bn().map_err(crypto)?.to_vec();
    let issuer = signer.certificate.issuer_name().to_der().map_err(crypto)?;
    let algorithm = if signer.key.id() == Id::RSA {
        sequence(&[oid(RSA_ENCRYPTION), null()])
    } else {
        sequence(&[oid(ECDSA_WITH_SHA_256)])
    };
    // Inside the SignerInfo the attributes bear the tag [0] instead of SET.
    let mut tagged = signature.attributes;
    tagged[0] = CONTEXT_0;
    let stamped = token.map(|token| sequence(&[oid(TIME_STAMP_TOKEN), set_of(vec![token.to_vec()])]));
    let signer_info = sequence(&[
        integer(&[1]),
        sequence(&[issuer, integer(&serial)]),
        sequence(&[oid(SHA_256)]),
        tagged,
        algorithm,
        octets(&signature.value),
        stamped.map(|attribute| value(CONTEXT_1, &attribute)).unwrap_or_default(),
    ]);

    let mut certificates = certificate;
    for link in signer.chain.iter().filter(|link| **link != signer.certificate) {
        certificates.extend(link.to_der().map_err(crypto)?);
    }
    let content = sequence(&[
        integer(&[1]),
        set_of(vec![sequence(&[oid(SHA_256)])]),
        sequence(&[oid(DATA)]),
        value(CONTEXT_0, &certificates),
        set_of(vec![signer_info]),
    ]);
    Ok(sequence(&[oid(SIGNED_DATA), value(CONTEXT_0, &content)]))
}

/// Whether OpenSSL finds the CMS to be the signature of `signer`'s certificate, and of no other, over `signed`.
/// Bytes after the CMS are the rest of its hole.
pub(super) fn verifies(signer: &Signer, cms: &[u8], signed: &[u8]) -> bool {
    // Whom to trust is the reader's question: here only this one certificate may have signed.
    let flags = CMSOptions::NO_SIGNER_CERT_VERIFY | CMSOptions::NOINTERN | CMSOptions::BINARY | CMSOptions::DETACHED;
    let verify = || {
        let mut certificates = Stack::new()?;
        certificates.push(signer.certificate.clone())?;
        CmsContentInfo::from_der(cms)?.verify(Some(&certificates), None, Some(signed), None, flags)
    };
    verify().is_ok()
}

/// The signed attributes as the SET that is signed.
fn signed_attributes(digest: &[u8], certificate: &[u8]) -> Result<Vec<u8>, SigningFault> {
    let certificate_hash = hash(MessageDigest::sha256(), certificate).map_err(|_| SigningFault::Crypto)?;
    let attribute = |kind: &[u32], content: Vec<u8>| sequence(&[oid(kind), set_of(vec![content])]);
    // ESSCertIDv2 with its defaults left out: SHA-256, no issuerSerial.
    let certificate_id = sequence(&[octets(&certificate_hash)]);
    Ok(set_of(vec![
        attribute(CONTENT_TYPE, oid(DATA)),
        attribute(MESSAGE_DIGEST, octets(digest)),
        attribute(SIGNING_CERTIFICATE_V2, sequence(&[sequence(&[certificate_id])])),
    ]))
}
