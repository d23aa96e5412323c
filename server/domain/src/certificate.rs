//! How long the signing certificate still serves.

use contract::Timestamp;

/// From this many days before its end staff are told.
pub const WARNING_DAYS: i64 = 30;

const DAY_MS: i64 = 86_400_000;

/// Whole days left of a certificate of which staff must hear: zero on its last one, negative once it is
/// over, `None` while it has more than [`WARNING_DAYS`].
#[must_use]
pub fn days_left(ends: Timestamp, now: Timestamp) -> Option<i64> {
    let days = ends.0.saturating_sub(now.0).div_euclid(DAY_MS);
    (days < WARNING_DAYS).then_some(days)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn staff_hear_of_it_from_thirty_days_before_its_end() {
        let ends = Timestamp(1_800_000_000_000);
        let left = |seconds: i64| days_left(ends, ends.plus_seconds(-seconds));
        assert_eq!(left(30 * 86_400), None);
        assert_eq!(left(30 * 86_400 - 1), Some(29));
        assert_eq!(left(86_400), Some(1));
        assert_eq!(left(1), Some(0));
        assert_eq!(left(0), Some(0));
        assert_eq!(left(-1), Some(-1));
        assert_eq!(days_left(Timestamp(i64::MIN), Timestamp(i64::MAX)).map(i64::is_negative), Some(true));
    }
}
