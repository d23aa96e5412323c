//! The audit's hash chain: each entry carries the hash of the one before, so that whoever knows the head
//! knows everything before it. The rule of the hash is public (`docs/evidence.md`): a third party
//! recomputes it with any SHA-256.

use contract::Timestamp;
use contract::audit::ChainFlaw as Flaw;
use sha2::{Digest, Sha256};

/// The hash before the first entry.
pub const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// What of an entry goes into its hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry<'a> {
    /// The chamber: each has a chain of its own.
    pub camara: &'a str,
    /// Its place, from 1, without gaps.
    pub secuencia: i64,
    /// When.
    pub ocurrida_en: Timestamp,
    /// Who.
    pub actor: &'a str,
    /// What was done, as a code.
    pub accion: &'a str,
    /// Figures and numbers.
    pub detalle: &'a str,
}

/// A place in the chain with the hash that stands there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The place; 0 before the first entry.
    pub secuencia: i64,
    /// Its hash.
    pub hash: String,
}

impl Link {
    /// Before the first entry.
    #[must_use]
    pub fn genesis() -> Self {
        Self { secuencia: 0, hash: GENESIS.to_owned() }
    }
}

/// The hash of an entry after `previous`: SHA-256, in hexadecimal, over each part with its length in
/// bytes before it, so that no two entries read alike.
#[must_use]
pub fn entry_hash(previous: &str, entry: &Entry<'_>) -> String {
    let (secuencia, at) = (entry.secuencia.to_string(), entry.ocurrida_en.0.to_string());
    let mut digest = Sha256::new();
    for part in [previous, entry.camara, &secuencia, &at, entry.actor, entry.accion, entry.detalle] {
        digest.update(format!("{}:{part}\n", part.len()));
    }
    digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Walks a chain from its genesis, one entry at a time, in the order of their places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Walk {
    at: Link,
}

impl Default for Walk {
    fn default() -> Self {
        Self { at: Link::genesis() }
    }
}

impl Walk {
    /// The next entry, with the two hashes it bears.
    ///
    /// # Errors
    /// The first flaw; from there on nothing proves anything.
    pub fn step(&mut self, entry: &Entry<'_>, previous: &str, hash: &str) -> Result<(), Flaw> {
        let secuencia = self.at.secuencia + 1;
        if entry.secuencia != secuencia {
            return Err(Flaw::Missing { secuencia, found: entry.secuencia });
        }
        if previous != self.at.hash {
            return Err(Flaw::Unlinked { secuencia });
        }
        if hash != entry_hash(previous, entry) {
            return Err(Flaw::Altered { secuencia });
        }
        self.at = Link { secuencia, hash: hash.to_owned() };
        Ok(())
    }

    /// Where the walk stands.
    #[must_use]
    pub const fn at(&self) -> &Link {
        &self.at
    }

    /// Nothing follows: the chain must end at its head.
    ///
    /// # Errors
    /// [`Flaw::Head`] when it ends before or elsewhere.
    pub fn end(self, head: &Link) -> Result<Link, Flaw> {
        if self.at == *head {
            return Ok(self.at);
        }
        Err(Flaw::Head { last: self.at.secuencia, head: head.secuencia })
    }
}

#[cfg(test)]
mod tests;
