//! «Enviar»: batches and their progress (manual, sections 6 and 7).

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use crate::campaign::PasswordState;
use crate::page::{ListQuery, Page};
use crate::{Email, ServiceResult, Timestamp, Year};

/// What the single field of «Enviar» asks for (manual, section 7).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SendTarget {
    /// An e-mail: exactly two test mails to it.
    Test(Email),
    /// A number from 1 to 500: that many pending rows.
    Count(u16),
}

/// The most mails a batch may hold (manual, section 7).
pub const MAX_BATCH: u16 = 500;

/// Test mails sent to one address (manual, section 7).
pub const TEST_MAILS: u16 = 2;

impl SendTarget {
    /// Reads the field: plain digits 1–500 or one e-mail. `0`, `501`, `1.5`, `1e2`, `+3`, blanks,
    /// two addresses: `None`.
    #[must_use]
    pub fn parse(typed: &str) -> Option<Self> {
        let text = crate::value::clean(typed);
        if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
            let count: u16 = text.parse().ok()?;
            return (1..=MAX_BATCH).contains(&count).then_some(Self::Count(count));
        }
        if typed.trim().contains(['\n', '\r']) {
            return None;
        }
        Email::parse(&text).map(Self::Test)
    }
}

/// The states of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BatchState {
    /// Being sent.
    EnCurso,
    /// Stopped; to be resumed by staff or at a time.
    EnPausa,
    /// No row can move any more.
    Terminado,
    /// Cancelled by staff.
    Cancelado,
}

impl BatchState {
    /// The name under which it stands in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::EnCurso => "en_curso",
            Self::EnPausa => "en_pausa",
            Self::Terminado => "terminado",
            Self::Cancelado => "cancelado",
        }
    }

    /// The state of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        [Self::EnCurso, Self::EnPausa, Self::Terminado, Self::Cancelado].into_iter().find(|s| s.as_str() == name)
    }
}

/// Why a batch stands in pause; shown in words with what to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "motivo", rename_all = "snake_case")]
pub enum PauseReason {
    /// The name of the server or its port cannot be reached.
    Unreachable,
    /// TLS failed: certificate or protocol.
    Tls,
    /// The server refused account or password.
    Authentication,
    /// The server refused the sender or the account for good.
    Account,
    /// The server asked to wait.
    Throttled,
    /// The signing certificate cannot be used.
    Certificate,
    /// Too many faults one after the other.
    Breaker,
    /// A limit of the chamber's own pace, or outside its hours.
    Pace,
    /// Staff asked for it.
    Staff,
}

/// One batch and what became of its rows, from the database.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchView {
    /// Its number.
    pub id: i64,
    /// Whether it is a test send.
    pub prueba: bool,
    /// Its state.
    pub estado: BatchState,
    /// Why it stands, when in pause.
    pub pausa: Option<PauseReason>,
    /// When sending goes on by itself, when in pause for a time.
    pub reanuda_en: Option<Timestamp>,
    /// Rows taken into it.
    pub solicitados: u64,
    /// Taken by the server.
    pub enviados: u64,
    /// Refused for good (with those whose data cannot be rendered).
    pub rechazados: u64,
    /// To be tried again.
    pub reintento: u64,
    /// Nobody knows.
    pub inciertos: u64,
    /// Not yet tried.
    pub pendientes: u64,
    /// Of those in `enviados`: came back afterwards.
    pub rebotados: u64,
    /// Taken over by a later batch, or deleted with the year's passwords.
    pub retirados: u64,
    /// Mails settled in the last minute.
    pub por_minuto: u64,
    /// When it will end at that rate; `None` when nothing can be said.
    pub termina_en: Option<Timestamp>,
    /// The server's last reply, without addresses.
    pub ultima_respuesta: Option<String>,
    /// Who asked for it.
    pub actor: String,
    /// When it was asked for.
    pub creado_en: Timestamp,
    /// When it ended.
    pub terminado_en: Option<Timestamp>,
}

/// What «Enviar» would do, said before it happens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SendingOutlook {
    /// Rows waiting.
    pub pendientes: u64,
    /// Server and port that would be used.
    pub servidor: String,
    /// The sender as the merchant would see it.
    pub remitente: String,
    /// Parameters missing; empty when sending is possible.
    pub faltantes: Vec<String>,
    /// The chamber's own limits and what is left of them.
    pub ritmo: PaceView,
}

/// A limit and how much of it is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quota {
    /// The most mails.
    pub limite: u64,
    /// Those that left in the period that ends now.
    pub usados: u64,
}

impl Quota {
    /// Whether 90 % or more is used.
    #[must_use]
    pub const fn is_near(self) -> bool {
        self.usados * 10 >= self.limite * 9
    }
}

