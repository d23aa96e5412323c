//! The rules of staff's sessions, each within bounds.

use super::{Fault, Variables};

/// What a chamber may set; the defaults are the design's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StaffRules {
    /// `SESION_INACTIVA_MINUTOS`: a session unused for so long is over, 5–60.
    pub idle_seconds: i64,
    /// `SESION_HORAS`: a session this old is over, used or not, 1–12.
    pub absolute_seconds: i64,
    /// `CONFIRMACION_MINUTOS`: how long a password typed again covers dangerous actions, 1–15.
    pub confirmation_seconds: i64,
    /// `EXIGIR_SEGUNDO_FACTOR=SI`: nobody works without a second factor.
    pub second_factor: bool,
}

impl Default for StaffRules {
    fn default() -> Self {
        Self { idle_seconds: 15 * 60, absolute_seconds: 8 * 3600, confirmation_seconds: 5 * 60, second_factor: false }
    }
}

impl StaffRules {
    pub(super) fn read(vars: &Variables, file: &str, faults: &mut Vec<Fault>) -> Self {
        let default = Self::default();
        let mut number = |name: &str, default: i64, low: i64, high: i64| {
            vars.whole(name, low, high, file, faults).unwrap_or(default)
        };
        let idle_seconds = 60 * number("SESION_INACTIVA_MINUTOS", default.idle_seconds / 60, 5, 60);
        let absolute_seconds = 3600 * number("SESION_HORAS", default.absolute_seconds / 3600, 1, 12);
        let confirmation_seconds = 60 * number("CONFIRMACION_MINUTOS", default.confirmation_seconds / 60, 1, 15);
        let second_factor = match vars.get("EXIGIR_SEGUNDO_FACTOR").map(str::to_uppercase).as_deref() {
            None | Some("NO" | "FALSE" | "0") => false,
            Some("SI" | "SÍ" | "TRUE" | "1") => true,
            Some(_) => {
                // What cannot be read is taken for the stricter of the two.
                faults.push(Fault::in_file(file, "EXIGIR_SEGUNDO_FACTOR", "escriba SI o NO"));
                true
            }
        };
        Self { idle_seconds, absolute_seconds, confirmation_seconds, second_factor }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> (StaffRules, usize) {
        let mut faults = Vec::new();
        let rules = StaffRules::read(&Variables::from_pairs(pairs), "common55.env", &mut faults);
        (rules, faults.len())
    }

    #[test]
    fn figures_hold_within_their_bounds_only() {
        assert_eq!(read(&[]), (StaffRules::default(), 0));
        let (rules, faults) = read(&[
            ("SESION_INACTIVA_MINUTOS", "60"),
            ("SESION_HORAS", "1"),
            ("CONFIRMACION_MINUTOS", "15"),
            ("EXIGIR_SEGUNDO_FACTOR", "Sí"),
        ]);
        let expected =
            StaffRules { idle_seconds: 3600, absolute_seconds: 3600, confirmation_seconds: 900, second_factor: true };
        assert_eq!((rules, faults), (expected, 0));
        for (name, value) in [
            ("SESION_INACTIVA_MINUTOS", "4"),
            ("SESION_INACTIVA_MINUTOS", "61"),
            ("SESION_HORAS", "0"),
            ("SESION_HORAS", "13"),
            ("CONFIRMACION_MINUTOS", "16"),
            ("CONFIRMACION_MINUTOS", "cinco"),
        ] {
            assert_eq!(read(&[(name, value)]), (StaffRules::default(), 1), "{name}={value}");
        }
        let (rules, faults) = read(&[("EXIGIR_SEGUNDO_FACTOR", "quizá")]);
        assert!(rules.second_factor && faults == 1);
    }
}
