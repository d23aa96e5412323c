//! How long personal data stay (Ley 1581 de 2012, art. 4: no longer than their purpose needs): `RETENCION_*`.

use super::{Fault, Variables};

/// Periods after which the daily purge takes personal data away, each within bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// `RETENCION_CLAVES_DIAS`: pre-assigned passwords that came to nothing, from the end of their life,
    /// 30–3650 days. A year: until the next campaign has shown what became of this one.
    pub password_days: i64,
    /// `RETENCION_SMS_DIAS`: the journal of SMS, 30–3650 days. A year: operators settle claims within it;
    /// the facts of an activation keep what concerns its own PINs.
    pub sms_days: i64,
    /// `RETENCION_USUARIOS_ANOS`: verified users that are no longer in force, with the facts of their
    /// activation, 1–30 years. Ten, as merchants keep their papers (Ley 962 de 2005, art. 28).
    pub user_years: i64,
}

impl Default for Retention {
    fn default() -> Self {
        Self { password_days: 365, sms_days: 365, user_years: 10 }
    }
}

impl Retention {
    pub(super) fn read(vars: &Variables, file: &str, faults: &mut Vec<Fault>) -> Self {
        let default = Self::default();
        let mut number = |name: &str, default: i64, low: i64, high: i64| match vars.get(name).map(str::parse) {
            None => default,
            Some(Ok(value)) if (low..=high).contains(&value) => value,
            Some(_) => {
                faults.push(Fault::in_file(file, name, format!("escriba un número entero entre {low} y {high}")));
                default
            }
        };
        Self {
            password_days: number("RETENCION_CLAVES_DIAS", default.password_days, 30, 3650),
            sms_days: number("RETENCION_SMS_DIAS", default.sms_days, 30, 3650),
            user_years: number("RETENCION_USUARIOS_ANOS", default.user_years, 1, 30),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_are_taken_within_their_bounds_and_refused_outside_them() {
        let read = |pairs: &[(&str, &str)]| {
            let mut faults = Vec::new();
            let read = Retention::read(&Variables::from_pairs(pairs), "common55.env", &mut faults);
            (read, faults.into_iter().map(|fault| fault.variable).collect::<Vec<_>>())
        };
        assert_eq!(read(&[]), (Retention::default(), vec![]));
        let set = [("RETENCION_CLAVES_DIAS", "30"), ("RETENCION_SMS_DIAS", "3650"), ("RETENCION_USUARIOS_ANOS", "30")];
        assert_eq!(read(&set), (Retention { password_days: 30, sms_days: 3650, user_years: 30 }, vec![]));
        for (name, value) in [
            ("RETENCION_CLAVES_DIAS", "29"),
            ("RETENCION_SMS_DIAS", "3651"),
            ("RETENCION_USUARIOS_ANOS", "0"),
            ("RETENCION_USUARIOS_ANOS", "diez"),
        ] {
            assert_eq!(read(&[(name, value)]), (Retention::default(), vec![name.to_owned()]), "{value}");
        }
    }
}
