//! The keeping of the master key: rotation in steps each of which leaves everything openable.
//!
//! On one machine `rotate` is all. On several, every node must hold the new key before anything is
//! sealed with it: `prepare`, copy the file, `rotate` on one, copy again.

mod reseal;

use std::path::PathBuf;
use std::time::Duration;

use contract::ChamberCode;
use sea_orm::DbErr;
use serde::Serialize;

pub use reseal::{KeyUse, ResealReport};

use crate::clock::Clock;
use crate::db::Db;
use crate::secrets::{KeyFile, KeyFileChangeFault, KeyFileFault, KeyRing, KeyRole, Vault};

/// The name of the command line in the trail: only it comes here.
const ACTOR: &str = "línea de comandos";

/// How long the file must have stood before older keys may go: a selection under way may still commit
/// passwords that it sealed before the change.
const SETTLED: Duration = Duration::from_secs(60 * 60);

/// Why the keys were not changed.
#[derive(Debug, thiserror::Error)]
pub enum KeysFault {
    /// The file cannot be read or written.
    #[error(transparent)]
    File(#[from] KeyFileChangeFault),
    /// An older key is still needed.
    #[error("key {llave} is still in use")]
    InUse {
        /// Its name.
        llave: String,
        /// What it sealed.
        uso: KeyUse,
    },
    /// The file changed less than an hour ago.
    #[error("the key file changed a moment ago")]
    TooFresh,
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DbErr),
}

impl From<KeyFileFault> for KeysFault {
    fn from(fault: KeyFileFault) -> Self {
        Self::File(fault.into())
    }
}

/// A key by its name; `papel` is `None` when passwords are sealed with it but the file lacks it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ListedKey {
    /// Its name.
    pub llave: String,
    /// What it is for.
    pub papel: Option<&'static str>,
    /// What it sealed.
    #[serde(flatten)]
    pub uso: KeyUse,
}

/// Whoever keeps the keys of an installation.
pub struct KeyKeeper {
    /// The database.
    pub db: Db,
    /// The time.
    pub clock: Clock,
    /// `CLAVE_MAESTRA_FILE`.
    pub path: PathBuf,
    /// The chambers whose trail tells of a rotation, besides those with passwords.
    pub chambers: Vec<ChamberCode>,
}

impl KeyKeeper {
    /// Every key of the file and of the database, and what it sealed.
    ///
    /// # Errors
    /// When the file or the database cannot be read.
    pub async fn state(&self) -> Result<Vec<ListedKey>, KeysFault> {
        self.list(&KeyRing::read(&self.path)?).await
    }

    /// Adds a key that only opens until it is its turn; the one that waits already, if there is one.
    ///
    /// # Errors
    /// When the file cannot be changed.
    pub fn prepare(&self) -> Result<String, KeysFault> {
        let file = KeyFile::take(&self.path)?;
        let ring = file.read()?;
        if let Some(waiting) = ring.prepared_id() {
            return Ok(waiting);
        }
        let ring = ring.with_prepared();
        file.replace(&ring)?;
        Ok(ring.prepared_id().unwrap_or_default())
    }

    /// Makes the prepared key, or a new one, the current one, and seals everything with it.
    ///
    /// # Errors
    /// When the file cannot be changed; when the database fails, the key stays changed and
    /// [`KeyKeeper::reseal`] does the rest.
    pub async fn rotate(&self) -> Result<ResealReport, KeysFault> {
        let file = KeyFile::take(&self.path)?;
        file.replace(&file.read()?.rotated())?;
        self.seal_again().await
    }

    /// Seals everything with the current key that another one sealed.
    ///
    /// # Errors
    /// When the file is taken or the database fails.
    pub async fn reseal(&self) -> Result<ResealReport, KeysFault> {
        let _file = KeyFile::take(&self.path)?;
        self.seal_again().await
    }

    /// Takes the older keys out of the file, once nothing needs them; their names.
    ///
    /// # Errors
    /// [`KeysFault::InUse`], [`KeysFault::TooFresh`], or when the file cannot be changed.
    pub async fn retire(&self) -> Result<Vec<String>, KeysFault> {
        let file = KeyFile::take(&self.path)?;
        let ring = file.read()?;
        let mut older = self.list(&ring).await?;
        older.retain(|key| key.papel == Some(role_word(KeyRole::Older)));
        if let Some(used) = older.iter().find(|key| key.uso != KeyUse::default()) {
            return Err(KeysFault::InUse { llave: used.llave.clone(), uso: used.uso });
        }
        if older.is_empty() {
            return Ok(Vec::new());
        }
        if file.age()? < SETTLED {
            return Err(KeysFault::TooFresh);
        }
        file.replace(&ring.without_older())?;
        Ok(older.into_iter().map(|key| key.llave).collect())
    }

    async fn seal_again(&self) -> Result<ResealReport, KeysFault> {
        let vault = Vault::over(&self.path)?;
        Ok(reseal::reseal(&self.db, &vault, &self.clock, ACTOR, &self.chambers).await?)
    }

    async fn list(&self, ring: &KeyRing) -> Result<Vec<ListedKey>, KeysFault> {
        let mut usage = reseal::usage(&self.db).await?;
        let mut all: Vec<ListedKey> = ring
            .keys()
            .map(|(key, role)| {
                let llave = key.id();
                let uso = usage.remove(&llave).unwrap_or_default();
                ListedKey { llave, papel: Some(role_word(role)), uso }
            })
            .collect();
        all.extend(usage.into_iter().map(|(llave, uso)| ListedKey { llave, papel: None, uso }));
        Ok(all)
    }
}

const fn role_word(role: KeyRole) -> &'static str {
    match role {
        KeyRole::Current => "actual",
        KeyRole::Older => "anterior",
        KeyRole::Prepared => "preparada",
    }
}
