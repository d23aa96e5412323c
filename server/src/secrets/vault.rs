//! Sealing: a secret at rest, readable only with a master key and only in its own row.
//!
//! A vault over a file follows it: keys may be rotated while servers serve. Before it seals it looks
//! at most once a second whether the file changed; before it gives a key up for unknown it always looks.

use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use rand::RngCore;
use zeroize::Zeroizing;

use super::mac_key::hmac;
use super::{KeyFileFault, KeyRing, MasterKey};

/// Seals with the current master key, opens with any; cheap to clone, its clones share their keys.
#[derive(Clone)]
pub struct Vault {
    file: Option<Arc<PathBuf>>,
    keys: Arc<RwLock<Keys>>,
}

struct Keys {
    /// The first is the current one.
    all: Vec<Arc<SealingKey>>,
    stamp: Option<Stamp>,
    looked: Instant,
}

struct SealingKey {
    id: String,
    master: MasterKey,
    cipher: XChaCha20Poly1305,
}

/// What changes when the file is replaced or written.
type Stamp = (u64, i64, i64, u64);

/// A sealed secret: nonce and ciphertext, and the name of the key that sealed it.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed {
    /// What is stored.
    pub bytes: Vec<u8>,
    /// To be stored beside it.
    pub key_id: String,
}

/// Why a sealed secret cannot be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// The key that sealed it is not in the key file.
    #[error("the secret was sealed with another master key")]
    OtherKey,
    /// The sealed bytes are not of this key, this row or this generation.
    #[error("the sealed secret cannot be opened")]
    Broken,
}

const NONCE_LENGTH: usize = 24;

/// How long the file may go unseen while secrets are sealed.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

impl Vault {
    /// A vault under this one key, for ever.
    #[must_use]
    pub fn new(master: &MasterKey) -> Self {
        Self { file: None, keys: Arc::new(RwLock::new(Keys::of(&KeyRing::of(master.clone()), None))) }
    }

    /// A vault under the keys of this file, as they change.
    ///
    /// # Errors
    /// When the file holds no keys.
    pub fn over(path: &Path) -> Result<Self, KeyFileFault> {
        let stamp = stamp(path);
        let keys = Keys::of(&KeyRing::read(path)?, stamp);
        Ok(Self { file: Some(Arc::new(path.to_owned())), keys: Arc::new(RwLock::new(keys)) })
    }

    /// The current key's name.
    #[must_use]
    pub fn key_id(&self) -> String {
        self.current().id.clone()
    }

    /// The current key itself, for what was made from it before it had successors.
    pub(super) fn current_key(&self) -> MasterKey {
        self.current().master.clone()
    }

    /// Seals `secret`; `bound_to` names the row and generation and must be given again to open it.
    ///
    /// # Errors
    /// Only for secrets beyond the cipher's 256 GiB.
    pub fn seal(&self, secret: &[u8], bound_to: &str) -> Result<Sealed, VaultError> {
        let key = self.current();
        let mut nonce = [0_u8; NONCE_LENGTH];
        rand::rng().fill_bytes(&mut nonce);
        let payload = Payload { msg: secret, aad: bound_to.as_bytes() };
        let ciphertext = key.cipher.encrypt(XNonce::from_slice(&nonce), payload).map_err(|_| VaultError::Broken)?;
        Ok(Sealed { bytes: [nonce.as_slice(), &ciphertext].concat(), key_id: key.id.clone() })
    }

