//! Judges pages of the registry and draws a password for whoever qualifies. Runs on blocking threads.

use contract::campaign::SelectionReport;
use contract::{ChamberCode, ServiceResult, Year};
use domain::eligibility::{Candidate, Known, evaluate};
use domain::password::ClearPassword;
use rand::TryRngCore;
use rand::rngs::OsRng;

use super::super::seal_binding;
use super::pages::{Packed, Registration};
use crate::secrets::{Sealed, Vault};
use crate::services::fault::unexpected;

/// The first generation of a pre-assigned password.
pub(super) const FIRST_GENERATION: i64 = 1;

/// One password to be inserted, sealed, with its merchant.
pub(super) struct Preassigned {
    pub candidate: Candidate,
    pub matricula: String,
    pub idclase: String,
    pub municipio: String,
    pub sincronizacion_id: i64,
    pub sealed: Sealed,
}

/// The state of an evaluation under way.
pub(super) struct Evaluator {
    camara: ChamberCode,
    year: Year,
    known: Known,
    /// Present when passwords are wanted; a simulation draws none.
    vault: Option<Vault>,
    had_before: u64,
    /// The figures so far.
    pub report: SelectionReport,
    /// The passwords so far, lowest matrícula first.
    pub passwords: Vec<Preassigned>,
}

impl Evaluator {
    pub fn new(camara: ChamberCode, year: Year, known: Known, vault: Option<Vault>) -> Self {
        let had_before = known.selected.len() as u64;
        let report = SelectionReport { ano: year.number(), ..SelectionReport::default() };
        Self { camara, year, known, vault, had_before, report, passwords: Vec::new() }
    }

    /// Merchants that qualify: those found now and those selected before.
    pub fn qualifying(&self) -> u64 {
        self.report.seleccionados + self.had_before
    }

    /// Judges a page. An identification counts once: its lowest matrícula comes first, the others
    /// find it selected.
    pub fn judge(mut self, page: &[Packed]) -> ServiceResult<Self> {
        for packed in page {
            let row = packed.unpack().map_err(unexpected)?;
            self.report.evaluados += 1;
            match evaluate(&row.row(), self.year, &self.known) {
                Err(reason) => *self.report.excluidos.entry(reason).or_default() += 1,
                Ok(candidate) => {
                    self.report.seleccionados += 1;
                    self.known.selected.insert(candidate.identificacion.as_str().to_owned());
                    if let Some(vault) = &self.vault {
                        let sealed = self.draw_password(vault, &candidate)?;
                        self.passwords.push(preassigned(candidate, row, sealed));
                    }
                }
            }
        }
        Ok(self)
    }

    fn draw_password(&self, vault: &Vault, candidate: &Candidate) -> ServiceResult<Sealed> {
        let password = ClearPassword::generate(&mut OsRng.unwrap_err());
        let identification = candidate.identificacion.as_str();
        let binding = seal_binding(self.camara.as_str(), identification, self.year.number(), FIRST_GENERATION);
        vault.seal(password.expose().as_bytes(), &binding).map_err(unexpected)
    }
}

fn preassigned(candidate: Candidate, row: Registration<'_>, sealed: Sealed) -> Preassigned {
    Preassigned {
        candidate,
        municipio: row.municipio().to_owned(),
        matricula: row.matricula.into_owned(),
        idclase: row.idclase.into_owned(),
        sincronizacion_id: row.sincronizacion_id,
        sealed,
    }
}
