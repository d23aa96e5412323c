//! From the staging area into the registry, set by set.

use contract::ChamberCode;
use sea_orm::{ConnectionTrait, DbErr, Value};

use super::columns::{Header, Kind};
use crate::db::sql;

/// What a merge did.
pub struct Merged {
    /// Matrículas that were not there.
    pub inserted: u64,
    /// Matrículas whose data changed.
    pub updated: u64,
}

/// Merges a run's rows. Of a matrícula that stands several times in the file the highest line wins.
/// A row is only touched when a datum other than SIREP's own time stamps differs; columns that the
/// file lacks are left as they are.
pub async fn merge<C: ConnectionTrait>(
    conn: &C,
    camara: ChamberCode,
    sync_id: i64,
    header: &Header,
) -> Result<Merged, DbErr> {
    let backend = conn.get_database_backend();
    let keys = || -> [Value; 2] { [camara.to_string().into(), sync_id.into()] };

    let new = format!(
        "SELECT COUNT(*) AS nuevas FROM mreg_carga c WHERE {LAST_OF_EACH} AND NOT EXISTS
         (SELECT 1 FROM mreg_est_matriculados m WHERE m.camara = c.camara AND m.matricula = c.matricula)"
    );
    let row = conn.query_one_raw(sql(backend, &new, keys())).await?;
    let inserted: i64 = row.map(|row| row.try_get("", "nuevas")).transpose()?.unwrap_or_default();

    let touched = conn.execute_raw(sql(backend, &upsert_text(header), keys())).await?.rows_affected();
    let inserted = u64::try_from(inserted).unwrap_or_default();
    Ok(Merged { inserted, updated: touched.saturating_sub(inserted) })
}

/// The rows of a run, without those that a later line of the same matrícula replaces.
const LAST_OF_EACH: &str = "c.camara = ? AND c.sincronizacion_id = ? AND NOT EXISTS
    (SELECT 1 FROM mreg_carga d
     WHERE d.sincronizacion_id = c.sincronizacion_id AND d.matricula = c.matricula AND d.linea > c.linea)";

fn upsert_text(header: &Header) -> String {
    let names = |kept: fn(Kind) -> bool| -> Vec<&str> {
        header.present().filter(|column| kept(column.kind)).map(|column| column.name).collect()
    };
    let all = names(|_| true);
    let data = names(|kind| kind != Kind::Stamp);
    let prefixed = |prefix: &str, names: &[&str]| {
        names.iter().map(|name| format!("{prefix}.{name}")).collect::<Vec<_>>().join(", ")
    };
    let assignments: Vec<String> = all.iter().map(|name| format!("{name} = excluded.{name}")).collect();
    format!(
        "INSERT INTO mreg_est_matriculados AS m (camara, matricula_orden, sincronizacion_id, {})
         SELECT c.camara, c.matricula_orden, c.sincronizacion_id, {} FROM mreg_carga c WHERE {LAST_OF_EACH}
         ORDER BY c.matricula
         ON CONFLICT (camara, matricula) DO UPDATE SET sincronizacion_id = excluded.sincronizacion_id, {}
         WHERE ({}) <> ({})",
        all.join(", "),
        prefixed("c", &all),
        assignments.join(", "),
        prefixed("m", &data),
        prefixed("excluded", &data),
    )
}
