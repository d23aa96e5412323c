//! When one mail is tried again, and when a batch stops altogether.

/// Tries after which a row is refused for good.
pub const MAX_TRIES: i64 = 6;

/// Faults in making the mail after which a row is `error_datos`.
pub const MAX_PREPARE_FAULTS: i64 = 3;

/// Account faults one after the other that stop a batch until staff resume it.
pub const BREAKER_FAULTS: i64 = 5;

/// Mails that must have gone out before the share of refused ones counts.
const BREAKER_MINIMUM: u64 = 20;

/// Seconds before the next try: 5 min × 2ⁿ, at most 4 h, ± 20 %. `done` is how many tries were made
/// (from 1); `jitter` lies between −1 and 1.
#[must_use]
pub fn retry_delay_seconds(done: i64, jitter: f64) -> i64 {
    const FIRST: i64 = 5 * 60;
    const LONGEST: i64 = 4 * 60 * 60;
    let doublings = u32::try_from(done.saturating_sub(1).clamp(0, 16)).unwrap_or(0);
    let plain = (FIRST << doublings).min(LONGEST);
    let jitter = jitter.clamp(-1.0, 1.0) * 0.2 * plain as f64;
    (plain + jitter as i64).min(LONGEST)
}

/// Whether more than 10 % were refused once 20 went out.
#[must_use]
pub const fn refusals_break(accepted: u64, refused: u64) -> bool {
    let out = accepted + refused;
    out >= BREAKER_MINIMUM && refused * 10 > out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn retries_double_from_five_minutes_to_four_hours() {
        let plain: Vec<i64> = (1..=7).map(|done| retry_delay_seconds(done, 0.0) / 60).collect();
        assert_eq!(plain, [5, 10, 20, 40, 80, 160, 240]);
    }

    #[test]
    fn one_in_ten_refused_is_still_borne() {
        assert!(!refusals_break(0, 19));
        assert!(!refusals_break(18, 2));
        assert!(refusals_break(17, 3));
    }

    proptest! {
        #[test]
        fn a_wait_stays_within_its_bounds(done in -5_i64..200, jitter in -2.0..2.0_f64) {
            let delay = retry_delay_seconds(done, jitter);
            prop_assert!((240..=14_400).contains(&delay), "{delay}");
        }
    }
}
