//! Reading a record as a stranger would: with OpenSSL and nothing of the server's own code.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use openssl::bn::{BigNum, BigNumContext};
use openssl::ec::{EcGroup, EcKey, EcPoint};
use openssl::ecdsa::EcdsaSig;
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{Id, PKey, Public};
use openssl::rsa::Rsa;
use openssl::sign::Verifier;
use openssl::x509::X509;
use serde_json::{Value, json};
use server::clock::Clock;
use server::signing::{JwsKind, Signer};

use crate::support::tls;

pub fn decode(part: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(part).unwrap()
}

fn part(record: &str, index: usize) -> Value {
    serde_json::from_slice(&decode(record.split('.').nth(index).unwrap())).unwrap()
}

pub fn header(record: &str) -> Value {
    part(record, 0)
}

pub fn payload(record: &str) -> Value {
    part(record, 1)
}

fn number(jwk: &Value, member: &str) -> BigNum {
    BigNum::from_slice(&decode(jwk[member].as_str().unwrap())).unwrap()
}

/// The key that a JWK describes.
pub fn key_of_jwk(jwk: &Value) -> PKey<Public> {
    if jwk["kty"] == "RSA" {
        return PKey::from_rsa(Rsa::from_public_components(number(jwk, "n"), number(jwk, "e")).unwrap()).unwrap();
    }
    let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
    let mut context = BigNumContext::new().unwrap();
    let point = [vec![4], decode(jwk["x"].as_str().unwrap()), decode(jwk["y"].as_str().unwrap())].concat();
    let point = EcPoint::from_bytes(&group, &point, &mut context).unwrap();
    PKey::from_ec_key(EcKey::from_public_key(&group, &point).unwrap()).unwrap()
}

/// The certificates of a record's own header, the signer's first.
pub fn certificates(record: &str) -> Vec<X509> {
    let header = header(record);
    let links = header["x5c"].as_array().unwrap().iter();
    links.map(|link| X509::from_der(&STANDARD.decode(link.as_str().unwrap()).unwrap()).unwrap()).collect()
}

/// Whether the record's signature is this key's.
pub fn verifies(record: &str, key: &PKey<Public>) -> bool {
    let (signed, signature) = record.rsplit_once('.').unwrap();
    let mut signature = decode(signature);
    if key.id() == Id::EC {
        assert_eq!(signature.len(), 64);
        let (r, s) = signature.split_at(32);
        let pair = EcdsaSig::from_private_components(BigNum::from_slice(r).unwrap(), BigNum::from_slice(s).unwrap());
        signature = pair.unwrap().to_der().unwrap();
    }
    let mut verifier = Verifier::new(MessageDigest::sha256(), key).unwrap();
    verifier.verify_oneshot(&signature, signed.as_bytes()).unwrap_or(false)
}

/// RFC 7638: the hash of the required members in their order.
fn thumbprint(jwk: &Value) -> String {
    let members: Value = if jwk["kty"] == "RSA" {
        json!({ "e": jwk["e"], "kty": "RSA", "n": jwk["n"] })
    } else {
        json!({ "crv": "P-256", "kty": "EC", "x": jwk["x"], "y": jwk["y"] })
    };
    let hash = openssl::sha::sha256(members.to_string().as_bytes());
    URL_SAFE_NO_PAD.encode(hash)
}

#[test]
fn a_p256_certificate_signs_records_as_well_as_one_of_rsa() {
    let folder = tempfile::tempdir().unwrap();
    let now = Clock::default().now();
    for (alg, bytes) in [
        ("ES256", tls::self_signed(&tls::p256(), "Cámara", "x")),
        ("RS256", server::signing::dev::make_p12("Cámara", "x", now).unwrap()),
    ] {
        let path = folder.path().join(alg);
        std::fs::write(&path, bytes).unwrap();
        let signer = Signer::from_p12(&path, "x", now).unwrap();
        let jwk = serde_json::to_value(signer.jwk().unwrap()).unwrap();
        for index in 0..8 {
            let record = signer.jws(JwsKind::Firma, &json!({ "jti": index }), now).unwrap();
            assert_eq!(header(&record)["alg"], alg);
            assert_eq!(header(&record)["kid"], thumbprint(&jwk));
            assert_eq!((&jwk["kid"], &jwk["alg"], &jwk["use"]), (&json!(thumbprint(&jwk)), &json!(alg), &json!("sig")));
            let certificate = &certificates(&record)[0];
            assert!(verifies(&record, &key_of_jwk(&jwk)), "{alg} {index}");
            assert!(verifies(&record, &certificate.public_key().unwrap()), "{alg} {index}");
            let print = URL_SAFE_NO_PAD.encode(openssl::sha::sha256(&certificate.to_der().unwrap()));
            assert_eq!(header(&record)["x5t#S256"], print);
        }
        let over = now.plus_seconds(3 * 366 * 86_400);
        assert!(
            signer.jws(JwsKind::Firma, &json!({}), over).is_err(),
            "no record is signed with a certificate out of force"
        );
    }
}
