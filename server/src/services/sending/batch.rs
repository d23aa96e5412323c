//! A batch's row, its figures, and its end.

use contract::campaign::PasswordState;
use contract::sending::{BatchState, BatchView, PauseReason};
use contract::{ChamberCode, Timestamp};
use domain::sending::Reply;
use entity::{claves_preasignadas as claves, lotes};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect,
};

use super::ALIVE_SECONDS;
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

/// A batch under change, locked by its transaction.
pub(super) struct Batch {
    pub(super) model: lotes::Model,
    before: lotes::Model,
}

impl Batch {
    pub(super) fn new(model: lotes::Model) -> Self {
        Self { before: model.clone(), model }
    }

    pub(super) fn is_running(&self) -> bool {
        self.model.estado == BatchState::EnCurso.as_str()
    }

    pub(super) fn pause(&mut self, reason: &PauseReason, until: Option<Timestamp>) {
        self.model.estado = BatchState::EnPausa.as_str().to_owned();
        self.model.pausa = Some(reason_code(reason).to_owned());
        self.model.reanuda_en = until.map(|at| at.0);
    }

    /// Keeps the server's last words.
    pub(super) fn heard(&mut self, reply: &Reply) {
        self.model.ultima_respuesta = Some(reply.line());
    }

    pub(super) fn keep_alive(&mut self, now: Timestamp) {
        self.model.vivo_hasta = self.model.vivo_hasta.max(now.plus_seconds(ALIVE_SECONDS).0);
    }

    /// What the trail says of a pause.
    pub(super) fn paused_entry(&self, reason: &PauseReason) -> (Action, String) {
        (Action::LotePausado, format!("lote={} motivo={}", self.model.id, reason_code(reason)))
    }

    /// Writes what changed.
    pub(super) async fn save<C: ConnectionTrait>(self, txn: &C) -> Result<(), DbErr> {
        let Self { model, before } = self;
        if model == before {
            return Ok(());
        }
        let id = model.id;
        let mut changed = model.into_active_model().reset_all();
        changed.not_set(lotes::Column::Id);
        lotes::Entity::update_many().set(changed).filter(lotes::Column::Id.eq(id)).exec(txn).await.map(|_| ())
    }
}

/// Rows of batches by state.
pub(super) async fn counts<C: ConnectionTrait>(conn: &C, ids: &[i64]) -> Result<Vec<(i64, PasswordState, u64)>, DbErr> {
    let rows: Vec<(i64, String, i64)> = claves::Entity::find()
        .select_only()
        .column(claves::Column::LoteId)
        .column(claves::Column::Estado)
        .column_as(claves::Column::Id.count(), "cuantas")
        .filter(claves::Column::LoteId.is_in(ids.iter().copied()))
        .group_by(claves::Column::LoteId)
        .group_by(claves::Column::Estado)
        .into_tuple()
        .all(conn)
        .await?;
    let known = |(lote, state, count): (i64, String, i64)| {
        PasswordState::parse(&state).map(|state| (lote, state, u64::try_from(count).unwrap_or_default()))
    };
    Ok(rows.into_iter().filter_map(known).collect())
}

/// One batch as staff see it.
pub(super) async fn view<C: ConnectionTrait>(conn: &C, lote: lotes::Model, now: Timestamp) -> Result<BatchView, DbErr> {
    let (id, views) = (lote.id, views(conn, vec![lote], now).await?);
    views.into_iter().next().ok_or_else(|| DbErr::RecordNotFound(format!("lote {id}")))
}

/// Batches as staff see them, from their rows as they stand.
pub(super) async fn views<C: ConnectionTrait>(
    conn: &C,
    lotes: Vec<lotes::Model>,
    now: Timestamp,
) -> Result<Vec<BatchView>, DbErr> {
    use PasswordState as S;
    let ids: Vec<i64> = lotes.iter().map(|lote| lote.id).collect();
    let counts = counts(conn, &ids).await?;
    let mut views = Vec::with_capacity(lotes.len());
    for lote in lotes {
        let own = || counts.iter().filter(|(id, ..)| *id == lote.id);
        let sum = |states: &[S]| own().filter(|(_, state, _)| states.contains(state)).map(|(.., count)| count).sum();
        let solicitados = u64::try_from(lote.solicitados).unwrap_or_default();
        let pendientes: u64 = sum(&[S::Pendiente, S::Reservado, S::Transmitiendo]);
        let estado = BatchState::parse(&lote.estado).unwrap_or(BatchState::Terminado);
        let por_minuto = if estado == BatchState::EnCurso { rate(conn, &lote, now).await? } else { 0 };
        views.push(BatchView {
            id: lote.id,
            prueba: lote.es_prueba,
            estado,
            pausa: lote.pausa.as_deref().and_then(reason),
            reanuda_en: lote.reanuda_en.map(Timestamp),
            solicitados,
            enviados: sum(&[S::Enviado, S::Activado, S::Cancelado, S::Vencido, S::Rebotado]),
            rechazados: sum(&[S::Rechazado, S::ErrorDatos, S::Suprimido, S::Apartado]),
            reintento: sum(&[S::Reintento]),
            inciertos: sum(&[S::Incierto]),
            pendientes,
            rebotados: sum(&[S::Rebotado]),
            retirados: solicitados.saturating_sub(own().map(|(.., count)| count).sum()),
            por_minuto,
            termina_en: end(pendientes, por_minuto, now),
            ultima_respuesta: lote.ultima_respuesta,
            actor: lote.actor,
            creado_en: Timestamp(lote.creado_en),
            terminado_en: lote.terminado_en.map(Timestamp),
        });
    }
    Ok(views)
}

/// Mails settled a minute, from the last minute or from the beginning when that is nearer.
async fn rate<C: ConnectionTrait>(conn: &C, lote: &lotes::Model, now: Timestamp) -> Result<u64, DbErr> {
    let since = now.plus_seconds(-60).0.max(lote.creado_en);
    let text = "SELECT COUNT(*) AS cuantas, MIN(movida_en) AS primera FROM claves_preasignadas WHERE lote_id = ? \
                AND movida_en > ? AND estado NOT IN ('pendiente', 'reservado', 'transmitiendo')";
    let row = conn.query_one_raw(sql(conn.get_database_backend(), text, [lote.id.into(), since.into()])).await?;
    let Some(row) = row else { return Ok(0) };
    let settled: i64 = row.try_get("", "cuantas")?;
    let first: Option<i64> = row.try_get("", "primera")?;
    // At least a second, lest the first mail promise thousands.
    let span = (now.0 - first.unwrap_or(since)).clamp(1_000, 60_000);
    Ok(u64::try_from(settled * 60_000 / span).unwrap_or_default())
}

fn end(pending: u64, a_minute: u64, now: Timestamp) -> Option<Timestamp> {
    let seconds = (pending * 60).checked_div(a_minute)?;
    (pending > 0).then(|| now.plus_seconds(i64::try_from(seconds).unwrap_or(i64::MAX / 2_000)))
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
