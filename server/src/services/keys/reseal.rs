//! What was sealed under an older key is sealed again under the current one, while servers serve and
//! send. This concerns the whole installation, so it goes chamber by chamber.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use contract::ChamberCode;
use entity::{claves_preasignadas as claves, secretos, segundos_factores as factores};
use sea_orm::sea_query::{Expr, LockBehavior, LockType};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect,
};
use serde::Serialize;

use crate::clock::Clock;
use crate::db::Db;
use crate::secrets::{Vault, secret_binding};
use crate::services::audit::{Action, record};
use crate::services::campaign::seal_binding;
use crate::services::staff::factor_binding;

/// Rows of one transaction.
const BATCH: u64 = 500;

/// How often the rows that were in another's hands are tried again, and the wait in between.
const PASSES: u32 = 25;
const PASS_WAIT: Duration = Duration::from_millis(200);

/// What a key sealed that still stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct KeyUse {
    /// Sealed passwords.
    pub contrasenas: u64,
    /// Secrets of the installation and of staff's second factors.
    pub secretos: u64,
}

/// What a rotation did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ResealReport {
    /// The current key's name.
    pub llave: String,
    /// Passwords sealed again.
    pub contrasenas: u64,
    /// Secrets of the installation and of staff's second factors sealed again.
    pub secretos: u64,
    /// Passwords that another process held until the end: still openable, to be sealed again later.
    pub por_sellar: u64,
    /// Passwords that no key of the file opens: left as they are.
    pub sin_llave: u64,
}

/// What each key sealed, by the key's name.
///
/// # Errors
/// When the database fails.
pub(super) async fn usage(db: &Db) -> Result<BTreeMap<String, KeyUse>, DbErr> {
    #[derive(FromQueryResult)]
    struct Counted {
        sellada_llave: Option<String>,
        cuantas: i64,
    }
    let counted = claves::Entity::find()
        .select_only()
        .column(claves::Column::SelladaLlave)
        .column_as(claves::Column::Id.count(), "cuantas")
        .filter(claves::Column::Sellada.is_not_null())
        .group_by(claves::Column::SelladaLlave)
        .into_model::<Counted>()
        .all(db.reader())
        .await?;
    let mut keys: BTreeMap<String, KeyUse> = BTreeMap::new();
    for row in counted {
        let key = keys.entry(row.sellada_llave.unwrap_or_default()).or_default();
        key.contrasenas += u64::try_from(row.cuantas).unwrap_or_default();
    }
    for secret in secretos::Entity::find().all(db.reader()).await? {
        keys.entry(secret.llave).or_default().secretos += 1;
    }
    for factor in factores::Entity::find().all(db.reader()).await? {
        keys.entry(factor.llave).or_default().secretos += 1;
    }
    Ok(keys)
}

/// Seals everything under the vault's current key. It may be stopped at any point and run again: each
/// row is openable before and after, and one that moves meanwhile is left as it became.
///
/// # Errors
/// When the database fails.
pub(super) async fn reseal(
    db: &Db,
    vault: &Vault,
    clock: &Clock,
    actor: &str,
    chambers: &[ChamberCode],
) -> Result<ResealReport, DbErr> {
    let mut report = ResealReport { llave: vault.key_id(), ..ResealReport::default() };
    report.secretos =
        reseal_secrets(db, vault, &report.llave).await? + reseal_factors(db, vault, &report.llave).await?;
    let codes: BTreeSet<ChamberCode> =
        chambers.iter().copied().chain(chambers_with(db, &report.llave).await?).collect();
    for camara in codes {
        let done = reseal_chamber(db, vault, camara, &report.llave).await?;
        report.contrasenas += done.contrasenas;
        report.por_sellar += done.por_sellar;
        report.sin_llave += done.sin_llave;
        let txn = db.write().await?;
        let detail = format!("llave={} contrasenas={}", report.llave, done.contrasenas);
        record(&txn, camara, clock.now(), actor, Action::ClavesRotadas, detail).await?;
        txn.commit().await?;
    }
    Ok(report)
}

async fn reseal_secrets(db: &Db, vault: &Vault, current: &str) -> Result<u64, DbErr> {
    let mut done = 0;
    let txn = db.write().await?;
    let older = secretos::Entity::find().filter(secretos::Column::Llave.ne(current)).lock_exclusive();
    for row in older.all(&txn).await? {
        let binding = secret_binding(&row.nombre);
        let Ok(opened) = vault.open(&row.llave, &row.sellado, &binding) else { continue };
        let sealed = vault.seal(&opened, &binding).map_err(|error| DbErr::Custom(error.to_string()))?;
        let changed = secretos::Entity::update_many()
            .col_expr(secretos::Column::Sellado, Expr::value(sealed.bytes))
            .col_expr(secretos::Column::Llave, Expr::value(sealed.key_id))
            .filter(secretos::Column::Nombre.eq(row.nombre))
            .filter(secretos::Column::Llave.eq(row.llave))
            .exec(&txn)
            .await?;
        done += changed.rows_affected;
    }
    txn.commit().await?;
    Ok(done)
}

