//! «No fui yo»: whoever reads the confirmation of an activation and knows nothing of it freezes the
//! credential with one button. It signs nothing until staff have looked into it, and nobody activates
//! it again by the merchant's pages.

mod code;

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use contract::disown::{DisownService, DisownState, DisownView};
use contract::verified::VerifiedState;
use contract::{ServiceResult, Timestamp};
use domain::limits::Refusal;
use entity::usuarios_verificados::{Column, Entity, Model};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect};

pub use code::disown_code;

use self::code::DisownCode;
use crate::clock::Clock;
use crate::config::{Chamber, PublicUrl};
use crate::db::Db;
use crate::mail::send_disown_notice;
use crate::secrets::MacKey;
use crate::services::audit::{Action, record};
use crate::services::fault::unexpected;
use crate::services::limits::{self, Class, Subject};

/// The name under which merchants stand in the trail.
const ACTOR: &str = "comerciante";

/// What is kept as the reason of the inactivation.
const REASON: &str = "El titular informó «no fui yo» desde el correo de confirmación";

/// How long the page waits for the chamber's notice to be mailed.
const NOTICE_TIMEOUT: Duration = Duration::from_secs(10);

/// The links of one chamber, tried from one network.
pub struct DisownDesk {
    /// The database.
    pub db: Db,
    /// The time.
    pub clock: Clock,
    /// Keys the codes and the network's digest.
    pub mac: Arc<MacKey>,
    /// The chamber.
    pub chamber: Arc<Chamber>,
    /// The address that the notice's link is built from.
    pub public_url: PublicUrl,
    /// Where the request came from.
    pub network: IpAddr,
}

impl DisownDesk {
    /// Where a code stands, its user's row locked while `txn` lasts. Counted as a failure of the network
    /// before it is compared, and taken back when it was right.
    async fn judge(&self, txn: &DatabaseTransaction, code: &DisownCode) -> ServiceResult<DisownState> {
        let camara = self.chamber.code;
        let row = Entity::find_by_id(code.user_id)
            .filter(Column::Camara.eq(camara.as_str()))
            .lock_exclusive()
            .one(txn)
            .await
            .map_err(unexpected)?;
        let now = self.clock.now();
        let network =
            Subject::network(&self.mac, camara, Class::DisownNetwork, self.network).under(self.chamber.limits.network);
        match limits::attempt(txn, camara, &[&network], now).await? {
            Err(Refusal::Wait { until }) => return Ok(DisownState::Wait { hasta: until }),
            Err(Refusal::Locked) => return Ok(DisownState::Useless),
            Ok(_) => {}
        }
        let right = code.opens(&self.mac, camara, row.as_ref());
        if right {
            limits::take_back(txn, camara, &network).await?;
        }
        Ok(match row {
            Some(row) if right => standing(&row, self.chamber.aftermath.disown_days, now),
            _ => DisownState::Useless,
        })
    }

    async fn freeze_row(&self, txn: &DatabaseTransaction, id: i64) -> ServiceResult<()> {
        let (camara, now) = (self.chamber.code, self.clock.now());
        let frozen = Entity::update_many()
            .col_expr(Column::Estado, Expr::value(VerifiedState::Inactivado.as_str()))
            .col_expr(Column::FechaHoraInactivacion, Expr::value(now.0))
            .col_expr(Column::Motivoinactivacion, Expr::value(REASON))
            .col_expr(Column::DesconocidaEn, Expr::value(now.0))
            .col_expr(Column::RevisadaEn, Expr::value(Option::<i64>::None))
            .filter(Column::Camara.eq(camara.as_str()))
            .filter(Column::Id.eq(id))
            .filter(Column::Estado.eq(VerifiedState::Vigente.as_str()))
            .exec(txn)
            .await
            .map_err(unexpected)?;
        if frozen.rows_affected != 1 {
            return Err(unexpected("a locked verified user changed"));
        }
        record(txn, camara, now, ACTOR, Action::NoFuiYo, format!("usuario={id}")).await.map_err(unexpected)
    }

    /// Mails the chamber, even if the browser hangs up. A failure is only written down: the user is
    /// frozen, and the console says so until staff look into it.
    async fn tell_the_chamber(&self, id: i64) {
        let (db, clock, chamber) = (self.db.clone(), self.clock.clone(), Arc::clone(&self.chamber));
        let public_url = self.public_url.as_str().to_owned();
        let telling = tokio::spawn(async move {
            let now = clock.now();
            let mail = send_disown_notice(&chamber, &public_url, id, now);
            let cause = match tokio::time::timeout(NOTICE_TIMEOUT, mail).await {
                Ok(Ok(())) => return Ok(()),
                Ok(Err(fault)) => fault.to_string(),
                Err(_) => "no answer in time".to_owned(),
            };
            tracing::warn!(camara = %chamber.code, usuario = id, %cause, "«no fui yo»: the chamber was not told");
            let txn = db.write().await?;
            let detail = format!("usuario={id}");
            record(&txn, chamber.code, clock.now(), "sistema", Action::AvisoNoEnviado, detail).await?;
            txn.commit().await
        });
        match telling.await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => drop(unexpected(error)),
            Err(error) => drop(unexpected(error)),
        }
    }
}

/// Where the right link of this user stands.
fn standing(row: &Model, days: i64, now: Timestamp) -> DisownState {
    let since = Timestamp(row.fecha_hora_verificacion.unwrap_or(row.fecha_hora_creacion));
    let expired = now >= since.plus_seconds(days * 86_400);
    match (VerifiedState::parse(&row.estado), row.desconocida_en, row.revisada_en) {
        (Some(VerifiedState::Vigente), None, _) if !expired => DisownState::Offered,
        (Some(VerifiedState::Inactivado), Some(_), None) => DisownState::Frozen,
        _ => DisownState::Useless,
    }
}

#[async_trait]
impl DisownService for DisownDesk {
    async fn view(&self, code: &str) -> ServiceResult<DisownView> {
        let enlace = match DisownCode::parse(code) {
            None => DisownState::Useless,
            Some(code) => {
                let txn = self.db.write().await.map_err(unexpected)?;
                let state = self.judge(&txn, &code).await?;
                txn.commit().await.map_err(unexpected)?;
                state
            }
        };
        let chamber = &self.chamber;
        Ok(DisownView {
            camara_nombre: chamber.nombre.clone(),
            telefono: chamber.telefono.clone(),
            direccion: chamber.direccion.clone(),
            enlace,
        })
    }

    async fn freeze(&self, code: &str) -> ServiceResult<()> {
        let Some(code) = DisownCode::parse(code) else { return Ok(()) };
        let txn = self.db.write().await.map_err(unexpected)?;
        let offered = self.judge(&txn, &code).await? == DisownState::Offered;
        if offered {
            self.freeze_row(&txn, code.user_id).await?;
        }
        txn.commit().await.map_err(unexpected)?;
        if offered {
            self.tell_the_chamber(code.user_id).await;
        }
        Ok(())
    }
}
