//! Password hashes: argon2id, m=19456 KiB, t=2, p=1 (OWASP's first choice). Slow on purpose: call
//! from a blocking thread.

use std::sync::LazyLock;

use argon2::Argon2;
use argon2::password_hash::{PasswordHash as Phc, PasswordHasher, PasswordVerifier, SaltString};
use rand::RngCore;

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
    let hashed = SaltString::encode_b64(&salt).and_then(|salt| {
        figures::argon2(|| Argon2::default().hash_password(password, &salt).map(|hash| hash.to_string()))
    });
    match hashed {
        Ok(hash) => PasswordHash(hash),
        Err(error) => unreachable!("argon2 with default parameters: {error}"),
    }
}

/// Whether `password` is the one hashed. A hash that cannot be read matches nothing.
#[must_use]
pub fn verify_password(hash: &str, password: &[u8]) -> bool {
    let compare = |parsed: Phc<'_>| figures::argon2(|| Argon2::default().verify_password(password, &parsed).is_ok());
    Phc::new(hash).is_ok_and(compare)
}

/// A hash of nobody's password, to spend the same work when there is nothing to compare with.
#[must_use]
pub fn dummy_hash() -> &'static str {
    static DUMMY: LazyLock<String> = LazyLock::new(|| hash_password(super::random_token().as_bytes()).0);
    &DUMMY
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_matches_its_password_only_and_is_argon2id_of_the_agreed_cost() {
        let hash = hash_password(b"Qw3rTyUp9k");
        assert!(hash.0.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(verify_password(&hash.0, b"Qw3rTyUp9k"));
        assert!(!verify_password(&hash.0, b"Qw3rTyUp9K"));
        assert!(!verify_password("not a hash", b"Qw3rTyUp9k"));
        assert!(!verify_password(dummy_hash(), b""));
    }
}
