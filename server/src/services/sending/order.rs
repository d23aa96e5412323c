//! Placing an order: a batch of the first pending rows, or of two test mails.

use contract::campaign::{Origin, PasswordState};
use contract::sending::{BatchState, BatchView, PauseReason, SendTarget, TEST_MAILS};
use contract::staff::Permission;
use contract::{Email, NationalId, ServiceError, ServiceResult, Timestamp, Year};
use domain::password::ClearPassword;
use domain::sending::Allowance;
use entity::{claves_preasignadas as claves, lotes};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, EntityTrait,
    IntoActiveModel, QueryFilter, Set, SqlErr,
};

use super::{ALIVE_SECONDS, SendingDesk, batch, pace};
use crate::db::sql;
use crate::mail::Templates;
use crate::services::audit::{Action, record};
use crate::services::campaign::seal_binding;
use crate::services::fault::unexpected;
use crate::services::sample::sample;
use crate::services::suppression;
use crate::signing::{Signer, SigningFault};

/// Invented merchants for test mails: number of identification and mobile belong to nobody.
const TEST_MERCHANTS: [&str; TEST_MAILS as usize] = ["COMERCIANTE DE PRUEBA UNO", "COMERCIANTE DE PRUEBA DOS"];

/// The mobile printed in test letters; the one typed at the activation may be any.
const TEST_MOBILE: &str = "3000000000";

pub(super) async fn place(
    desk: &SendingDesk,
    year: Year,
    target: SendTarget,
    key: &str,
) -> ServiceResult<Option<BatchView>> {
    desk.actor.require_confirmed(Permission::Operate, desk.clock.now())?;
    if let Some(placed) = placed_before(desk, key).await? {
        return Ok(Some(placed));
    }
    check_configuration(desk).await?;
    let txn = desk.db.write().await.map_err(unexpected)?;
    let placed = match insert(desk, &txn, year, &target, key).await {
        Ok(placed) => placed,
        // A double click: the other one's batch is the answer.
        Err(error) if matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))) => {
            drop(txn);
            return placed_before(desk, key).await;
        }
        Err(error) => return Err(unexpected(error)),
    };
    let Some(lote) = placed else { return Ok(None) };
    txn.commit().await.map_err(unexpected)?;
    batch::view(desk.db.reader(), lote, desk.clock.now()).await.map_err(unexpected).map(Some)
}

async fn placed_before(desk: &SendingDesk, key: &str) -> ServiceResult<Option<BatchView>> {
    let found = lotes::Entity::find()
        .filter(lotes::Column::Camara.eq(desk.actor.camara.as_str()))
        .filter(lotes::Column::ClaveIdempotencia.eq(key))
        .one(desk.db.reader())
        .await
        .map_err(unexpected)?;
    match found {
        Some(lote) => batch::view(desk.db.reader(), lote, desk.clock.now()).await.map_err(unexpected).map(Some),
        None => Ok(None),
    }
}

/// Refuses before anything is promised: parameters missing, a certificate or templates that cannot
/// be used.
pub(super) async fn check_configuration(desk: &SendingDesk) -> ServiceResult<()> {
    let missing = desk.chamber.missing_for_sending();
    if !missing.is_empty() {
        return Err(ServiceError::Configuration { missing });
    }
    let (chamber, now) = (desk.chamber.clone(), desk.clock.now());
    let unusable = tokio::task::spawn_blocking(move || {
        let mut unusable = Vec::new();
        if let Ok(signing) = &chamber.signing
            && let Err(fault) = Signer::from_p12(&signing.p12, &signing.password, now)
        {
            tracing::warn!(%fault, camara = %chamber.code, "signing certificate");
            if let SigningFault::Expired { on } = fault {
                return Err(ServiceError::CertificateExpired { on });
            }
            unusable.push(fault.variable().to_owned());
        }
        if let Err(fault) = Templates::load(chamber.templates.as_deref()) {
            tracing::warn!(%fault, camara = %chamber.code, "mail templates");
            unusable.push("PLANTILLAS".to_owned());
        } else if let Err(fault) = sample(&chamber, "https://claves.example", chamber.factor, now) {
            tracing::warn!(%fault, camara = %chamber.code, "template of the conditions");
            unusable.push("PLANTILLAS".to_owned());
        }
        Ok(unusable)
    });
    let unusable = unusable.await.map_err(unexpected)??;
    if unusable.is_empty() { Ok(()) } else { Err(ServiceError::Configuration { missing: unusable }) }
}