/// One factor that no key opens any more is left as it is: an administrator takes it away.
async fn reseal_factors(db: &Db, vault: &Vault, current: &str) -> Result<u64, DbErr> {
    let mut done = 0;
    let txn = db.write().await?;
    let older = factores::Entity::find().filter(factores::Column::Llave.ne(current)).lock_exclusive();
    for row in older.all(&txn).await? {
        let binding = factor_binding(&row.camara, row.funcionario_id);
        let Ok(opened) = vault.open(&row.llave, &row.sellado, &binding) else { continue };
        let sealed = vault.seal(&opened, &binding).map_err(|error| DbErr::Custom(error.to_string()))?;
        let changed = factores::Entity::update_many()
            .col_expr(factores::Column::Sellado, Expr::value(sealed.bytes))
            .col_expr(factores::Column::Llave, Expr::value(sealed.key_id))
            .filter(factores::Column::FuncionarioId.eq(row.funcionario_id))
            .filter(factores::Column::Llave.eq(row.llave))
            .exec(&txn)
            .await?;
        done += changed.rows_affected;
    }
    txn.commit().await?;
    Ok(done)
}

/// Chambers with passwords under another key, configured here or not.
async fn chambers_with(db: &Db, current: &str) -> Result<Vec<ChamberCode>, DbErr> {
    let codes: Vec<String> = claves::Entity::find()
        .select_only()
        .column(claves::Column::Camara)
        .distinct()
        .filter(claves::Column::Sellada.is_not_null())
        .filter(claves::Column::SelladaLlave.ne(current))
        .into_tuple()
        .all(db.reader())
        .await?;
    Ok(codes.iter().filter_map(|code| ChamberCode::parse(code)).collect())
}

async fn reseal_chamber(db: &Db, vault: &Vault, camara: ChamberCode, current: &str) -> Result<ResealReport, DbErr> {
    let mut report = ResealReport::default();
    for pass in 0..PASSES {
        if pass > 0 {
            tokio::time::sleep(PASS_WAIT).await;
        }
        let mut after = 0;
        report.sin_llave = 0;
        loop {
            let txn = db.write().await?;
            let rows = older(camara, current).filter(claves::Column::Id.gt(after));
            // Rows in a worker's hands are passed over: who waits for nobody can block nobody.
            let locked = rows.limit(BATCH).lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
            let rows = locked.all(&txn).await?;
            let Some(last) = rows.last() else { break };
            after = last.id;
            for row in rows {
                match reseal_row(&txn, vault, row).await? {
                    Some(changed) => report.contrasenas += changed,
                    None => report.sin_llave += 1,
                }
            }
            txn.commit().await?;
        }
        let left = older(camara, current).select_only().column(claves::Column::Id).into_tuple::<i64>();
        let left = left.all(db.reader()).await?.len() as u64;
        report.por_sellar = left.saturating_sub(report.sin_llave);
        if report.por_sellar == 0 {
            break;
        }
    }
    Ok(report)
}

fn older(camara: ChamberCode, current: &str) -> sea_orm::Select<claves::Entity> {
    claves::Entity::find()
        .filter(claves::Column::Camara.eq(camara.as_str()))
        .filter(claves::Column::Sellada.is_not_null())
        .filter(claves::Column::SelladaLlave.ne(current))
        .order_by_asc(claves::Column::Id)
}

/// One password; `None` when no key opens it. It is only written over what was read.
async fn reseal_row(txn: &DatabaseTransaction, vault: &Vault, row: claves::Model) -> Result<Option<u64>, DbErr> {
    let binding = seal_binding(&row.camara, &row.identificacion, row.ano, row.generacion);
    let Some((sealed, key)) = row.sellada.zip(row.sellada_llave) else { return Ok(None) };
    let Ok(opened) = vault.open(&key, &sealed, &binding) else { return Ok(None) };
    let again = vault.seal(&opened, &binding).map_err(|error| DbErr::Custom(error.to_string()))?;
    let changed = claves::Entity::update_many()
        .col_expr(claves::Column::Sellada, Expr::value(again.bytes))
        .col_expr(claves::Column::SelladaLlave, Expr::value(again.key_id))
        .filter(claves::Column::Camara.eq(row.camara))
        .filter(claves::Column::Id.eq(row.id))
        .filter(claves::Column::Generacion.eq(row.generacion))
        .filter(claves::Column::SelladaLlave.eq(key))
        .filter(claves::Column::Sellada.eq(sealed))
        .exec(txn)
        .await?;
    Ok(Some(changed.rows_affected))
}
