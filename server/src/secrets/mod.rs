//! Keys and what is done with them: sealing, hashing, keyed digests.

mod hash;
mod key_file;
mod mac_key;
mod master_key;
mod vault;

pub use hash::{PasswordHash, dummy_hash, hash_password, verify_password};
pub use key_file::{KeyFile, KeyFileChangeFault};
pub(crate) use mac_key::secret_binding;
pub use mac_key::{MacKey, MacKeyFault};
pub use master_key::{KeyFileFault, KeyRing, KeyRole, MasterKey};
pub use vault::{Sealed, Vault, VaultError};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::RngCore;
use sha2::{Digest, Sha256};

/// 256 bits from the system's random source, as text fit for a cookie.
#[must_use]
pub fn random_token() -> String {
    let mut bytes = [0_u8; 32];
    rand::rng().fill_bytes(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}

/// SHA-256 as hexadecimal text: how tokens are stored and documents are named in evidence.
#[must_use]
pub fn sha256_hex(data: &[u8]) -> String {
    Sha256::digest(data).iter().map(|byte| format!("{byte:02x}")).collect()
}
