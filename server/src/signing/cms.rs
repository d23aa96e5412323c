//! CMS SignedData (RFC 5652) as PAdES baseline wants it (ETSI EN 319 142-1): signed attributes are
//! exactly contentType, messageDigest and signing-certificate-v2 (RFC 5035). The time stands in the
//! signature dictionary's `/M`.

use openssl::hash::{MessageDigest, hash};
use openssl::pkey::Id;
use openssl::sign::{Signer as OpensslSigner, Verifier};

use super::der::{integer, null, octets, oid, sequence, set_of, value};
use super::{Signer, SigningFault};

const DATA: &[u32] = &[1, 2, 840, 113_549, 1, 7, 1];
const SIGNED_DATA: &[u32] = &[1, 2, 840, 113_549, 1, 7, 2];
const CONTENT_TYPE: &[u32] = &[1, 2, 840, 113_549, 1, 9, 3];
const MESSAGE_DIGEST: &[u32] = &[1, 2, 840, 113_549, 1, 9, 4];
const SIGNING_CERTIFICATE_V2: &[u32] = &[1, 2, 840, 113_549, 1, 9, 16, 2, 47];
const SHA_256: &[u32] = &[2, 16, 840, 1, 101, 3, 4, 2, 1];
const RSA_ENCRYPTION: &[u32] = &[1, 2, 840, 113_549, 1, 1, 1];
const ECDSA_WITH_SHA_256: &[u32] = &[1, 2, 840, 10_045, 4, 3, 2];

/// Context-specific, constructed, number 0.
const CONTEXT_0: u8 = 0xA0;

/// The CMS over a document whose SHA-256 is `digest`; its signature is verified before it is given out.
pub(super) fn signed_data(signer: &Signer, digest: &[u8]) -> Result<Vec<u8>, SigningFault> {
    let crypto = |_| SigningFault::Crypto;
    let certificate = signer.certificate.to_der().map_err(crypto)?;
    let attributes = signed_attributes(digest, &certificate)?;

    let mut making = OpensslSigner::new(MessageDigest::sha256(), &signer.key).map_err(crypto)?;
    let signature = making.sign_oneshot_to_vec(&attributes).map_err(crypto)?;
    let public = signer.certificate.public_key().map_err(crypto)?;
    let mut checking = Verifier::new(MessageDigest::sha256(), &public).map_err(crypto)?;
    if !checking.verify_oneshot(&signature, &attributes).unwrap_or(false) {
        return Err(SigningFault::SelfCheck);
    }

    let serial = signer.certificate.serial_number().to_bn().map_err(crypto)?.to_vec();
    let issuer = signer.certificate.issuer_name().to_der().map_err(crypto)?;
    let algorithm = if signer.key.id() == Id::RSA {
        sequence(&[oid(RSA_ENCRYPTION), null()])
    } else {
        sequence(&[oid(ECDSA_WITH_SHA_256)])
    };
    // Inside the SignerInfo the attributes bear the tag [0] instead of SET.
    let mut tagged = attributes;
    tagged[0] = CONTEXT_0;
    let signer_info = sequence(&[
        integer(&[1]),
        sequence(&[issuer, integer(&serial)]),
        sequence(&[oid(SHA_256)]),
        tagged,
        algorithm,
        octets(&signature),
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
