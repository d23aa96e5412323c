//! Verification of a whole trail: every entry from the genesis to the head, every seal, and the facts of
//! activations whose digests it bears.

use std::collections::BTreeMap;

use contract::audit::{BrokenSeal, ChainFlaw, ChainReport, SealFlaw};
use contract::{ChamberCode, ServiceResult, Timestamp};
use domain::chain::{Entry, Link, Walk};
use entity::{auditoria, auditoria_cabezas, auditoria_sellos, evidencias};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{Action, seal};
use crate::db::Db;
use crate::secrets::sha256_hex;
use crate::services::fault::unexpected;

/// Entries read at once: memory stays flat however long the trail is.
const PAGE: u64 = 2_000;

/// Verifies a chamber's trail as it stands; entries that are written meanwhile are verified too.
///
/// # Errors
/// When the database fails. What is wrong with the trail is no error but stands in the report.
pub async fn verify(db: &Db, camara: ChamberCode) -> ServiceResult<ChainReport> {
    let (mut seals, mut facts) = (Seals::load(db, camara).await?, KeptFacts::default());
    let mut walk = Walk::default();
    let falla = walk_to_the_head(db, camara, &mut walk, &mut seals, &mut facts).await?;
    let at = walk.at().clone();
    let (sellos, sellos_rotos) = seals.broken(&at, falla.is_none());
    let (evidencias, evidencias_rotas) = facts.broken(db, camara).await?;
    let (entradas, hash) = (at.secuencia, at.hash);
    Ok(ChainReport { entradas, hash, falla, sellos, sellos_rotos, evidencias, evidencias_rotas })
}

async fn walk_to_the_head(
    db: &Db,
    camara: ChamberCode,
    walk: &mut Walk,
    seals: &mut Seals,
    facts: &mut KeptFacts,
) -> ServiceResult<Option<ChainFlaw>> {
    loop {
        let rows = page(db, camara, walk.at().secuencia).await?;
        for row in &rows {
            if let Err(flaw) = walk.step(&entry_of(row), &row.hash_previo, &row.hash) {
                return Ok(Some(flaw));
            }
            seals.pass(row, walk.at());
            facts.pass(row);
        }
        if !rows.is_empty() {
            continue;
        }
        let head = auditoria_cabezas::Entity::find_by_id(camara.to_string());
        let head = head.one(db.reader()).await.map_err(unexpected)?;
        let head = head.map_or_else(Link::genesis, |head| Link { secuencia: head.secuencia, hash: head.hash });
        let Err(flaw) = walk.clone().end(&head) else { return Ok(None) };
        // Entries that were written meanwhile came with this head; if there are none, it is a wrong one.
        let behind = head.secuencia > walk.at().secuencia;
        if !behind || page(db, camara, walk.at().secuencia).await?.is_empty() {
            return Ok(Some(flaw));
        }
    }
}

/// The entries after a place, in their order.
pub(super) async fn page(db: &Db, camara: ChamberCode, after: i64) -> ServiceResult<Vec<auditoria::Model>> {
    auditoria::Entity::find()
        .filter(auditoria::Column::Camara.eq(camara.as_str()))
        .filter(auditoria::Column::Secuencia.gt(after))
        .order_by_asc(auditoria::Column::Secuencia)
        .limit(PAGE)
        .all(db.reader())
        .await
        .map_err(unexpected)
}

fn entry_of(row: &auditoria::Model) -> Entry<'_> {
    Entry {
        camara: &row.camara,
        secuencia: row.secuencia,
        ocurrida_en: Timestamp(row.ocurrida_en),
        actor: &row.actor,
        accion: &row.accion,
        detalle: &row.detalle,
    }
}

/// The seals, with what is wrong with each as far as it is known.
struct Seals {
    /// By day.
    all: BTreeMap<String, (auditoria_sellos::Model, Option<SealFlaw>)>,
    /// The days by the place that they seal.
    places: BTreeMap<i64, Vec<String>>,
    /// Days that the trail says were sealed.
    told: Vec<String>,
}

