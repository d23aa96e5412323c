//! Whether the first provider is worth asking.

use std::sync::{Mutex, PoisonError};

use contract::Timestamp;

/// So many failures in a row open the circuit.
const FAILURES: u32 = 3;

/// An open circuit passes the provider over for so long; then one SMS tries it again.
const PAUSE_SECONDS: i64 = 60;

/// The memory of a provider's last answers.
#[derive(Default)]
pub struct Circuit(Mutex<State>);

#[derive(Default)]
struct State {
    failures: u32,
    passed_over_until: Option<Timestamp>,
}

impl Circuit {
    /// Whether to ask the provider now. After the pause the first to ask is the probe; the others go
    /// on passing the provider over until that one knows.
    pub fn admits(&self, now: Timestamp) -> bool {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match state.passed_over_until {
            Some(until) if now < until => false,
            Some(_) => {
                state.passed_over_until = Some(now.plus_seconds(PAUSE_SECONDS));
                true
            }
            None => true,
        }
    }

    /// Remembers whether the provider was at fault.
    pub fn learn(&self, failed: bool, now: Timestamp) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !failed {
            *state = State::default();
            return;
        }
        state.failures = state.failures.saturating_add(1);
        if state.failures >= FAILURES {
            state.passed_over_until = Some(now.plus_seconds(PAUSE_SECONDS));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_failures_in_a_row_pass_the_provider_over_for_a_minute_then_one_probes() {
        let circuit = Circuit::default();
        let at = |seconds: i64| Timestamp(0).plus_seconds(seconds);
        circuit.learn(true, at(0));
        circuit.learn(true, at(0));
        circuit.learn(false, at(0));
        circuit.learn(true, at(0));
        circuit.learn(true, at(0));
        assert!(circuit.admits(at(1)));
        circuit.learn(true, at(1));
        assert!(!circuit.admits(at(60)));
        // The minute is over: one probes, the next is still kept away.
        assert!(circuit.admits(at(61)));
        assert!(!circuit.admits(at(62)));
        circuit.learn(true, at(63));
        assert!(!circuit.admits(at(122)));
        assert!(circuit.admits(at(123)));
        circuit.learn(false, at(124));
        assert!(circuit.admits(at(124)) && circuit.admits(at(124)));
    }
}