/// The chamber's pace: what its CommonXX limits and how things stand.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaceView {
    /// Limit in an hour; `None` when there is none.
    pub por_hora: Option<Quota>,
    /// Limit in 24 hours.
    pub por_dia: Option<Quota>,
    /// Minutes between the end of a batch and the next one's first mail.
    pub pausa_minutos: u64,
    /// The hours and days in which mails leave, in words; `None`: always.
    pub horario: Option<String>,
    /// When the next mail may leave, when it may not now.
    pub siguiente: Option<Timestamp>,
}

/// One row of a batch, as its progress shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchRow {
    /// The pre-assigned password's number.
    pub id: i64,
    /// The merchant's name.
    pub nombre: String,
    /// The address.
    pub correo: String,
    /// Its state.
    pub estado: PasswordState,
    /// The server's reply, without addresses.
    pub respuesta: Option<String>,
    /// Tries that the server refused.
    pub intentos: u64,
    /// When it is tried again.
    pub proximo_intento: Option<Timestamp>,
    /// When the server took it.
    pub enviada_en: Option<Timestamp>,
}

/// Everything that moves on the campaign's page, at one moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// The server's time.
    pub ahora: Timestamp,
    /// The year's batches, newest first, at most 20.
    pub lotes: Vec<BatchView>,
    /// The pace.
    pub ritmo: PaceView,
    /// What keeps this server's worker from working at all.
    pub aviso: Option<WorkerTrouble>,
}

/// Why the worker of this server cannot write what it does: nothing leaves meanwhile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorkerTrouble {
    /// The database's disk is full.
    DiskFull,
    /// The database is locked or away.
    Database,
}

/// What to do with a row whose fate is unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UncertainChoice {
    /// Take it as sent.
    DarPorEnviado,
    /// Send it again with the same Message-ID and password: a duplicate is possible.
    Reenviar,
}

/// A row that needs a person's eye.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TroubledRow {
    /// The pre-assigned password's number.
    pub id: i64,
    /// The merchant's name.
    pub nombre: String,
    /// The address.
    pub correo: String,
    /// Its state.
    pub estado: PasswordState,
    /// The server's reply, if there was one.
    pub respuesta: Option<String>,
}

/// Sending, for the staff member to whom it is bound.
#[async_trait]
pub trait SendingService: Send + Sync {
    /// What would happen.
    async fn outlook(&self, year: Year) -> ServiceResult<SendingOutlook>;
    /// Starts a batch. The same `idempotency_key` gives the same batch.
    async fn start(&self, year: Year, target: SendTarget, idempotency_key: String) -> ServiceResult<BatchView>;
    /// One batch.
    async fn batch(&self, id: i64) -> ServiceResult<BatchView>;
    /// The year's batches, newest first, at most 20.
    async fn batches(&self, year: Year) -> ServiceResult<Vec<BatchView>>;
    /// Stops a running batch; what is on its way ends first.
    async fn pause(&self, id: i64) -> ServiceResult<BatchView>;
    /// Goes on with a batch in pause.
    async fn resume(&self, id: i64) -> ServiceResult<BatchView>;
    /// Ends a batch; its unsent rows are pending again.
    async fn cancel(&self, id: i64) -> ServiceResult<BatchView>;
    /// Rows of the year that are uncertain, refused or cannot be rendered; at most 200.
    async fn troubled(&self, year: Year) -> ServiceResult<Vec<TroubledRow>>;
    /// Decides an uncertain row.
    async fn settle_uncertain(&self, id: i64, choice: UncertainChoice) -> ServiceResult<()>;
    /// Batches, pace and the worker's state at this moment; does not count as use of the session.
    async fn progress(&self, year: Year) -> ServiceResult<Progress>;
    /// The rows of a batch, those that moved last first.
    async fn rows(&self, batch: i64, query: ListQuery) -> ServiceResult<Page<BatchRow>>;
    /// Puts one refused or unrenderable row back into its batch, whatever is known of its address.
    async fn retry(&self, id: i64) -> ServiceResult<()>;
    /// The same for every refused or unrenderable row of a batch whose address did not bounce; how many.
    async fn retry_failed(&self, batch: i64) -> ServiceResult<u64>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_field_takes_one_email_or_a_number_from_1_to_500() {
        assert_eq!(SendTarget::parse(" 1 "), Some(SendTarget::Count(1)));
        assert_eq!(SendTarget::parse("500"), Some(SendTarget::Count(500)));
        assert!(matches!(SendTarget::parse("ana@correo.com"), Some(SendTarget::Test(_))));
        for bad in [
            "0",
            "-1",
            "501",
            "1.5",
            "1e2",
            "",
            " ",
            "+3",
            "99999999",
            "a@b.co,c@d.co",
            "a@b.co c@d.co",
            "a@b.co\nc@d.co",
            "a@b.co\r\nBcc: x@y.co",
            "X",
        ] {
            assert_eq!(SendTarget::parse(bad), None, "{bad:?}");
        }
    }
}
