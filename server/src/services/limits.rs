//! The counts of failures, in the database so that they hold over nodes and restarts. Subjects are
//! keyed digests, never the datum itself.

use std::net::IpAddr;

use contract::{ChamberCode, ServiceResult, Timestamp};
use domain::limits::{IDENTITY, NETWORK, Policy, Refusal, STAFF, Tally};
use entity::limites;
use sea_orm::sea_query::{LockBehavior, LockType, OnConflict};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter,
    QuerySelect, Set,
};

use crate::secrets::MacKey;
use crate::services::fault::unexpected;

/// How often a row is made again that another transaction deletes.
pub(crate) const LOCK_TRIES: usize = 5;

/// How long the count of an identity is kept after the last failure.
pub(crate) const SUBJECT_SECONDS: i64 = 30 * 24 * 3600;

/// Old counts forgotten by one merchant's request.
const PURGED_AT_ONCE: u64 = 500;

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// Guesses of one identification.
    Identity,
    /// Guesses from one network.
    Network,
    /// Guesses that one system of the chamber hands on (signing service).
    System,
    /// «No fui yo» links tried from one network.
    DisownNetwork,
    /// Log-ins of one staff user name.
    Login,
    /// Log-ins from one network.
    LoginNetwork,
    /// Nothing: a row to lock while the chamber's SMS are counted.
    SmsBudget,
}

impl Class {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Identity => "identidad",
            Self::Network => "red",
            Self::System => "sistema",
            Self::DisownNetwork => "no_fui_yo_red",
            Self::Login => "ingreso",
            Self::LoginNetwork => "ingreso_red",
            Self::SmsBudget => "sms",
        }
    }

    const fn policy(self) -> &'static Policy {
        match self {
            Self::Identity | Self::SmsBudget => &IDENTITY,
            Self::Login => &STAFF,
            Self::Network | Self::System | Self::DisownNetwork | Self::LoginNetwork => &NETWORK,
        }
    }
}

/// Something counted: its class, its digest and the figures that hold for it.
#[derive(Clone, Debug)]
pub(crate) struct Subject {
    class: Class,
    digest: String,
    policy: Policy,
}

impl Subject {
    /// A subject of this chamber.
    pub(crate) fn new(mac: &MacKey, camara: ChamberCode, class: Class, datum: &str) -> Self {
        let parts = [camara.as_str().as_bytes(), class.as_str().as_bytes(), datum.as_bytes()];
        Self { class, digest: mac.mac_hex("limit-subject-v1", &parts), policy: *class.policy() }
    }

    /// A network: an IPv4 address, or the /64 of an IPv6 one.
    pub(crate) fn network(mac: &MacKey, camara: ChamberCode, class: Class, address: IpAddr) -> Self {
        let datum = match address.to_canonical() {
            IpAddr::V4(v4) => v4.to_string(),
            IpAddr::V6(v6) => format!("{:x?}", &v6.segments()[..4]),
        };
        Self::new(mac, camara, class, &datum)
    }

    /// The same with the chamber's own figures.
    pub(crate) fn under(self, policy: Policy) -> Self {
        Self { policy, ..self }
    }

    /// A few letters of the digest: enough for the trail to tell subjects apart.
    pub(crate) fn short(&self) -> &str {
        &self.digest[..12]
    }
}

/// Counts a try of each subject as a failure, before anything is compared. With one of them
/// refused, none is counted. Says which subjects this very try locked.
pub(crate) async fn attempt(
    txn: &DatabaseTransaction,
    camara: ChamberCode,
    subjects: &[&Subject],
    now: Timestamp,
) -> ServiceResult<Result<bool, Refusal>> {
    let mut counted = Vec::new();
    for subject in subjects {
        let row = lock(txn, camara, subject).await?;
        match tally(&row).attempt(&subject.policy, now) {
            // Nothing to wait for is kept as no time at all: a try that stood in line for this row brings an
            // older time along, and must not be told to wait for the one before it.
            Ok(next) if next.wait_until <= now => counted.push((row, Tally { wait_until: Timestamp(0), ..next })),
            Ok(next) => counted.push((row, next)),
            Err(refusal) => return Ok(Err(refusal)),
        }
    }
    let mut locked = false;
    for (row, next) in counted {
        locked |= next.locked;
        store(txn, row, next).await?;
    }
    Ok(Ok(locked))
}

/// Forgets every failure: the one who owns the subject has shown it.
pub(crate) async fn forget(txn: &DatabaseTransaction, camara: ChamberCode, subject: &Subject) -> ServiceResult<bool> {
    let deleted = limites::Entity::delete_many()
        .filter(limites::Column::Camara.eq(camara.as_str()))
        .filter(limites::Column::Clase.eq(subject.class.as_str()))
        .filter(limites::Column::Sujeto.eq(&subject.digest))
        .exec(txn)
        .await
        .map_err(unexpected)?;
    Ok(deleted.rows_affected > 0)
}

