//! The chamber's pace as the database knows it: what left by minute, what may leave now, and how
//! staff see it. The rules themselves are `domain::sending::allowance`.

use contract::sending::{BatchState, PaceView, Quota};
use contract::{ChamberCode, Timestamp};
use domain::sending::{Allowance, PaceRules, Usage, allowance, minute_of};
use entity::{lotes, ritmo_minutos as minutos};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::config::window_words;
use crate::db::sql;

/// Minutes kept: a day and the hour that a minute counts on.
const KEPT_MINUTES: i64 = 25 * 60;

/// Serialises everyone who counts mails of the chamber until the transaction ends, on any node.
pub(in crate::services) async fn lock<C: ConnectionTrait>(txn: &C, camara: ChamberCode) -> Result<(), DbErr> {
    let text = "INSERT INTO ritmo (camara, contados) VALUES (?, 0) \
                ON CONFLICT (camara) DO UPDATE SET contados = ritmo.contados";
    txn.execute_raw(sql(txn.get_database_backend(), text, [camara.as_str().into()])).await.map(|_| ())
}

/// Counts mails whose content leaves now.
pub(in crate::services) async fn count<C: ConnectionTrait>(
    txn: &C,
    camara: ChamberCode,
    mails: u64,
    now: Timestamp,
) -> Result<(), DbErr> {
    let text = "INSERT INTO ritmo_minutos (camara, minuto, correos) VALUES (?, ?, ?) \
                ON CONFLICT (camara, minuto) DO UPDATE SET correos = ritmo_minutos.correos + excluded.correos";
    let mails = i64::try_from(mails).unwrap_or(i64::MAX);
    let values = [camara.as_str().into(), minute_of(now).into(), mails.into()];
    txn.execute_raw(sql(txn.get_database_backend(), text, values)).await.map(|_| ())
}

/// Forgets minutes that no limit looks at any more.
pub(super) async fn forget_old<C: ConnectionTrait>(txn: &C, camara: ChamberCode, now: Timestamp) -> Result<(), DbErr> {
    minutos::Entity::delete_many()
        .filter(minutos::Column::Camara.eq(camara.as_str()))
        .filter(minutos::Column::Minuto.lt(minute_of(now) - KEPT_MINUTES))
        .exec(txn)
        .await
        .map(|_| ())
}

/// What the rules must know; `lote` is the batch that asks, so that its own end is none.
async fn usage<C: ConnectionTrait>(
    conn: &C,
    camara: ChamberCode,
    rules: &PaceRules,
    lote: Option<i64>,
    now: Timestamp,
) -> Result<Usage, DbErr> {
    let mut usage = Usage::default();
    if rules.per_hour.is_some() || rules.per_day.is_some() {
        usage.minutes = minutos::Entity::find()
            .select_only()
            .columns([minutos::Column::Minuto, minutos::Column::Correos])
            .filter(minutos::Column::Camara.eq(camara.as_str()))
            .filter(minutos::Column::Minuto.gte(minute_of(now) - KEPT_MINUTES))
            .into_tuple::<(i64, i64)>()
            .all(conn)
            .await?
            .into_iter()
            .map(|(minute, count)| (minute, u64::try_from(count).unwrap_or_default()))
            .collect();
    }
    if rules.pause_seconds > 0 && !has_begun(conn, lote).await? {
        usage.last_batch_end = last_end(conn, camara, lote, now).await?;
    }
    Ok(usage)
}

/// The rest lies before a batch's first mail; one under way is not held up again.
async fn has_begun<C: ConnectionTrait>(conn: &C, lote: Option<i64>) -> Result<bool, DbErr> {
    let Some(lote) = lote else { return Ok(false) };
    let text = "SELECT c.id FROM claves_preasignadas c JOIN lotes l ON l.id = c.lote_id \
                WHERE c.lote_id = ? AND c.transmitida_en >= l.creado_en LIMIT 1";
    Ok(conn.query_one_raw(sql(conn.get_database_backend(), text, [lote.into()])).await?.is_some())
}

/// When the last other batch ended: now, for an earlier one that is still being sent.
async fn last_end<C: ConnectionTrait>(
    conn: &C,
    camara: ChamberCode,
    lote: Option<i64>,
    now: Timestamp,
) -> Result<Option<Timestamp>, DbErr> {
    let earlier = lotes::Entity::find()
        .filter(lotes::Column::Camara.eq(camara.as_str()))
        .filter(lotes::Column::EsPrueba.eq(false))
        .filter(lotes::Column::Id.lt(lote.unwrap_or_default()))
        .filter(lotes::Column::Estado.eq(BatchState::EnCurso.as_str()));
    if earlier.count(conn).await? > 0 {
        return Ok(Some(now));
    }
    let ended = lotes::Entity::find()
        .filter(lotes::Column::Camara.eq(camara.as_str()))
        .filter(lotes::Column::EsPrueba.eq(false))
        .filter(lotes::Column::Id.ne(lote.unwrap_or_default()))
        .filter(lotes::Column::TerminadoEn.is_not_null())
        .order_by_desc(lotes::Column::TerminadoEn)
        .limit(1)
        .one(conn)
        .await?;
    Ok(ended.and_then(|lote| lote.terminado_en).map(Timestamp))
}

/// How many mails of a batch may leave now, or when the next may.
pub(in crate::services) async fn allowed<C: ConnectionTrait>(
    conn: &C,
    camara: ChamberCode,
    rules: &PaceRules,
    lote: Option<i64>,
    now: Timestamp,
) -> Result<Allowance, DbErr> {
    if *rules == PaceRules::default() {
        return Ok(Allowance::Now(u64::MAX));
    }
    Ok(allowance(rules, &usage(conn, camara, rules, lote, now).await?, now))
}

/// The pace as staff see it.
pub(super) async fn view<C: ConnectionTrait>(
    conn: &C,
    camara: ChamberCode,
    rules: &PaceRules,
    now: Timestamp,
) -> Result<PaceView, DbErr> {
    if *rules == PaceRules::default() {
        return Ok(PaceView::default());
    }
    let usage = usage(conn, camara, rules, None, now).await?;
    let quota = |limit: Option<u32>, usados| limit.map(|limit| Quota { limite: u64::from(limit), usados });
    Ok(PaceView {
        por_hora: quota(rules.per_hour, usage.in_hour(now)),
        por_dia: quota(rules.per_day, usage.in_day(now)),
        pausa_minutos: u64::try_from(rules.pause_seconds / 60).unwrap_or_default(),
        horario: rules.window.as_ref().map(window_words),
        siguiente: match allowance(rules, &usage, now) {
            Allowance::Now(_) => None,
            Allowance::Later(at) => Some(at),
        },
    })
}
