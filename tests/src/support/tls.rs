//! Certificates for tests.

use openssl::asn1::Asn1Time;
use openssl::bn::BigNum;
use openssl::ec::{EcGroup, EcKey};
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkcs12::Pkcs12;
use openssl::pkey::{PKey, Private};
use openssl::x509::extension::{BasicConstraints, SubjectAlternativeName};
use openssl::x509::{X509, X509Builder, X509NameBuilder};

/// A fresh P-256 key: quick to make, unlike one of RSA.
pub fn p256() -> PKey<Private> {
    let curve = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
    PKey::from_ec_key(EcKey::generate(&curve).unwrap()).unwrap()
}

/// A self-signed certificate for this key, in force for two months, as PKCS#12.
pub fn self_signed(key: &PKey<Private>, common_name: &str, password: &str) -> Vec<u8> {
    let certificate = certificate(key, common_name, &[], 60);
    Pkcs12::builder().name("x").pkey(key).cert(&certificate).build2(password).unwrap().to_der().unwrap()
}

/// A TLS server for these names: what it shows (PKCS#12, password «x») and the PEM to trust it by.
pub fn server(names: &[&str]) -> (Vec<u8>, Vec<u8>) {
    server_until(names, 60)
}

/// The same, its certificate in force until so many days from now (or ago).
pub fn server_until(names: &[&str], days: i64) -> (Vec<u8>, Vec<u8>) {
    let key = p256();
    let certificate = certificate(&key, names[0], names, days);
    let p12 = Pkcs12::builder().name("x").pkey(&key).cert(&certificate).build2("x").unwrap().to_der().unwrap();
    (p12, certificate.to_pem().unwrap())
}

fn certificate(key: &PKey<Private>, common_name: &str, names: &[&str], days: i64) -> X509 {
    let mut name = X509NameBuilder::new().unwrap();
    name.append_entry_by_text("CN", common_name).unwrap();
    let name = name.build();
    let mut builder = X509Builder::new().unwrap();
    builder.set_version(2).unwrap();
    builder.set_serial_number(&BigNum::from_u32(7).unwrap().to_asn1_integer().unwrap()).unwrap();
    builder.set_subject_name(&name).unwrap();
    builder.set_issuer_name(&name).unwrap();
    builder.set_pubkey(key).unwrap();
    let now = server::clock::Clock::default().now().0 / 1000;
    builder.set_not_before(&Asn1Time::from_unix(now - 90 * 86_400).unwrap()).unwrap();
    builder.set_not_after(&Asn1Time::from_unix(now + days * 86_400).unwrap()).unwrap();
    builder.append_extension(BasicConstraints::new().critical().ca().build().unwrap()).unwrap();
    if !names.is_empty() {
        let mut alternative = SubjectAlternativeName::new();
        for name in names {
            alternative.dns(name);
        }
        let extension = alternative.build(&builder.x509v3_context(None, None)).unwrap();
        builder.append_extension(extension).unwrap();
    }
    builder.sign(key, MessageDigest::sha256()).unwrap();
    builder.build()
}
