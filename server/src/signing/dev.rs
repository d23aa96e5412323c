//! The demo's own certificate. A chamber signs with one from an accredited entity instead.

use contract::Timestamp;
use openssl::asn1::{Asn1Integer, Asn1Time};
use openssl::bn::{BigNum, MsbOption};
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::pkcs12::Pkcs12;
use openssl::pkey::PKey;
use openssl::rsa::Rsa;
use openssl::x509::extension::{BasicConstraints, KeyUsage, SubjectKeyIdentifier};
use openssl::x509::{X509Builder, X509NameBuilder};

use super::SigningFault;

/// Two years.
const VALID_SECONDS: i64 = 2 * 365 * 86_400;

/// A self-signed RSA-2048 certificate for signing documents, in force for two years from the day
/// before `now`, as a PKCS#12 file under `password`.
///
/// # Errors
/// When OpenSSL refuses.
pub fn make_p12(common_name: &str, password: &str, now: Timestamp) -> Result<Vec<u8>, SigningFault> {
    make_p12_until(common_name, password, now.plus_seconds(-86_400), now.plus_seconds(VALID_SECONDS))
}

/// The same with other bounds, for trying what happens outside them.
///
/// # Errors
/// When OpenSSL refuses.
pub fn make_p12_until(
    common_name: &str,
    password: &str,
    from: Timestamp,
    until: Timestamp,
) -> Result<Vec<u8>, SigningFault> {
    build(common_name, password, from, until).map_err(|_| SigningFault::Crypto)
}

fn build(common_name: &str, password: &str, from: Timestamp, until: Timestamp) -> Result<Vec<u8>, ErrorStack> {
    let key = PKey::from_rsa(Rsa::generate(2048)?)?;
    // A common name holds 64 characters (RFC 5280, ub-common-name).
    let common_name: String = common_name.chars().take(64).collect();
    let mut name = X509NameBuilder::new()?;
    name.append_entry_by_text("C", "CO")?;
    name.append_entry_by_text("O", "Clave Segura (desarrollo)")?;
    name.append_entry_by_text("CN", &common_name)?;
    let name = name.build();

    let mut certificate = X509Builder::new()?;
    certificate.set_version(2)?;
    let mut serial = BigNum::new()?;
    serial.rand(127, MsbOption::MAYBE_ZERO, false)?;
    certificate.set_serial_number(&*Asn1Integer::from_bn(&serial)?)?;
    certificate.set_subject_name(&name)?;
    certificate.set_issuer_name(&name)?;
    certificate.set_pubkey(&key)?;
    certificate.set_not_before(&*Asn1Time::from_unix(from.0.div_euclid(1000))?)?;
    certificate.set_not_after(&*Asn1Time::from_unix(until.0.div_euclid(1000))?)?;
    certificate.append_extension(BasicConstraints::new().critical().build()?)?;
    certificate.append_extension(KeyUsage::new().critical().digital_signature().non_repudiation().build()?)?;
    let subject_key = SubjectKeyIdentifier::new().build(&certificate.x509v3_context(None, None))?;
    certificate.append_extension(subject_key)?;
    certificate.sign(&key, MessageDigest::sha256())?;
    let certificate = certificate.build();

    let mut file = Pkcs12::builder();
    file.name(&common_name).pkey(&key).cert(&certificate);
    file.build2(password)?.to_der()
}
