//! Changing the key file: one at a time, whole or not at all, and never readable by others.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, fchown};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::{KeyFileFault, KeyRing, random_token};

/// A key file in the hands of one who may change it.
pub struct KeyFile {
    path: PathBuf,
    folder: PathBuf,
    /// The folder's lock: that of the file itself would go with the file that is replaced.
    _lock: File,
}

/// Why the key file cannot be changed.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileChangeFault {
    /// It cannot be used as it is.
    #[error(transparent)]
    Unusable(#[from] KeyFileFault),
    /// Another command is changing it.
    #[error("the key file is being changed by another process")]
    Taken,
    /// It cannot be written.
    #[error("the key file cannot be written: {0}")]
    Write(#[from] io::Error),
}

impl KeyFile {
    /// Takes the file, until dropped.
    ///
    /// # Errors
    /// When it is not there or another process has taken it.
    pub fn take(path: &Path) -> Result<Self, KeyFileChangeFault> {
        // A link is followed, so that its target is replaced and not the link.
        let path = path.canonicalize().map_err(|_| KeyFileFault::Unreadable)?;
        let folder = path.parent().map(Path::to_path_buf).unwrap_or_default();
        let lock = File::open(&folder)?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path, folder, _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(KeyFileChangeFault::Taken),
            Err(TryLockError::Error(error)) => Err(error.into()),
        }
    }

    /// Its keys.
    ///
    /// # Errors
    /// When it is no key file.
    pub fn read(&self) -> Result<KeyRing, KeyFileChangeFault> {
        Ok(KeyRing::read(&self.path)?)
    }

    /// How long it has stood as it is.
    ///
    /// # Errors
    /// When it is gone.
    pub fn age(&self) -> Result<Duration, KeyFileChangeFault> {
        let changed = std::fs::metadata(&self.path)?.modified()?;
        Ok(SystemTime::now().duration_since(changed).unwrap_or_default())
    }

    /// Puts these keys in its place: readers find the former file or the new one, never half of one,
    /// with mode 600 and the same owner, so that the service can still read what an administrator wrote.
    ///
    /// # Errors
    /// When the disk or the folder's permissions do not allow it; then the file is as it was.
    pub fn replace(&self, ring: &KeyRing) -> Result<(), KeyFileChangeFault> {
        let owner = std::fs::metadata(&self.path)?;
        let draft = self.folder.join(format!(".clave-maestra-{}", &random_token()[..12]));
        let written = self.write(&draft, ring, &owner).and_then(|()| std::fs::rename(&draft, &self.path));
        if let Err(error) = written {
            let _ = std::fs::remove_file(&draft);
            return Err(error.into());
        }
        Ok(File::open(&self.folder)?.sync_all()?)
    }

    fn write(&self, draft: &Path, ring: &KeyRing, owner: &std::fs::Metadata) -> io::Result<()> {
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(draft)?;
        let own = file.metadata()?;
        if (own.uid(), own.gid()) != (owner.uid(), owner.gid()) {
            fchown(&file, Some(owner.uid()), Some(owner.gid()))?;
        }
        file.write_all(ring.to_text().as_bytes())?;
        file.sync_all()
    }
}
