//! Master keys: 32 random bytes each, in a file outside the database (`CLAVE_MAESTRA_FILE`), one a
//! line. The first is the current one; the others only open what they sealed, or wait for their turn.

use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rand::RngCore;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::mac_key::hmac;

/// One master key. It is never printed.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct MasterKey([u8; 32]);

impl MasterKey {
    /// A new random key.
    #[must_use]
    pub fn generate() -> Self {
        let mut key = [0; 32];
        rand::rng().fill_bytes(&mut key);
        Self(key)
    }

    /// The key as it stands in its file.
    #[must_use]
    pub fn to_base64(&self) -> Zeroizing<String> {
        Zeroizing::new(STANDARD.encode(self.0))
    }

    /// The key's name, stored beside each sealed secret: tells nothing of the key.
    #[must_use]
    pub fn id(&self) -> String {
        hmac(&self.0, "vault-key-id-v1", &[])[..8].iter().map(|byte| format!("{byte:02x}")).collect()
    }

    pub(super) const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    fn parse(text: &str) -> Option<Self> {
        let bytes = Zeroizing::new(STANDARD.decode(text).ok()?);
        <[u8; 32]>::try_from(bytes.as_slice()).ok().map(Self)
    }
}

impl std::fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MasterKey(…)")
    }
}

/// Why a key file cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyFileFault {
    /// The file cannot be read.
    #[error("the key file cannot be read")]
    Unreadable,
    /// It holds no key.
    #[error("the key file is empty")]
    Empty,
    /// A line does not hold 32 bytes in base64.
    #[error("line {line} of the key file does not hold 32 bytes in base64")]
    Malformed {
        /// Which, from 1.
        line: usize,
    },
}

impl KeyFileFault {
    /// What to do about it, in Spanish.
    #[must_use]
    pub fn remedy(&self) -> String {
        match self {
            Self::Unreadable => "no se puede leer el archivo; créelo con: openssl rand -base64 32".to_owned(),
            Self::Empty => "el archivo está vacío; créelo con: openssl rand -base64 32".to_owned(),
            Self::Malformed { line } => format!(
                "la línea {line} debe contener 32 bytes en base64 (una llave por línea, la actual en la primera); \
                 corríjala desde su copia de respaldo. Una llave nueva se crea con: openssl rand -base64 32"
            ),
        }
    }
}

/// What a key of the file is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyRole {
    /// Seals and opens.
    Current,
    /// Opens what it sealed before.
    Older,
    /// Waits on every node to become the current one.
    Prepared,
}

/// The word after a key that is prepared: without it a key below the first is an older one.
const PREPARED: &str = "preparada";

/// The keys of a file: at least one, the first current.
#[derive(Clone, Debug)]
pub struct KeyRing {
    keys: Vec<(MasterKey, KeyRole)>,
}

impl KeyRing {
    /// A ring of one key.
    #[must_use]
    pub fn of(key: MasterKey) -> Self {
        Self { keys: vec![(key, KeyRole::Current)] }
    }

    /// Reads a key file.
    ///
    /// # Errors
    /// When it cannot be read, is empty, or a line is no key.
    pub fn read(path: &Path) -> Result<Self, KeyFileFault> {
        let text = Zeroizing::new(std::fs::read_to_string(path).map_err(|_| KeyFileFault::Unreadable)?);
        Self::parse(&text)
    }

