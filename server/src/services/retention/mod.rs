//! The daily purge: personal data whose period is over go, a portion at a time. What stays: the audit (it
//! holds none), records of signatures, and rows without which a number in them would mean nothing.

use contract::campaign::PasswordState as S;
use contract::verified::VerifiedState;
use contract::{ChamberCode, ServiceResult, Timestamp};
use entity::{claves_preasignadas as claves, sms_enviados, sms_intentos, usuarios_verificados as usuarios};
use sea_orm::sea_query::{Expr, ExprTrait, Func};
use sea_orm::{ColumnTrait, Condition, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::config::Retention;
use crate::db::Db;
use crate::services::audit::{Action, record};
use crate::services::evidence::forget_facts;
use crate::services::fault::unexpected;

/// Rows of each kind that one transaction takes.
const PORTION: u64 = 500;

/// Passwords that nobody can activate any more, and that nothing is under way with.
const ENDED: [S; 7] = [S::Rechazado, S::Cancelado, S::Vencido, S::ErrorDatos, S::Rebotado, S::Suprimido, S::Apartado];

/// Users that will not come back into force.
const OVER: [VerifiedState; 3] = [VerifiedState::Anulado, VerifiedState::Eliminado, VerifiedState::Rechazado];

/// What a user's identification begins with once its data were taken away.
const ERASED: &str = "borrada-";

/// What a portion took away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Purged {
    /// Pre-assigned passwords.
    pub claves: u64,
    /// SMS.
    pub sms: u64,
    /// Users whose data were taken away.
    pub usuarios: u64,
}

impl Purged {
    /// Whether there was nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// As the audit says it.
    #[must_use]
    pub fn words(&self) -> String {
        format!("claves={} sms={} usuarios={}", self.claves, self.sms, self.usuarios)
    }
}

/// Takes one portion away, with its entry in the trail; empty when nothing is due.
///
/// # Errors
/// When the database fails; nothing is taken then.
pub async fn portion(db: &Db, camara: ChamberCode, periods: Retention, now: Timestamp) -> ServiceResult<Purged> {
    const DAY: i64 = 86_400;
    let before = |days: i64| now.plus_seconds(-days * DAY);
    let txn = db.write().await.map_err(unexpected)?;
    let users = due_users(&txn, camara, before(periods.user_years * 366)).await?;
    let purged = Purged {
        claves: passwords(&txn, camara, before(periods.password_days), now.in_bogota().year()).await?,
        sms: messages(&txn, camara, before(periods.sms_days)).await?,
        usuarios: users.len() as u64,
    };
    if purged.is_empty() {
        return Ok(purged);
    }
    erase_users(&txn, camara, &users, now).await?;
    record(&txn, camara, now, "sistema", Action::RetencionAplicada, purged.words()).await.map_err(unexpected)?;
    txn.commit().await.map_err(unexpected)?;
    Ok(purged)
}

async fn passwords(txn: &DatabaseTransaction, camara: ChamberCode, before: Timestamp, year: i32) -> ServiceResult<u64> {
    // What was never sent is over with its year.
    let unsent =
        Condition::all().add(claves::Column::Estado.eq(S::Pendiente.as_str())).add(claves::Column::Ano.lt(year));
    let ended = Condition::any().add(claves::Column::Estado.is_in(ENDED.map(S::as_str))).add(unsent);
    let over = |column: claves::Column| Condition::any().add(column.is_null()).add(column.lt(before.0));
    let due = claves::Entity::find()
        .select_only()
        .column(claves::Column::Id)
        .filter(claves::Column::Camara.eq(camara.as_str()))
        .filter(ended)
        .filter(claves::Column::SeleccionadaEn.lt(before.0))
        .filter(over(claves::Column::TransmitidaEn))
        .filter(over(claves::Column::VenceEn))
        .filter(over(claves::Column::CanceladaEn))
        .filter(over(claves::Column::RebotadaEn))
        .order_by_asc(claves::Column::Id)
        .limit(PORTION);
    let ids: Vec<i64> = due.into_tuple().all(txn).await.map_err(unexpected)?;
    let gone = claves::Entity::delete_many().filter(claves::Column::Id.is_in(ids)).exec(txn).await;
    Ok(gone.map_err(unexpected)?.rows_affected)
}

