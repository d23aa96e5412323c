//! The installation's own key for digests: limits, PINs and budgets are known by it. It lives in the
//! database, sealed under the master key, so that these digests outlive every rotation.

use contract::Timestamp;
use entity::{activaciones, limites, secretos, sms_enviados};
use hmac::{Hmac, Mac};
use rand::RngCore;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, Set};
use sha2::Sha256;
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::{MasterKey, Vault, VaultError};
use crate::db::Db;

/// Its name in `secretos`.
const NAME: &str = "hmac";

/// A key for digests. It is never printed.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct MacKey([u8; 32]);

/// Why the installation's key cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum MacKeyFault {
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DbErr),
    /// The master key does not open it.
    #[error(transparent)]
    Sealed(#[from] VaultError),
}

impl MacKey {
    /// A new random key, for a new installation or a test.
    #[must_use]
    pub fn generate() -> Self {
        let mut key = [0; 32];
        rand::rng().fill_bytes(&mut key);
        Self(key)
    }

    /// The key of installations older than this one's table: their master key itself.
    #[must_use]
    pub fn of_master(master: &MasterKey) -> Self {
        Self(*master.bytes())
    }

    /// The installation's key, made when it has none yet: nodes that start together agree on one. An
    /// installation that already keeps digests goes on with the key they were made with.
    ///
    /// # Errors
    /// When the database fails or the master key is another installation's.
    pub async fn of_installation(db: &Db, vault: &Vault, now: Timestamp) -> Result<Self, MacKeyFault> {
        if let Some(row) = find(db.reader()).await? {
            return open(vault, &row);
        }
        let txn = db.write().await?;
        let key = if keeps_digests(&txn).await? { Self(*vault.current_key().bytes()) } else { Self::generate() };
        let sealed = vault.seal(&key.0, &secret_binding(NAME))?;
        let row = secretos::ActiveModel {
            nombre: Set(NAME.to_owned()),
            sellado: Set(sealed.bytes),
            llave: Set(sealed.key_id),
            creado_en: Set(now.0),
        };
        // The one that commits first wins, and the others read its key.
        let absent = OnConflict::column(secretos::Column::Nombre).do_nothing().to_owned();
        secretos::Entity::insert(row).on_conflict(absent).exec_without_returning(&txn).await?;
        txn.commit().await?;
        let row = find(db.reader()).await?.ok_or_else(|| DbErr::RecordNotFound("installation secret".to_owned()))?;
        open(vault, &row)
    }

    /// Whether the vault opens the installation's key as it stands now.
    ///
    /// # Errors
    /// When the database fails, the key is missing, or no key of the file opens it.
    pub async fn check(db: &Db, vault: &Vault) -> Result<(), MacKeyFault> {
        let row = find(db.reader()).await?.ok_or(VaultError::OtherKey)?;
        open(vault, &row).map(|_| ())
    }

    /// HMAC-SHA-256 under this key as hexadecimal text; `purpose` keeps uses apart.
    #[must_use]
    pub fn mac_hex(&self, purpose: &str, data: &[&[u8]]) -> String {
        hmac(&self.0, purpose, data).iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

impl std::fmt::Debug for MacKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MacKey(…)")
    }
}

/// What a secret of `secretos` is bound to.
pub(crate) fn secret_binding(nombre: &str) -> String {
    format!("secretos/{nombre}")
}

async fn find<C: ConnectionTrait>(conn: &C) -> Result<Option<secretos::Model>, DbErr> {
    secretos::Entity::find_by_id(NAME.to_owned()).one(conn).await
}

fn open(vault: &Vault, row: &secretos::Model) -> Result<MacKey, MacKeyFault> {
    let opened = vault.open(&row.llave, &row.sellado, &secret_binding(NAME))?;
    Ok(MacKey(<[u8; 32]>::try_from(opened.as_slice()).map_err(|_| VaultError::Broken)?))
}

/// Whether anything stands in the database under a digest.
async fn keeps_digests<C: ConnectionTrait>(conn: &C) -> Result<bool, DbErr> {
    Ok(limites::Entity::find().count(conn).await? > 0
        || sms_enviados::Entity::find().count(conn).await? > 0
        || activaciones::Entity::find().count(conn).await? > 0)
}

/// HMAC-SHA-256 with every part's length before it, so that no two lists of parts read alike.
pub(super) fn hmac(key: &[u8; 32], purpose: &str, data: &[&[u8]]) -> [u8; 32] {
    // HMAC takes keys of any length, so that this cannot fail.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return [0; 32] };
    mac.update(purpose.as_bytes());
    for part in data {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}
