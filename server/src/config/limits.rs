//! The parameters of the activation, each within bounds.

use contract::campaign::Factor;
use domain::limits::{IDENTITY, NETWORK, Policy};

use super::{Fault, Variables};

/// Figures that a chamber may set; the defaults are the design's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ActivationLimits {
    /// `PIN_MINUTOS`: a PIN's life, 2–30.
    pub pin_minutes: i64,
    /// `PIN_INTENTOS`: wrong tries that void it, 1–5.
    pub pin_tries: i64,
    /// `PIN_REENVIO_SEGUNDOS`: wait before another PIN, 30–600.
    pub resend_seconds: i64,
    /// `PIN_REENVIOS`: further PINs in one transaction, 0–5.
    pub resends: i64,
    /// `SMS_POR_COMERCIANTE`: SMS to one merchant in 24 hours, 1–20.
    pub sms_per_merchant: i64,
    /// `SMS_POR_DIA`: the chamber's budget in 24 hours, 1–1,000,000.
    pub sms_per_day: i64,
    /// `CLAVE_DIAS`: a pre-assigned password's life from dispatch, 1–60 days.
    pub password_days: i64,
    /// `CLAVE_HORAS_SOLO_CLAVE`: the same when the factor is SOLO CLAVE, 1–1440 hours.
    pub password_only_hours: i64,
    /// `TRANSACCION_MINUTOS`: from the first field to the last, 10–60.
    pub transaction_minutes: i64,
    /// `RETENCION_PIN_HORAS`: how long a transaction's row is kept after its end, 1–72.
    pub retention_hours: i64,
    /// `PRUEBA_HORAS`: how long a test password works, 1–72.
    pub test_hours: i64,
    /// `INTENTOS_*`: how often one identification may be guessed.
    pub identity: Policy,
    /// `INTENTOS_RED_HORA`: how often one network may guess.
    pub network: Policy,
    /// `EXIGIR_CAMBIO_CLAVE`: whether the merchant must choose a password of his own.
    pub own_password: bool,
    /// `PRUEBA_ACTIVA`: whether the test identity works at all.
    pub test_identity: bool,
}

impl Default for ActivationLimits {
    fn default() -> Self {
        Self {
            pin_minutes: 10,
            pin_tries: 3,
            resend_seconds: 60,
            resends: 3,
            sms_per_merchant: 5,
            sms_per_day: 5_000,
            password_days: 15,
            password_only_hours: 72,
            transaction_minutes: 20,
            retention_hours: 24,
            test_hours: 24,
            identity: IDENTITY,
            network: NETWORK,
            own_password: false,
            test_identity: true,
        }
    }
}

impl ActivationLimits {
    /// A password's life from dispatch, in hours: shorter without a second factor.
    #[must_use]
    pub const fn life_hours(&self, factor: Factor) -> i64 {
        match factor {
            Factor::Doble => self.password_days * 24,
            Factor::SoloClave => self.password_only_hours,
        }
    }

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
            pin_minutes: number("PIN_MINUTOS", default.pin_minutes, 2, 30),
            pin_tries: number("PIN_INTENTOS", default.pin_tries, 1, 5),
            resend_seconds: number("PIN_REENVIO_SEGUNDOS", default.resend_seconds, 30, 600),
            resends: number("PIN_REENVIOS", default.resends, 0, 5),
            sms_per_merchant: number("SMS_POR_COMERCIANTE", default.sms_per_merchant, 1, 20),
            sms_per_day: number("SMS_POR_DIA", default.sms_per_day, 1, 1_000_000),
            password_days: number("CLAVE_DIAS", default.password_days, 1, 60),
            password_only_hours: number("CLAVE_HORAS_SOLO_CLAVE", default.password_only_hours, 1, 1440),
            transaction_minutes: number("TRANSACCION_MINUTOS", default.transaction_minutes, 10, 60),
            retention_hours: number("RETENCION_PIN_HORAS", default.retention_hours, 1, 72),
            test_hours: number("PRUEBA_HORAS", default.test_hours, 1, 72),
            identity: Policy {
                free: number("INTENTOS_LIBRES", IDENTITY.free, 0, 10),
                per_hour: number("INTENTOS_HORA", IDENTITY.per_hour, 5, 100),
                pause: Some(60 * number("INTENTOS_PAUSA_MINUTOS", 15, 5, 240)),
                hard_stop: Some(number("INTENTOS_TOPE", 100, 10, 1_000)),
                ..IDENTITY
            },
            network: Policy { per_hour: number("INTENTOS_RED_HORA", NETWORK.per_hour, 50, 100_000), ..NETWORK },
            own_password: matches!(
                vars.get("EXIGIR_CAMBIO_CLAVE").map(str::to_uppercase).as_deref(),
                Some("SI" | "SÍ" | "TRUE" | "1")
            ),
            test_identity: !matches!(
                vars.get("PRUEBA_ACTIVA").map(str::to_uppercase).as_deref(),
                Some("NO" | "FALSE" | "0")
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (ActivationLimits, Vec<String>) {
        let (vars, _) = Variables::parse(text, "common55.env");
        let mut faults = Vec::new();
        let limits = ActivationLimits::read(&vars, "common55.env", &mut faults);
        (limits, faults.into_iter().map(|fault| fault.variable).collect())
    }

    #[test]
    fn nothing_set_is_the_designs_figures() {
        assert_eq!(read(""), (ActivationLimits::default(), Vec::new()));
    }

    #[test]
    fn every_figure_is_taken_within_its_bounds_and_refused_outside_them() {
        let (limits, faults) =
            read("INTENTOS_LIBRES=1\nINTENTOS_TOPE=50\nINTENTOS_RED_HORA=500\nTRANSACCION_MINUTOS=30\n");
        assert!(faults.is_empty());
        assert_eq!((limits.identity.free, limits.identity.hard_stop), (1, Some(50)));
        assert_eq!((limits.network.per_hour, limits.transaction_minutes), (500, 30));
        for wrong in
            ["INTENTOS_LIBRES=11", "INTENTOS_HORA=0", "INTENTOS_TOPE=9", "TRANSACCION_MINUTOS=5", "PIN_INTENTOS=x"]
        {
            let (limits, faults) = read(wrong);
            assert_eq!(faults, [wrong.split('=').next().unwrap()]);
            assert_eq!(limits, ActivationLimits::default(), "{wrong}");
        }
    }
}