/// The batch and its rows; `None`, with nothing changed, when no row is pending.
async fn insert(
    desk: &SendingDesk,
    txn: &DatabaseTransaction,
    year: Year,
    target: &SendTarget,
    key: &str,
) -> Result<Option<lotes::Model>, DbErr> {
    let now = desk.clock.now();
    let camara = desk.actor.camara;
    let lote = lotes::ActiveModel {
        camara: Set(camara.to_string()),
        ano: Set(year.number()),
        clave_idempotencia: Set(key.to_owned()),
        es_prueba: Set(matches!(target, SendTarget::Test(_))),
        solicitados: Set(0),
        estado: Set(BatchState::EnCurso.as_str().to_owned()),
        actor: Set(desk.actor.name.clone()),
        creado_en: Set(now.0),
        vivo_hasta: Set(now.plus_seconds(ALIVE_SECONDS).0),
        fallos_seguidos: Set(0),
        ..Default::default()
    };
    let lote = lote.insert(txn).await?;
    let taken = match target {
        SendTarget::Count(count) => {
            hold_suppressed(desk, txn, year, now).await?;
            take_first(txn, &lote, *count, now).await?
        }
        SendTarget::Test(email) => insert_tests(desk, txn, &lote, email, now).await?,
    };
    if taken == 0 {
        return Ok(None);
    }
    let is_test = lote.es_prueba;
    let allowed = pace::allowed(txn, camara, &desk.chamber.pace.rules, Some(lote.id), now).await?;
    let mut counted = lote.into_active_model();
    counted.solicitados = Set(taken);
    if let (false, Allowance::Later(at)) = (is_test, allowed) {
        counted.estado = Set(BatchState::EnPausa.as_str().to_owned());
        counted.pausa = Set(Some(batch::reason_code(&PauseReason::Pace).to_owned()));
        counted.reanuda_en = Set(Some(at.0));
    }
    let lote = counted.update(txn).await?;
    // Batches from which rows were taken may have none left.
    batch::close_finished(txn, camara, None, now).await?;
    let detail = format!("lote={} solicitados={taken} prueba={}", lote.id, lote.es_prueba);
    record(txn, camara, now, &desk.actor.name, Action::LoteCreado, detail).await?;
    Ok(Some(lote))
}

/// Rows whose address is known to come back are not even tried.
async fn hold_suppressed(
    desk: &SendingDesk,
    txn: &DatabaseTransaction,
    year: Year,
    now: Timestamp,
) -> Result<(), DbErr> {
    let held = suppression::hold_waiting(txn, desk.actor.camara, year.number()).await?;
    if held > 0 {
        let detail = format!("ano={year} claves={held}");
        record(txn, desk.actor.camara, now, &desk.actor.name, Action::CorreoSuprimido, detail).await?;
    }
    Ok(())
}

/// Takes the first pending rows that no living batch is about to send: free ones, and those of batches
/// in pause or whose process died. A batch that only waits for its time keeps its own.
async fn take_first(txn: &DatabaseTransaction, lote: &lotes::Model, count: u16, now: Timestamp) -> Result<i64, DbErr> {
    let backend = txn.get_database_backend();
    let lock = if backend == DbBackend::Postgres { "FOR UPDATE OF c SKIP LOCKED" } else { "" };
    let text = format!(
        "WITH elegidas AS MATERIALIZED (\
         SELECT c.id FROM claves_preasignadas c LEFT JOIN lotes l ON l.id = c.lote_id \
         WHERE c.camara = ? AND c.ano = ? AND NOT c.es_prueba AND c.estado = ? \
         AND (l.id IS NULL OR l.estado IN ('terminado', 'cancelado') \
         OR (l.estado = 'en_pausa' AND l.pausa <> 'pace') OR (l.estado = 'en_curso' AND l.vivo_hasta < ?)) \
         ORDER BY c.id LIMIT ? {lock}) \
         UPDATE claves_preasignadas SET lote_id = ?, movida_en = ? WHERE id IN (SELECT id FROM elegidas)"
    );
    let values = [
        lote.camara.as_str().into(),
        lote.ano.into(),
        PasswordState::Pendiente.as_str().into(),
        now.0.into(),
        i64::from(count).into(),
        lote.id.into(),
        now.0.into(),
    ];
    let result = txn.execute_raw(sql(backend, &text, values)).await?;
    Ok(i64::try_from(result.rows_affected()).unwrap_or_default())
}

/// The two rows of a test send: invented merchants, the manual's test identification, fresh passwords.
async fn insert_tests(
    desk: &SendingDesk,
    txn: &DatabaseTransaction,
    lote: &lotes::Model,
    email: &Email,
    now: Timestamp,
) -> Result<i64, DbErr> {
    let identity = NationalId::test_identity();
    for (index, name) in TEST_MERCHANTS.into_iter().enumerate() {
        let password = ClearPassword::generate(&mut rand::rng());
        let binding = seal_binding(&lote.camara, identity.as_str(), lote.ano, 1);
        let sealed = desk.vault.seal(password.expose().as_bytes(), &binding);
        let sealed = sealed.map_err(|error| DbErr::Custom(error.to_string()))?;
        claves::ActiveModel {
            camara: Set(lote.camara.clone()),
            ano: Set(lote.ano),
            es_prueba: Set(true),
            matricula: Set(format!("PRUEBA{}", index + 1)),
            idclase: Set("1".to_owned()),
            identificacion: Set(identity.as_str().to_owned()),
            nombre: Set(name.to_owned()),
            nombres: Set(name.to_owned()),
            correo: Set(email.as_str().to_owned()),
            correo_origen: Set(Origin::Notificacion.as_str().to_owned()),
            celular: Set(TEST_MOBILE.to_owned()),
            celular_origen: Set(Origin::Notificacion.as_str().to_owned()),
            estado: Set(PasswordState::Pendiente.as_str().to_owned()),
            generacion: Set(1),
            sellada: Set(Some(sealed.bytes)),
            sellada_llave: Set(Some(sealed.key_id)),
            lote_id: Set(Some(lote.id)),
            fence: Set(0),
            intentos: Set(0),
            seleccionada_en: Set(now.0),
            movida_en: Set(Some(now.0)),
            ..Default::default()
        }
        .insert(txn)
        .await?;
    }
    Ok(i64::from(TEST_MAILS))
}
