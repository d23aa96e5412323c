//! How often one may guess. A try is counted before it is judged and taken back when it was right,
//! so that parallel guesses can never pass a limit by even one.

use contract::Timestamp;

/// The window in which failures are counted together.
const HOUR_SECONDS: i64 = 3600;

/// The figures for one kind of subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Failures that bring no delay.
    pub free: i64,
    /// Delay after the first failure beyond those, in seconds; doubled by each further one.
    pub first_delay: i64,
    /// The longest of the growing delays, in seconds.
    pub longest_delay: i64,
    /// Failures in an hour from which on there is a pause.
    pub per_hour: i64,
    /// That pause in seconds; `None`: until the hour is over.
    pub pause: Option<i64>,
    /// Failures after which only staff can help; `None`: never.
    pub hard_stop: Option<i64>,
}

/// One identification of one chamber.
pub const IDENTITY: Policy =
    Policy { free: 3, first_delay: 5, longest_delay: 300, per_hour: 20, pause: Some(900), hard_stop: Some(100) };

/// One network (IPv6: a /64): far higher, because carriers put thousands of telephones behind one address.
pub const NETWORK: Policy =
    Policy { free: i64::MAX, first_delay: 0, longest_delay: 0, per_hour: 200, pause: None, hard_stop: None };

/// One staff user name, existing or not. No hard stop: nobody could lock the chamber's staff out for good.
pub const STAFF: Policy = Policy { hard_stop: None, ..IDENTITY };

/// Why a try is not even looked at; the same whether it was right or wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Not before then.
    Wait {
        /// When the next try is allowed.
        until: Timestamp,
    },
    /// Until staff unlock it.
    Locked,
}

/// What is remembered of one subject.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Failures since the last success.
    pub failures: i64,
    /// Failures in the present hour.
    pub hour_failures: i64,
    /// When the present hour began.
    pub hour_since: Timestamp,
    /// No try before then.
    pub wait_until: Timestamp,
    /// Whether only staff can help.
    pub locked: bool,
}

impl Tally {
    /// Counts a try as if it failed.
    ///
    /// # Errors
    /// When no try is allowed now; nothing is counted then.
    pub fn attempt(self, policy: &Policy, now: Timestamp) -> Result<Self, Refusal> {
        if self.locked {
            return Err(Refusal::Locked);
        }
        if now < self.wait_until {
            return Err(Refusal::Wait { until: self.wait_until });
        }
        let same_hour = now.seconds_since(self.hour_since) < HOUR_SECONDS && self.hour_failures > 0;
        let (hour_since, before) = if same_hour { (self.hour_since, self.hour_failures) } else { (now, 0) };
        let failures = self.failures.saturating_add(1);
        let hour_failures = before + 1;
        let delayed = now.plus_seconds(policy.delay(failures));
        let paused = match policy.pause {
            _ if hour_failures < policy.per_hour => now,
            Some(seconds) => now.plus_seconds(seconds),
            None => hour_since.plus_seconds(HOUR_SECONDS),
        };
        let locked = policy.hard_stop.is_some_and(|stop| failures >= stop);
        Ok(Self { failures, hour_failures, hour_since, wait_until: delayed.max(paused), locked })
    }

    /// Takes one counted try back: it was right. The other failures stay, because the subject is
    /// shared with people who proved nothing.
    #[must_use]
    pub fn taken_back(self, policy: &Policy) -> Self {
        let failures = (self.failures - 1).max(0);
        let hour_failures = (self.hour_failures - 1).max(0);
        let wait_until = if hour_failures < policy.per_hour { Timestamp(0) } else { self.wait_until };
        Self { failures, hour_failures, wait_until, ..self }
    }
}

impl Policy {
    /// Seconds to wait after the failure with this number.
    fn delay(&self, failures: i64) -> i64 {
        let beyond = failures.saturating_sub(self.free);
        if beyond <= 0 {
            return 0;
        }
        let doublings = u32::try_from(beyond - 1).unwrap_or(u32::MAX).min(30);
        self.first_delay.saturating_mul(1 << doublings).min(self.longest_delay)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn three_failures_are_free_and_then_the_delays_double_up_to_five_minutes() {
        let mut now = Timestamp(1_000_000);
        let mut tally = Tally::default();
        let mut waits = Vec::new();
        for _ in 0..12 {
            tally = tally.attempt(&IDENTITY, now).unwrap();
            waits.push(tally.wait_until.seconds_since(now));
            now = tally.wait_until;
        }
        assert_eq!(waits, [0, 0, 0, 5, 10, 20, 40, 80, 160, 300, 300, 300]);
    }

    #[test]
    fn twenty_failures_in_an_hour_bring_a_quarter_of_an_hour_and_a_hundred_a_hard_stop() {
        let quick = Policy { free: i64::MAX, ..IDENTITY };
        let now = Timestamp(5_000_000);
        let mut tally = Tally::default();
        for _ in 0..20 {
            assert_eq!(tally.wait_until.max(now), now);
            tally = tally.attempt(&quick, now).unwrap();
        }
        assert_eq!(tally.attempt(&quick, now), Err(Refusal::Wait { until: now.plus_seconds(900) }));
        let mut later = now;
        while !tally.locked {
            later = later.max(tally.wait_until);
            tally = tally.attempt(&quick, later).unwrap();
        }
        assert_eq!(tally.failures, 100);
        assert_eq!(tally.attempt(&quick, later.plus_seconds(1_000_000)), Err(Refusal::Locked));
    }

    proptest! {
        #[test]
        fn no_pattern_of_tries_passes_the_limits_of_an_identity(gaps in prop::collection::vec(0_i64..900, 1..400)) {
            let (mut tally, mut now, mut admitted) = (Tally::default(), Timestamp(1_000_000), Vec::<Timestamp>::new());
            for gap in gaps {
                now = now.plus_seconds(gap);
                let Ok(next) = tally.attempt(&IDENTITY, now) else { continue };
                prop_assert!(next.failures == tally.failures + 1 && next.wait_until >= now);
                tally = next;
                admitted.push(now);
            }
            prop_assert!(admitted.len() <= 100);
            for pair in admitted.windows(2).skip(9) {
                prop_assert!(pair[1].seconds_since(pair[0]) >= 300);
            }
        }

        #[test]
        fn a_network_has_at_most_two_hundred_failures_in_any_counted_hour(gaps in prop::collection::vec(0_i64..30, 1..900)) {
            let (mut tally, mut now) = (Tally::default(), Timestamp(1_000_000));
            for gap in gaps {
                now = now.plus_seconds(gap);
                if let Ok(next) = tally.attempt(&NETWORK, now) {
                    tally = next;
                }
                prop_assert!(tally.hour_failures <= 200 && !tally.locked);
            }
        }

        #[test]
        fn a_right_try_taken_back_leaves_the_counts_as_they_were(failures in 0_i64..199, at in 0_i64..3000) {
            let since = Timestamp(1_000_000);
            let before = Tally { failures, hour_failures: failures, hour_since: since, ..Tally::default() };
            let after = before.attempt(&NETWORK, since.plus_seconds(at)).unwrap().taken_back(&NETWORK);
            prop_assert_eq!((after.failures, after.hour_failures), (before.failures, before.hour_failures));
            prop_assert!(after.attempt(&NETWORK, since.plus_seconds(at)).is_ok());
        }
    }
}
