//! Sealing: a secret at rest, readable only with the master key and only in its own row.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use rand::RngCore;
use zeroize::Zeroizing;

use super::MasterKey;

/// Seals and opens with XChaCha20-Poly1305 under a key derived from the master key.
#[derive(Clone)]
pub struct Vault {
    cipher: XChaCha20Poly1305,
    key_id: String,
}

/// A sealed secret: nonce and ciphertext.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed(pub Vec<u8>);

/// The sealed bytes are not of this key, this row or this generation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the sealed secret cannot be opened")]
pub struct VaultError;

const NONCE_LENGTH: usize = 24;

impl Vault {
    /// A vault under this master key.
    #[must_use]
    pub fn new(master: &MasterKey) -> Self {
        let key = Zeroizing::new(master.mac("vault-key-v1", &[]));
        let key_id = master.mac_hex("vault-key-id-v1", &[])[..16].to_owned();
        Self { cipher: XChaCha20Poly1305::new((&*key).into()), key_id }
    }

    /// The key's name, stored beside each sealed secret so that keys can be rotated.
    #[must_use]
    pub fn key_id(&self) -> &str {
        &self.key_id
    }

    /// Seals `secret`; `bound_to` names the row and generation and must be given again to open it.
    ///
    /// # Errors
    /// Only for secrets beyond the cipher's 256 GiB.
    pub fn seal(&self, secret: &[u8], bound_to: &str) -> Result<Sealed, VaultError> {
        let mut nonce = [0_u8; NONCE_LENGTH];
        rand::rng().fill_bytes(&mut nonce);
        let payload = Payload { msg: secret, aad: bound_to.as_bytes() };
        let ciphertext = self.cipher.encrypt(XNonce::from_slice(&nonce), payload).map_err(|_| VaultError)?;
        Ok(Sealed([nonce.as_slice(), &ciphertext].concat()))
    }

    /// Opens what [`Vault::seal`] closed.
    ///
    /// # Errors
    /// When a byte was changed, or key or binding differ.
    pub fn open(&self, sealed: &[u8], bound_to: &str) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        let (nonce, ciphertext) = sealed.split_at_checked(NONCE_LENGTH).ok_or(VaultError)?;
        let payload = Payload { msg: ciphertext, aad: bound_to.as_bytes() };
        self.cipher.decrypt(XNonce::from_slice(nonce), payload).map(Zeroizing::new).map_err(|_| VaultError)
    }
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Vault({})", self.key_id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_secret_opens_only_in_its_own_row_with_its_own_key() {
        let vault = Vault::new(&MasterKey::generate());
        let sealed = vault.seal(b"Qw3rTyUp9k", "55/7/1").unwrap();
        assert_eq!(vault.open(&sealed.0, "55/7/1").unwrap().as_slice(), b"Qw3rTyUp9k");
        assert_eq!(vault.open(&sealed.0, "55/8/1"), Err(VaultError));
        assert_eq!(Vault::new(&MasterKey::generate()).open(&sealed.0, "55/7/1"), Err(VaultError));
        for index in 0..sealed.0.len() {
            let mut changed = sealed.0.clone();
            changed[index] ^= 1;
            assert_eq!(vault.open(&changed, "55/7/1"), Err(VaultError));
        }
        assert_eq!(vault.open(b"short", "55/7/1"), Err(VaultError));
    }
}
