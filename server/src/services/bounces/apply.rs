//! One notification, written down: the row, its address and the trail in one transaction.

use contract::campaign::PasswordState;
use contract::suppression::SuppressionCause;
use contract::{ChamberCode, Timestamp};
use domain::bounce::{Recipient, Ruling, verdict};
use domain::sending::{RowEvent, next};
use entity::{claves_preasignadas as claves, rebotes};
use sea_orm::sea_query::{Expr, ExprTrait, Func, OnConflict};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect, Set,
};

use super::BounceDesk;
use crate::bounces::Notification;
use crate::secrets::sha256_hex;
use crate::services::audit::{Action, record};
use crate::services::sending::batch;
use crate::services::suppression;

/// What came of one mail read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applied {
    /// The row is `rebotado` now.
    Bounced {
        /// Its address gets nothing more.
        suppressed: bool,
    },
    /// A notification of a mail of ours that changes nothing.
    Noted,
    /// The same notification was read before.
    Repeated,
    /// A notification, but of no mail of this chamber.
    Unmatched,
    /// No notification.
    NoNotification,
}

/// Reads one mail and writes down what it says.
///
/// # Errors
/// When the database fails; then nothing is written.
pub async fn apply(desk: &BounceDesk<'_>, raw: &[u8]) -> Result<Applied, DbErr> {
    let verp = desk.chamber.smtp.as_ref().ok().and_then(|smtp| smtp.bounce_address.as_ref());
    let Some(notification) = Notification::read(raw, verp) else { return Ok(Applied::NoNotification) };
    let Some((recipient, ruling)) = verdict(&notification.recipients) else { return Ok(Applied::NoNotification) };
    let camara = desk.camara();
    let Some(found) = find(desk, &notification).await? else { return Ok(Applied::Unmatched) };

    let now = desk.clock.now();
    let txn = desk.db.write().await?;
    // Everyone locks the batch first, then the row, the trail last.
    if let Some(lote) = found.lote_id {
        batch::find_locked(&txn, camara, lote).await?;
    }
    let row = claves::Entity::find_by_id(found.id)
        .filter(claves::Column::Camara.eq(camara.as_str()))
        .lock_exclusive()
        .one(&txn)
        .await?;
    // Deleted meanwhile.
    let Some(row) = row else { return Ok(Applied::Unmatched) };
    if !remember(&txn, &row, raw, recipient, ruling, now).await? {
        return Ok(Applied::Repeated);
    }
    let applied = match ruling {
        Ruling::Noted => Applied::Noted,
        Ruling::Undelivered | Ruling::DeadAddress => bounce(&txn, desk, row, recipient, ruling, now).await?,
    };
    txn.commit().await?;
    Ok(applied)
}

/// The row of the mail that came back: by its Message-ID, or by the token in the address to which it
/// came back. Only this chamber's.
async fn find(desk: &BounceDesk<'_>, notification: &Notification) -> Result<Option<claves::Model>, DbErr> {
    let own = || claves::Entity::find().filter(claves::Column::Camara.eq(desk.camara().as_str()));
    for id in &notification.message_ids {
        let found = own().filter(claves::Column::MessageId.eq(id.as_str())).one(desk.db.reader()).await?;
        if found.is_some() {
            return Ok(found);
        }
    }
    let Some(token) = &notification.token else { return Ok(None) };
    // Not LIKE: a token may hold `_`. Only its beginning, as the sender's domain may have changed since;
    // and in small letters, as some servers write addresses so: 220 bits are left to guess.
    let start = format!("<{}@", token.to_lowercase());
    let length = i32::try_from(start.len()).unwrap_or(i32::MAX);
    let begins = Func::cust("substr").args([Expr::col(claves::Column::MessageId), Expr::val(1), Expr::val(length)]);
    own()
        .filter(claves::Column::MessageId.is_not_null())
        .filter(Expr::expr(Func::lower(begins)).eq(start))
        .one(desk.db.reader())
        .await
}

/// `false` when this very notification was read before.
async fn remember<C: ConnectionTrait>(
    txn: &C,
    row: &claves::Model,
    raw: &[u8],
    recipient: &Recipient,
    ruling: Ruling,
    now: Timestamp,
) -> Result<bool, DbErr> {
    let read = rebotes::ActiveModel {
        camara: Set(row.camara.clone()),
        huella: Set(sha256_hex(raw)),
        clave_id: Set(Some(row.id)),
        estado: Set(recipient.status.map(|status| status.to_string()).unwrap_or_default()),
        definitivo: Set(ruling != Ruling::Noted),
        leido_en: Set(now.0),
        ..Default::default()
    };
    let known = OnConflict::columns([rebotes::Column::Camara, rebotes::Column::Huella]).do_nothing().to_owned();
    Ok(rebotes::Entity::insert(read).on_conflict(known).exec_without_returning(txn).await? > 0)
}

async fn bounce<C: ConnectionTrait>(
    txn: &C,
    desk: &BounceDesk<'_>,
    row: claves::Model,
    recipient: &Recipient,
    ruling: Ruling,
    now: Timestamp,
) -> Result<Applied, DbErr> {
    // Whoever activated or refused got the mail; what expired or is sent again is settled elsewhere.
    let state = PasswordState::parse(&row.estado).and_then(|state| next(state, RowEvent::Bounced));
    let Some(state) = state else { return Ok(Applied::Noted) };
    let camara = desk.camara();
    let (id, lote_id, correo, es_prueba) = (row.id, row.lote_id, row.correo.clone(), row.es_prueba);
    let sent_at = row.enviada_en.or(row.transmitida_en);
    let mut bounced = row.into_active_model();
    bounced.estado = Set(state.as_str().to_owned());
    bounced.rebotada_en = Set(Some(now.0));
    bounced.movida_en = Set(Some(now.0));
    // What comes back did leave, whatever became of the reply to it.
    bounced.enviada_en = Set(sent_at);
    bounced.respuesta = Set(Some(recipient.line()));
    bounced.sellada = Set(None);
    bounced.sellada_llave = Set(None);
    bounced.lease_hasta = Set(None);
    bounced.update(txn).await?;
    // The row's own address and no other: a notification cannot name whom to suppress. That of a test
    // mail is one of the staff's.
    let dead = ruling == Ruling::DeadAddress && !es_prueba;
    let suppressed =
        dead && suppression::add(txn, camara, &correo, SuppressionCause::Rebote, &recipient.line(), id, now).await?;
    if lote_id.is_some() {
        batch::close_finished(txn, camara, lote_id, now).await?;
    }
    trail(txn, desk, camara, id, recipient, suppressed, now).await?;
    Ok(Applied::Bounced { suppressed })
}

async fn trail<C: ConnectionTrait>(
    txn: &C,
    desk: &BounceDesk<'_>,
    camara: ChamberCode,
    id: i64,
    recipient: &Recipient,
    suppressed: bool,
    now: Timestamp,
) -> Result<(), DbErr> {
    let status = recipient.status.map(|status| status.to_string()).unwrap_or_default();
    let detail = || format!("clave={id} estado={status}");
    record(txn, camara, now, desk.actor, Action::CorreoRebotado, detail()).await?;
    if suppressed {
        record(txn, camara, now, desk.actor, Action::CorreoSuprimido, detail()).await?;
    }
    Ok(())
}
