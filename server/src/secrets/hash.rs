//! Password hashes: argon2id, m=19456 KiB, t=2, p=1 (OWASP's first choice). Slow on purpose: call
//! from a blocking thread.

use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

use argon2::password_hash::{PasswordHash as Phc, PasswordVerifier};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use rand::RngCore;
use subtle::ConstantTimeEq;

use crate::observe::figures;

/// An argon2id hash in PHC form.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(pub String);

impl std::fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PasswordHash(…)")
    }
}

/// Hashes a password with a fresh salt.
///
/// # Panics
/// Never: parameters and salt are of fixed, valid sizes.
#[must_use]
pub fn hash_password(password: &[u8]) -> PasswordHash {
    let mut salt = [0_u8; 16];
    rand::rng().fill_bytes(&mut salt);
    match figures::argon2(|| derive(password, &salt)) {
        Ok(hash) => {
            let (salt, hash) = (STANDARD_NO_PAD.encode(salt), STANDARD_NO_PAD.encode(hash));
            let (m, t, p) = (Params::DEFAULT_M_COST, Params::DEFAULT_T_COST, Params::DEFAULT_P_COST);
            PasswordHash(format!("$argon2id$v=19$m={m},t={t},p={p}${salt}${hash}"))
        }
        Err(error) => unreachable!("argon2 with default parameters: {error}"),
    }
}

/// argon2id over memory that is kept for the next hash: 19 MiB asked of the system and given back each
/// time cost as much as a fifth of the hash.
fn derive(password: &[u8], salt: &[u8]) -> argon2::Result<[u8; Params::DEFAULT_OUTPUT_LEN]> {
    static MEMORY: Mutex<Vec<Vec<Block>>> = Mutex::new(Vec::new());
    let mut memory = lock(&MEMORY).pop().unwrap_or_else(|| vec![Block::default(); Params::DEFAULT.block_count()]);
    let mut hash = [0; Params::DEFAULT_OUTPUT_LEN];
    let derived = Argon2::default().hash_password_into_with_memory(password, salt, &mut hash, &mut memory);
    let mut kept = lock(&MEMORY);
    if kept.len() < MEMORIES_KEPT {
        kept.push(memory);
    }
    derived.map(|()| hash)
}

/// As many hashes as are made at the same time in earnest.
const MEMORIES_KEPT: usize = 4;

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whether `password` is the one hashed. A hash that cannot be read matches nothing.
#[must_use]
pub fn verify_password(hash: &str, password: &[u8]) -> bool {
    let Ok(parsed) = Phc::new(hash) else { return false };
    figures::argon2(|| match ours(&parsed) {
        Some((salt, expected)) => derive(password, &salt).is_ok_and(|hash| bool::from(hash.as_slice().ct_eq(expected))),
        None => Argon2::default().verify_password(password, &parsed).is_ok(),
    })
}

/// Salt and hash of one that was made here, with the parameters of today.
fn ours<'h>(parsed: &'h Phc<'_>) -> Option<(Vec<u8>, &'h [u8])> {
    let made_so = parsed.algorithm == Algorithm::Argon2id.ident()
        && parsed.version == Some(Version::default().into())
        && Params::try_from(parsed).ok()? == Params::DEFAULT;
    let salt = STANDARD_NO_PAD.decode(parsed.salt?.as_str()).ok()?;
    let hash = parsed.hash.as_ref()?.as_bytes();
    (made_so && hash.len() == Params::DEFAULT_OUTPUT_LEN).then_some((salt, hash))
}

/// A hash of nobody's password, to spend the same work when there is nothing to compare with.
#[must_use]
pub fn dummy_hash() -> &'static str {
    static DUMMY: LazyLock<String> = LazyLock::new(|| hash_password(super::random_token().as_bytes()).0);
    &DUMMY
}

#[cfg(test)]
mod tests {
    use argon2::password_hash::{PasswordHasher, SaltString};

    use super::*;

    #[test]
    fn a_hash_matches_its_password_only_and_is_argon2id_of_the_agreed_cost() {
        let hash = hash_password(b"Qw3rTyUp9k");
        assert!(hash.0.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(verify_password(&hash.0, b"Qw3rTyUp9k"));
        assert!(!verify_password(&hash.0, b"Qw3rTyUp9K"));
        assert!(!verify_password("not a hash", b"Qw3rTyUp9k"));
        // As the library itself writes and reads them, of this cost and of another.
        let parsed = Phc::new(&hash.0).unwrap();
        assert!(Argon2::default().verify_password(b"Qw3rTyUp9k", &parsed).is_ok());
        let cheap = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(64, 1, 1, None).unwrap());
        let salt = SaltString::encode_b64(b"0123456789abcdef").unwrap();
        let other = cheap.hash_password(b"Qw3rTyUp9k", &salt).unwrap().to_string();
        assert!(verify_password(&other, b"Qw3rTyUp9k") && !verify_password(&other, b"Qw3rTyUp9K"));
        let same = Argon2::default().hash_password(b"Qw3rTyUp9k", &salt).unwrap().to_string();
        assert!(verify_password(&same, b"Qw3rTyUp9k") && !verify_password(&same, b"Qw3rTyUp9K"));
        assert!(!verify_password(dummy_hash(), b""));
    }
}