impl Seals {
    async fn load(db: &Db, camara: ChamberCode) -> ServiceResult<Self> {
        let keys = seal::known_keys(db, camara).await?;
        let rows = seal::all(db, camara).await?;
        let checking = move || {
            let checked = rows.into_iter().map(|row| {
                let flaw = seal::check(&row, &keys).err();
                (row.dia.clone(), (row, flaw))
            });
            checked.collect::<BTreeMap<_, _>>()
        };
        let all = tokio::task::spawn_blocking(checking).await.map_err(unexpected)?;
        let mut places: BTreeMap<i64, Vec<String>> = BTreeMap::new();
        for (dia, (row, _)) in &all {
            places.entry(row.secuencia).or_default().push(dia.clone());
        }
        Ok(Self { all, places, told: Vec::new() })
    }

    /// An entry that holds: are the seals of its place the same, and does it tell of one?
    fn pass(&mut self, row: &auditoria::Model, at: &Link) {
        for dia in self.places.remove(&at.secuencia).unwrap_or_default() {
            if let Some((seal, flaw)) = self.all.get_mut(&dia)
                && seal.hash != at.hash
            {
                flaw.get_or_insert(SealFlaw::OffChain);
            }
        }
        if row.accion == Action::AuditoriaSellada.code() {
            self.told.extend(seal::day_told(&row.detalle).map(str::to_owned));
        }
    }

    /// How many there are, and those that do not hold. Places that the walk did not reach prove nothing
    /// against a seal unless the chain is whole.
    fn broken(mut self, at: &Link, whole: bool) -> (u64, Vec<BrokenSeal>) {
        for dia in self.places.iter().filter(|(place, _)| whole || **place <= at.secuencia).flat_map(|(_, days)| days) {
            if let Some((_, flaw)) = self.all.get_mut(dia) {
                flaw.get_or_insert(SealFlaw::OffChain);
            }
        }
        let count = self.all.len() as u64;
        let gone = self.told.iter().filter(|dia| !self.all.contains_key(*dia));
        let mut broken: Vec<BrokenSeal> =
            gone.map(|dia| BrokenSeal { dia: dia.clone(), falla: SealFlaw::Missing }).collect();
        let flawed = self.all.into_iter().filter_map(|(dia, (_, flaw))| Some(BrokenSeal { dia, falla: flaw? }));
        broken.extend(flawed);
        broken.sort_by(|a, b| a.dia.cmp(&b.dia));
        (count, broken)
    }
}

/// The facts of activations, as the trail bears their digests.
#[derive(Default)]
struct KeptFacts {
    /// By the verified user's number.
    told: BTreeMap<i64, String>,
}

impl KeptFacts {
    fn pass(&mut self, row: &auditoria::Model) {
        let pair = |name: &str| row.detalle.split(' ').find_map(|pair| pair.strip_prefix(name));
        let told = (pair("usuario=").and_then(|user| user.parse().ok()), pair("evidencia="));
        if let (Some(user), Some(digest)) = told {
            self.told.insert(user, digest.to_owned());
        }
    }

    /// How many were told, and of whom they are gone or others. Facts that were erased leave their row.
    async fn broken(mut self, db: &Db, camara: ChamberCode) -> ServiceResult<(u64, Vec<i64>)> {
        let (count, mut broken, mut after) = (self.told.len() as u64, Vec::new(), 0);
        loop {
            let rows = evidencias::Entity::find()
                .filter(evidencias::Column::Camara.eq(camara.as_str()))
                .filter(evidencias::Column::Id.gt(after))
                .order_by_asc(evidencias::Column::Id)
                .limit(PAGE)
                .all(db.reader())
                .await
                .map_err(unexpected)?;
            let Some(last) = rows.last() else { break };
            after = last.id;
            for row in &rows {
                let Some(digest) = self.told.remove(&row.usuario_id) else { continue };
                let whole = row.borrada_en.is_some() || sha256_hex(row.hechos.as_bytes()) == digest;
                if !whole || row.huella != digest {
                    broken.push(row.usuario_id);
                }
            }
        }
        broken.extend(self.told.into_keys());
        broken.sort_unstable();
        Ok((count, broken))
    }
}
