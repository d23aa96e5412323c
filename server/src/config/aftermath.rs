//! What follows an activation, or its absence: `NO_FUI_YO_DIAS`, `RECORDATORIO_DIAS`.

use super::{Fault, Variables};

/// Figures of what comes after, each within bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Aftermath {
    /// `NO_FUI_YO_DIAS`: how long the confirmation's «no fui yo» works, 1–365 days.
    pub disown_days: i64,
    /// `RECORDATORIO_DIAS`: days from dispatch to the reminder, 1–30; `None`: no reminders.
    pub reminder_days: Option<i64>,
}

impl Default for Aftermath {
    fn default() -> Self {
        Self { disown_days: 90, reminder_days: None }
    }
}

impl Aftermath {
    pub(super) fn read(vars: &Variables, file: &str, faults: &mut Vec<Fault>) -> Self {
        let mut number = |name: &str, low: i64, high: i64| match vars.get(name).map(str::parse) {
            None => None,
            Some(Ok(value)) if (low..=high).contains(&value) => Some(value),
            Some(_) => {
                faults.push(Fault::in_file(file, name, format!("escriba un número entero entre {low} y {high}")));
                None
            }
        };
        let default = Self::default();
        Self {
            disown_days: number("NO_FUI_YO_DIAS", 1, 365).unwrap_or(default.disown_days),
            reminder_days: number("RECORDATORIO_DIAS", 1, 30),
        }
    }

    /// Warns of a reminder that could never leave: a password that lives so short has no day left then.
    pub(super) fn check(&self, life_hours: i64, file: &str, faults: &mut Vec<Fault>) {
        if self.reminder_days.is_some_and(|days| (days + 1) * 24 > life_hours) {
            let remedy = "ningún recordatorio saldrá: la contraseña debe tener todavía un día de vigencia; \
                          escriba menos días, o amplíe CLAVE_DIAS (CLAVE_HORAS_SOLO_CLAVE con SOLO CLAVE)";
            faults.push(Fault::in_file(file, "RECORDATORIO_DIAS", remedy).as_warning());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> (Aftermath, Vec<String>) {
        let mut faults = Vec::new();
        let aftermath = Aftermath::read(&Variables::from_pairs(pairs), "common55.env", &mut faults);
        (aftermath, faults.into_iter().map(|fault| fault.variable).collect())
    }

    #[test]
    fn reminders_are_off_and_the_link_works_ninety_days_unless_the_chamber_says_otherwise() {
        assert_eq!(read(&[]), (Aftermath { disown_days: 90, reminder_days: None }, vec![]));
        let (set, faults) = read(&[("NO_FUI_YO_DIAS", "365"), ("RECORDATORIO_DIAS", "5")]);
        assert_eq!((set, faults), (Aftermath { disown_days: 365, reminder_days: Some(5) }, vec![]));
    }

    #[test]
    fn what_is_out_of_bounds_is_a_fault_and_sends_nothing() {
        for (name, value) in [
            ("NO_FUI_YO_DIAS", "0"),
            ("NO_FUI_YO_DIAS", "366"),
            ("RECORDATORIO_DIAS", "0"),
            ("RECORDATORIO_DIAS", "31"),
            ("RECORDATORIO_DIAS", "tres"),
        ] {
            assert_eq!(read(&[(name, value)]), (Aftermath::default(), vec![name.to_owned()]), "{value}");
        }
    }

    #[test]
    fn a_reminder_that_can_never_leave_is_a_warning() {
        let warned = |days, life| {
            let mut faults = Vec::new();
            Aftermath { reminder_days: Some(days), ..Aftermath::default() }.check(life, "x", &mut faults);
            faults.iter().any(|fault| fault.warning)
        };
        assert!(!warned(14, 15 * 24) && warned(15, 15 * 24));
        assert!(!warned(2, 72) && warned(3, 72));
    }
}
