//! The master key: 32 bytes in base64 in a file outside the database (`CLAVE_MAESTRA_FILE`).

use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac};
use rand::RngCore;
use sha2::Sha256;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// The key from which every other key is derived. It is never printed.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct MasterKey([u8; 32]);

/// Why a key file cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyFileFault {
    /// The file cannot be read.
    #[error("the key file cannot be read")]
    Unreadable,
    /// It does not hold 32 bytes in base64.
    #[error("the key file does not hold 32 bytes in base64")]
    Malformed,
}

impl MasterKey {
    /// Reads a key file.
    ///
    /// # Errors
    /// When it cannot be read or does not hold exactly 32 bytes in base64.
    pub fn read(path: &Path) -> Result<Self, KeyFileFault> {
        let mut text = std::fs::read_to_string(path).map_err(|_| KeyFileFault::Unreadable)?;
        let decoded = STANDARD.decode(text.trim()).map_err(|_| KeyFileFault::Malformed);
        text.zeroize();
        let mut bytes = decoded?;
        let key = <[u8; 32]>::try_from(bytes.as_slice()).map_err(|_| KeyFileFault::Malformed);
        bytes.zeroize();
        key.map(Self)
    }

    /// A new random key, for a new installation or a test.
    #[must_use]
    pub fn generate() -> Self {
        let mut key = [0; 32];
        rand::rng().fill_bytes(&mut key);
        Self(key)
    }

    /// The key as it stands in its file.
    #[must_use]
    pub fn to_base64(&self) -> String {
        STANDARD.encode(self.0)
    }

    /// HMAC-SHA-256 under this key; `purpose` keeps uses apart.
    #[must_use]
    pub fn mac(&self, purpose: &str, data: &[&[u8]]) -> [u8; 32] {
        // HMAC takes keys of any length, so that this cannot fail.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.0) else { return [0; 32] };
        mac.update(purpose.as_bytes());
        for part in data {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }

    /// [`MasterKey::mac`] as hexadecimal text, for a column.
    #[must_use]
    pub fn mac_hex(&self, purpose: &str, data: &[&[u8]]) -> String {
        self.mac(purpose, data).iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

impl std::fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MasterKey(…)")
    }
}