async fn messages(txn: &DatabaseTransaction, camara: ChamberCode, before: Timestamp) -> ServiceResult<u64> {
    let due = sms_enviados::Entity::find()
        .select_only()
        .column(sms_enviados::Column::Id)
        .filter(sms_enviados::Column::Camara.eq(camara.as_str()))
        .filter(sms_enviados::Column::EnviadoEn.lt(before.0))
        .order_by_asc(sms_enviados::Column::Id)
        .limit(PORTION);
    let ids: Vec<i64> = due.into_tuple().all(txn).await.map_err(unexpected)?;
    erase_messages(txn, camara, &ids).await
}

/// Deletes SMS with their attempts.
pub(crate) async fn erase_messages(txn: &DatabaseTransaction, camara: ChamberCode, ids: &[i64]) -> ServiceResult<u64> {
    let mut gone = 0;
    for ids in ids.chunks(500) {
        sms_intentos::Entity::delete_many()
            .filter(sms_intentos::Column::Camara.eq(camara.as_str()))
            .filter(sms_intentos::Column::SmsId.is_in(ids.iter().copied()))
            .exec(txn)
            .await
            .map_err(unexpected)?;
        gone += sms_enviados::Entity::delete_many()
            .filter(sms_enviados::Column::Camara.eq(camara.as_str()))
            .filter(sms_enviados::Column::Id.is_in(ids.iter().copied()))
            .exec(txn)
            .await
            .map_err(unexpected)?
            .rows_affected;
    }
    Ok(gone)
}

/// Users out of force for so long whose data are still there.
async fn due_users(txn: &DatabaseTransaction, camara: ChamberCode, before: Timestamp) -> ServiceResult<Vec<i64>> {
    let ended = Func::coalesce([
        Expr::col(usuarios::Column::FechaHoraInactivacion),
        Expr::col(usuarios::Column::FechaHoraRechazo),
        Expr::col(usuarios::Column::FechaHoraCreacion),
    ]);
    let due = usuarios::Entity::find()
        .select_only()
        .column(usuarios::Column::Id)
        .filter(usuarios::Column::Camara.eq(camara.as_str()))
        .filter(usuarios::Column::Estado.is_in(OVER.map(VerifiedState::as_str)))
        .filter(Expr::expr(ended).lt(before.0))
        .filter(usuarios::Column::Identificacion.not_like(format!("{ERASED}%")))
        .order_by_asc(usuarios::Column::Id)
        .limit(PORTION);
    due.into_tuple().all(txn).await.map_err(unexpected)
}

/// Takes the data of users away, with the facts of their activation and the password that they came of.
/// The row stays under its number: records of signatures and the audit name it.
pub(crate) async fn erase_users(
    txn: &DatabaseTransaction,
    camara: ChamberCode,
    users: &[i64],
    now: Timestamp,
) -> ServiceResult<()> {
    use usuarios::Column as C;
    forget_facts(txn, camara, users, now).await?;
    for &id in users {
        let own = || Condition::all().add(C::Camara.eq(camara.as_str())).add(C::Id.eq(id));
        let row = usuarios::Entity::find().filter(own()).one(txn).await.map_err(unexpected)?;
        let Some(row) = row else { continue };
        let mut update = usuarios::Entity::update_many()
            .col_expr(C::Identificacion, Expr::value(format!("{ERASED}{id}")))
            .col_expr(C::Nombre, Expr::value("(datos borrados)"))
            .col_expr(C::Motivoinactivacion, Expr::value(Option::<String>::None))
            .col_expr(C::MotivoReactivacion, Expr::value(Option::<String>::None));
        for column in [
            C::Email,
            C::Celular,
            C::Tipoidentificacion,
            C::Nombres,
            C::Apellido1,
            C::Apellido2,
            C::Direccion,
            C::Municipio,
            C::Nitempresa,
            C::Nombreempresa,
            C::Matricula,
            C::Claveacceso,
        ] {
            update = update.col_expr(column, Expr::value(""));
        }
        update.filter(own()).exec(txn).await.map_err(unexpected)?;
        claves::Entity::delete_many()
            .filter(claves::Column::Camara.eq(camara.as_str()))
            .filter(claves::Column::Id.eq(row.clave_preasignada_id.unwrap_or_default()))
            .exec(txn)
            .await
            .map_err(unexpected)?;
    }
    Ok(())
}