    /// Reads the text of a key file.
    ///
    /// # Errors
    /// When it is empty or a line is no key.
    pub fn parse(text: &str) -> Result<Self, KeyFileFault> {
        let mut keys = Vec::new();
        for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            let mut words = line.split_whitespace();
            let key = words.next().and_then(MasterKey::parse);
            let role = match (keys.is_empty(), words.next()) {
                (true, None) => Some(KeyRole::Current),
                (false, None) => Some(KeyRole::Older),
                (false, Some(PREPARED)) => Some(KeyRole::Prepared),
                _ => None,
            };
            match key.zip(role) {
                Some(pair) if words.next().is_none() => keys.push(pair),
                _ => return Err(KeyFileFault::Malformed { line: index + 1 }),
            }
        }
        if keys.is_empty() { Err(KeyFileFault::Empty) } else { Ok(Self { keys }) }
    }

    /// The text of its file.
    #[must_use]
    pub fn to_text(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(self.keys.len() * 64));
        for (key, role) in &self.keys {
            text.push_str(&key.to_base64());
            if *role == KeyRole::Prepared {
                text.push(' ');
                text.push_str(PREPARED);
            }
            text.push('\n');
        }
        text
    }

    /// Every key with what it is for, the current one first.
    pub fn keys(&self) -> impl Iterator<Item = (&MasterKey, KeyRole)> {
        self.keys.iter().map(|(key, role)| (key, *role))
    }

    /// The name of the current key.
    #[must_use]
    pub fn current_id(&self) -> String {
        self.keys.first().map(|(key, _)| key.id()).unwrap_or_default()
    }

    /// The name of the key that waits for its turn.
    #[must_use]
    pub fn prepared_id(&self) -> Option<String> {
        self.keys().find(|(_, role)| *role == KeyRole::Prepared).map(|(key, _)| key.id())
    }

    /// With a key that waits for its turn; the same ring when one waits already.
    #[must_use]
    pub fn with_prepared(mut self) -> Self {
        if self.prepared_id().is_none() {
            self.keys.push((MasterKey::generate(), KeyRole::Prepared));
        }
        self
    }

    /// The prepared key made the current one, and every other one an older one.
    #[must_use]
    pub fn rotated(self) -> Self {
        let (mut next, others): (Vec<_>, Vec<_>) =
            self.with_prepared().keys.into_iter().partition(|(_, role)| *role == KeyRole::Prepared);
        next.extend(others);
        for (index, (_, role)) in next.iter_mut().enumerate() {
            *role = if index == 0 { KeyRole::Current } else { KeyRole::Older };
        }
        Self { keys: next }
    }

    /// Without the older keys.
    #[must_use]
    pub fn without_older(mut self) -> Self {
        self.keys.retain(|(_, role)| *role != KeyRole::Older);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(ring: &KeyRing) -> Vec<(String, KeyRole)> {
        ring.keys().map(|(key, role)| (key.id(), role)).collect()
    }

    #[test]
    fn a_file_reads_as_it_was_written() {
        let ring = KeyRing::of(MasterKey::generate()).rotated().with_prepared();
        let roles: Vec<KeyRole> = ring.keys().map(|(_, role)| role).collect();
        assert_eq!(roles, [KeyRole::Current, KeyRole::Older, KeyRole::Prepared]);
        assert_eq!(ids(&KeyRing::parse(&ring.to_text()).unwrap()), ids(&ring));
        // As `openssl rand -base64 32` writes it, and without its end of line.
        let key = MasterKey::generate();
        for text in [format!("{}\n", &*key.to_base64()), key.to_base64().to_string()] {
            assert_eq!(KeyRing::parse(&text).unwrap().current_id(), key.id());
        }
    }

    #[test]
    fn rotation_takes_the_prepared_key_or_a_new_one_and_never_an_older_one() {
        let first = KeyRing::of(MasterKey::generate());
        let second = first.clone().rotated();
        let third = second.clone().rotated();
        assert_eq!(ids(&third)[1..], [(second.current_id(), KeyRole::Older), (first.current_id(), KeyRole::Older)]);
        let prepared = third.clone().with_prepared();
        let waiting = prepared.prepared_id().unwrap();
        assert_eq!(prepared.clone().with_prepared().prepared_id().unwrap(), waiting);
        assert_eq!(prepared.current_id(), third.current_id());
        assert_eq!(prepared.rotated().current_id(), waiting);
        assert_eq!(ids(&third.clone().without_older()), [(third.current_id(), KeyRole::Current)]);
    }

    #[test]
    fn a_line_that_is_no_key_is_named() {
        let good = MasterKey::generate().to_base64().to_string();
        let fault = |text: &str| KeyRing::parse(text).unwrap_err();
        assert_eq!(fault(" \n\n"), KeyFileFault::Empty);
        assert_eq!(fault("corta"), KeyFileFault::Malformed { line: 1 });
        assert_eq!(fault(&format!("{good}\n\n{good}x\n")), KeyFileFault::Malformed { line: 3 });
        assert_eq!(fault(&format!("{good} preparada\n")), KeyFileFault::Malformed { line: 1 });
        assert_eq!(fault(&format!("{good}\n{good} vieja\n")), KeyFileFault::Malformed { line: 2 });
        assert!(fault("corta").remedy().starts_with("la línea 1 debe contener 32 bytes en base64"));
    }
}