/// Takes back one counted try of a subject that many share.
pub(crate) async fn take_back(txn: &DatabaseTransaction, camara: ChamberCode, subject: &Subject) -> ServiceResult<()> {
    let row = lock(txn, camara, subject).await?;
    let next = tally(&row).taken_back(&subject.policy);
    store(txn, row, next).await
}

/// The subject's row, locked until the transaction ends.
pub(crate) async fn lock(
    txn: &DatabaseTransaction,
    camara: ChamberCode,
    subject: &Subject,
) -> ServiceResult<limites::Model> {
    let key = (camara.to_string(), subject.class.as_str().to_owned(), subject.digest.clone());
    let fresh = limites::ActiveModel {
        camara: Set(key.0.clone()),
        clase: Set(key.1.clone()),
        sujeto: Set(key.2.clone()),
        fallos: Set(0),
        fallos_hora: Set(0),
        hora_desde: Set(0),
        espera_hasta: Set(0),
        bloqueado: Set(false),
    };
    // Forgetting deletes rows: one that goes between the two statements is made again.
    for _ in 0..LOCK_TRIES {
        limites::Entity::insert(fresh.clone())
            .on_conflict(OnConflict::new().do_nothing().to_owned())
            .exec_without_returning(txn)
            .await
            .map_err(unexpected)?;
        let row = limites::Entity::find_by_id(key.clone()).lock_exclusive().one(txn).await.map_err(unexpected)?;
        if let Some(row) = row {
            return Ok(row);
        }
    }
    Err(unexpected("the row of a limit vanished"))
}

/// Networks whose hour is long over are forgotten.
pub(crate) async fn purge(txn: &DatabaseTransaction, camara: ChamberCode, before: Timestamp) -> ServiceResult<()> {
    let networks = [Class::Network, Class::System, Class::DisownNetwork, Class::LoginNetwork];
    limites::Entity::delete_many()
        .filter(limites::Column::Camara.eq(camara.as_str()))
        .filter(limites::Column::Clase.is_in(networks.map(Class::as_str)))
        .filter(limites::Column::HoraDesde.lt(before.0))
        .exec(txn)
        .await
        .map_err(unexpected)?;
    Ok(())
}

/// Counts of one identity or user name that nothing was added to since then are forgotten, unless staff
/// alone may unlock it.
pub(crate) async fn purge_subjects(
    txn: &DatabaseTransaction,
    camara: ChamberCode,
    before: Timestamp,
) -> ServiceResult<()> {
    let classes = [Class::Identity.as_str(), Class::Login.as_str()];
    let old = limites::Entity::find()
        .select_only()
        .column(limites::Column::Sujeto)
        .filter(limites::Column::Camara.eq(camara.as_str()))
        .filter(limites::Column::Clase.is_in(classes))
        .filter(limites::Column::Bloqueado.eq(false))
        .filter(limites::Column::HoraDesde.lt(before.0))
        .filter(limites::Column::EsperaHasta.lt(before.0))
        .limit(PURGED_AT_ONCE)
        // One that somebody is just counting is passed over: who waits for nobody can block nobody.
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
    let old: Vec<String> = old.into_tuple().all(txn).await.map_err(unexpected)?;
    if old.is_empty() {
        return Ok(());
    }
    limites::Entity::delete_many()
        .filter(limites::Column::Camara.eq(camara.as_str()))
        .filter(limites::Column::Clase.is_in(classes))
        .filter(limites::Column::Sujeto.is_in(old))
        .exec(txn)
        .await
        .map_err(unexpected)?;
    Ok(())
}

/// What is counted against a subject; nothing counted reads as a fresh tally.
pub(crate) async fn look<C: ConnectionTrait>(
    conn: &C,
    camara: ChamberCode,
    subject: &Subject,
) -> ServiceResult<Option<Tally>> {
    let key = (camara.to_string(), subject.class.as_str().to_owned(), subject.digest.clone());
    let row = limites::Entity::find_by_id(key).one(conn).await.map_err(unexpected)?;
    Ok(row.as_ref().map(tally))
}

fn tally(row: &limites::Model) -> Tally {
    Tally {
        failures: row.fallos,
        hour_failures: row.fallos_hora,
        hour_since: Timestamp(row.hora_desde),
        wait_until: Timestamp(row.espera_hasta),
        locked: row.bloqueado,
    }
}

async fn store(txn: &DatabaseTransaction, row: limites::Model, tally: Tally) -> ServiceResult<()> {
    let mut row = row.into_active_model();
    row.fallos = Set(tally.failures);
    row.fallos_hora = Set(tally.hour_failures);
    row.hora_desde = Set(tally.hour_since.0);
    row.espera_hasta = Set(tally.wait_until.0);
    row.bloqueado = Set(tally.locked);
    row.update(txn).await.map_err(unexpected)?;
    Ok(())
}