    /// Opens what [`Vault::seal`] closed under the key of this name.
    ///
    /// # Errors
    /// [`VaultError::OtherKey`] when the file holds no such key, even after another look at it;
    /// [`VaultError::Broken`] when a byte was changed, or the binding differs.
    pub fn open(&self, key_id: &str, sealed: &[u8], bound_to: &str) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        let known = || self.read(|keys| keys.all.iter().find(|key| key.id == key_id).cloned());
        let key = known().or_else(|| {
            self.look();
            known()
        });
        key.ok_or(VaultError::OtherKey)?.open(sealed, bound_to)
    }

    /// Opens what was sealed under any of the keys: for secrets whose key's name is not kept.
    ///
    /// # Errors
    /// When none of them opens it.
    pub fn open_any(&self, sealed: &[u8], bound_to: &str) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        let attempt = || {
            let all = self.read(|keys| keys.all.clone());
            all.iter().find_map(|key| key.open(sealed, bound_to).ok())
        };
        let opened = attempt().or_else(|| {
            self.look();
            attempt()
        });
        opened.ok_or(VaultError::Broken)
    }

    fn current(&self) -> Arc<SealingKey> {
        if self.read(|keys| keys.looked.elapsed() >= LOOK_AGAIN) {
            self.look();
        }
        self.read(|keys| Arc::clone(&keys.all[0]))
    }

    fn read<T>(&self, what: impl FnOnce(&Keys) -> T) -> T {
        what(&self.keys.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Reads the file again when it is not the one that was read last. One that cannot be read changes
    /// nothing: the keys known still serve.
    fn look(&self) {
        let Some(path) = &self.file else { return };
        // Before the keys: a file replaced in between is then simply read once more.
        let stamp = stamp(path);
        let mut keys = self.keys.write().unwrap_or_else(PoisonError::into_inner);
        keys.looked = Instant::now();
        if keys.stamp == stamp {
            return;
        }
        keys.stamp = stamp;
        match KeyRing::read(path) {
            Ok(ring) => *keys = Keys::of(&ring, stamp),
            Err(fault) => tracing::error!(%fault, "CLAVE_MAESTRA_FILE changed and cannot be used"),
        }
    }
}

impl Keys {
    fn of(ring: &KeyRing, stamp: Option<Stamp>) -> Self {
        let all = ring.keys().map(|(key, _)| Arc::new(SealingKey::new(key))).collect();
        Self { all, stamp, looked: Instant::now() }
    }
}

impl SealingKey {
    fn new(master: &MasterKey) -> Self {
        let key = Zeroizing::new(hmac(master.bytes(), "vault-key-v1", &[]));
        Self { id: master.id(), master: master.clone(), cipher: XChaCha20Poly1305::new((&*key).into()) }
    }

    fn open(&self, sealed: &[u8], bound_to: &str) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        let (nonce, ciphertext) = sealed.split_at_checked(NONCE_LENGTH).ok_or(VaultError::Broken)?;
        let payload = Payload { msg: ciphertext, aad: bound_to.as_bytes() };
        let opened = self.cipher.decrypt(XNonce::from_slice(nonce), payload);
        opened.map(Zeroizing::new).map_err(|_| VaultError::Broken)
    }
}

fn stamp(path: &Path) -> Option<Stamp> {
    let found = std::fs::metadata(path).ok()?;
    Some((found.ino(), found.mtime(), found.mtime_nsec(), found.len()))
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Vault({})", self.read(|keys| keys.all[0].id.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_secret_opens_only_in_its_own_row_with_its_own_key() {
        let vault = Vault::new(&MasterKey::generate());
        let sealed = vault.seal(b"Qw3rTyUp9k", "55/7/1").unwrap();
        let open = |vault: &Vault, bytes: &[u8], bound_to: &str| vault.open(&sealed.key_id, bytes, bound_to);
        assert_eq!(open(&vault, &sealed.bytes, "55/7/1").unwrap().as_slice(), b"Qw3rTyUp9k");
        assert_eq!(open(&vault, &sealed.bytes, "55/8/1"), Err(VaultError::Broken));
        let other = Vault::new(&MasterKey::generate());
        assert_eq!(open(&other, &sealed.bytes, "55/7/1"), Err(VaultError::OtherKey));
        assert_eq!(other.open_any(&sealed.bytes, "55/7/1"), Err(VaultError::Broken));
        for index in 0..sealed.bytes.len() {
            let mut changed = sealed.bytes.clone();
            changed[index] ^= 1;
            assert_eq!(open(&vault, &changed, "55/7/1"), Err(VaultError::Broken));
        }
        assert_eq!(open(&vault, b"short", "55/7/1"), Err(VaultError::Broken));
    }
}
