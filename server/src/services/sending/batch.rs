//! A batch's row, its figures, and its end.

use contract::campaign::PasswordState;
use contract::sending::{BatchState, BatchView, PauseReason};
use contract::{ChamberCode, Timestamp};
use entity::{claves_preasignadas as claves, lotes};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect};

use crate::db::sql;
use crate::services::audit::{Action, record};

/// The reason's name in the database.
pub(super) const fn reason_code(reason: &PauseReason) -> &'static str {
    match reason {
        PauseReason::Unreachable => "unreachable",
        PauseReason::Tls => "tls",
        PauseReason::Authentication => "authentication",
        PauseReason::Account => "account",
        PauseReason::Throttled => "throttled",
        PauseReason::Certificate => "certificate",
        PauseReason::Breaker => "breaker",
        PauseReason::Pace => "pace",
        PauseReason::Staff => "staff",
    }
}

fn reason(code: &str) -> Option<PauseReason> {
    use PauseReason as P;
    let all = [
        P::Unreachable,
        P::Tls,
        P::Authentication,
        P::Account,
        P::Throttled,
        P::Certificate,
        P::Breaker,
        P::Pace,
        P::Staff,
    ];
    all.into_iter().find(|reason| reason_code(reason) == code)
}

pub(super) async fn find<C: ConnectionTrait>(
    conn: &C,
    camara: ChamberCode,
    id: i64,
) -> Result<Option<lotes::Model>, DbErr> {
    lotes::Entity::find_by_id(id).filter(lotes::Column::Camara.eq(camara.as_str())).one(conn).await
}

/// The same, and nobody else changes it before the transaction ends.
pub(in crate::services) async fn find_locked<C: ConnectionTrait>(
    txn: &C,
    camara: ChamberCode,
    id: i64,
) -> Result<Option<lotes::Model>, DbErr> {
    lotes::Entity::find_by_id(id).filter(lotes::Column::Camara.eq(camara.as_str())).lock_exclusive().one(txn).await
}

/// Rows of a batch by state.
pub(super) async fn counts<C: ConnectionTrait>(conn: &C, id: i64) -> Result<Vec<(PasswordState, u64)>, DbErr> {
    let rows: Vec<(String, i64)> = claves::Entity::find()
        .select_only()
        .column(claves::Column::Estado)
        .column_as(claves::Column::Id.count(), "cuantas")
        .filter(claves::Column::LoteId.eq(id))
        .group_by(claves::Column::Estado)
        .into_tuple()
        .all(conn)
        .await?;
    let known = |(state, count): (String, i64)| {
        PasswordState::parse(&state).map(|state| (state, u64::try_from(count).unwrap_or_default()))
    };
    Ok(rows.into_iter().filter_map(known).collect())
}

pub(super) async fn view<C: ConnectionTrait>(conn: &C, lote: lotes::Model) -> Result<BatchView, DbErr> {
    use PasswordState as S;
    let counts = counts(conn, lote.id).await?;
    let sum = |states: &[S]| counts.iter().filter(|(state, _)| states.contains(state)).map(|(_, count)| count).sum();
    Ok(BatchView {
        id: lote.id,
        prueba: lote.es_prueba,
        estado: BatchState::parse(&lote.estado).unwrap_or(BatchState::Terminado),
        pausa: lote.pausa.as_deref().and_then(reason),
        reanuda_en: lote.reanuda_en.map(Timestamp),
        solicitados: u64::try_from(lote.solicitados).unwrap_or_default(),
        enviados: sum(&[S::Enviado, S::Activado, S::Cancelado, S::Vencido, S::Rebotado]),
        rechazados: sum(&[S::Rechazado, S::ErrorDatos, S::Suprimido, S::Apartado]),
        reintento: sum(&[S::Reintento]),
        inciertos: sum(&[S::Incierto]),
        pendientes: sum(&[S::Pendiente, S::Reservado, S::Transmitiendo]),
        rebotados: sum(&[S::Rebotado, S::Suprimido]),
        retirados: 0,
        por_minuto: 0,
        termina_en: None,
        ultima_respuesta: lote.ultima_respuesta,
        actor: lote.actor,
        creado_en: Timestamp(lote.creado_en),
        terminado_en: lote.terminado_en.map(Timestamp),
    })
}

/// Gives a cancelled batch's unsent rows back: anyone may send them. A worker that holds one finds its
/// fence passed. Unsent test rows have no other use and go.
pub(super) async fn free_unsent<C: ConnectionTrait>(txn: &C, camara: ChamberCode, id: i64) -> Result<(), DbErr> {
    let values = || [camara.as_str().into(), id.into()];
    let unsent = "camara = ? AND lote_id = ? AND estado IN ('pendiente', 'reservado', 'reintento')";
    let tests = format!("DELETE FROM claves_preasignadas WHERE {unsent} AND es_prueba");
    txn.execute_raw(sql(txn.get_database_backend(), &tests, values())).await?;
    let real = format!(
        "UPDATE claves_preasignadas SET estado = 'pendiente', lote_id = NULL, lease_hasta = NULL, \
         proximo_intento = NULL, fence = fence + 1 WHERE {unsent}"
    );
    txn.execute_raw(sql(txn.get_database_backend(), &real, values())).await?;
    Ok(())
}

/// Ends batches in which no row can move by itself any more: one, or all of the chamber's. Last in a
/// transaction but for the trail, which every writer locks last.
pub(in crate::services) async fn close_finished<C: ConnectionTrait>(
    txn: &C,
    camara: ChamberCode,
    only: Option<i64>,
    now: Timestamp,
) -> Result<(), DbErr> {
    let which = if only.is_some() { "AND id = ?" } else { "" };
    let text = format!(
        "UPDATE lotes SET estado = 'terminado', terminado_en = ?, pausa = NULL, reanuda_en = NULL \
         WHERE camara = ? {which} AND estado IN ('en_curso', 'en_pausa') AND NOT EXISTS (\
         SELECT 1 FROM claves_preasignadas c WHERE c.lote_id = lotes.id AND c.estado IN \
         ('pendiente', 'reservado', 'transmitiendo', 'reintento')) RETURNING *"
    );
    let mut values = vec![now.0.into(), camara.as_str().into()];
    values.extend(only.map(Into::into));
    let statement = sql(txn.get_database_backend(), &text, values);
    for lote in lotes::Entity::find().from_raw_sql(statement).all(txn).await? {
        let detail = format!("lote={}", lote.id);
        record(txn, camara, now, "sistema", Action::LoteTerminado, detail).await?;
    }
    Ok(())
}
