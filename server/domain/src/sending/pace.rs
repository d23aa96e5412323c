//! The chamber's pace: at most so many mails in an hour and in a day, a rest between batches, hours
//! and days in which mails leave (manual, section 7: quotas of rented mail services).

use contract::Timestamp;

/// Minutes of an hour and of a day.
const HOUR: i64 = 60;
const DAY: i64 = 24 * HOUR;

/// What the chamber's CommonXX limits; the default limits nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PaceRules {
    /// The most mails in any 60 minutes.
    pub per_hour: Option<u32>,
    /// The most mails in any 24 hours.
    pub per_day: Option<u32>,
    /// Seconds between the end of a batch and the first mail of the next.
    pub pause_seconds: i64,
    /// When mails may leave at all.
    pub window: Option<Window>,
}

/// Hours and days of the week in Bogotá.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Monday first.
    pub days: [bool; 7],
    /// First minute of the day, 0–1439.
    pub from: u16,
    /// The minute after the last one, 1–1440, above `from`.
    pub to: u16,
}

/// What already left, by minute since the epoch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Minutes with their mails, in any order, of the last 24 hours at least.
    pub minutes: Vec<(i64, u64)>,
    /// When the last other batch ended.
    pub last_batch_end: Option<Timestamp>,
}

/// What may leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Allowance {
    /// So many mails may leave now, at least one.
    Now(u64),
    /// None may before this time.
    Later(Timestamp),
}

impl Usage {
    /// Mails counted against the last hour. A minute counts until all of it is an hour old.
    #[must_use]
    pub fn in_hour(&self, now: Timestamp) -> u64 {
        self.within(now, HOUR)
    }

    /// Mails counted against the last 24 hours.
    #[must_use]
    pub fn in_day(&self, now: Timestamp) -> u64 {
        self.within(now, DAY)
    }

    fn within(&self, now: Timestamp, span: i64) -> u64 {
        let now = minute_of(now);
        self.minutes.iter().filter(|(minute, _)| minute + span >= now).map(|(_, count)| count).sum()
    }

    /// The first minute in which less than `limit` of the span is used.
    fn free_from(&self, now: Timestamp, span: i64, limit: u64) -> Timestamp {
        let mut minutes = self.minutes.clone();
        minutes.sort_unstable();
        let mut used = self.within(now, span);
        for (minute, count) in minutes.into_iter().filter(|(minute, _)| minute + span >= minute_of(now)) {
            if used < limit {
                break;
            }
            used -= count;
            if used < limit {
                return Timestamp((minute + span + 1) * 60_000);
            }
        }
        now
    }
}

/// The minute since the epoch in which an instant lies.
#[must_use]
pub const fn minute_of(at: Timestamp) -> i64 {
    at.0.div_euclid(60_000)
}

/// How many mails may leave now, or when the next may.
#[must_use]
pub fn allowance(rules: &PaceRules, usage: &Usage, now: Timestamp) -> Allowance {
    let mut at = now;
    if let Some(end) = usage.last_batch_end {
        at = at.max(end.plus_seconds(rules.pause_seconds));
    }
    let mut left = u64::MAX;
    for (limit, span) in [(rules.per_hour, HOUR), (rules.per_day, DAY)] {
        let Some(limit) = limit.map(u64::from) else { continue };
        let used = usage.within(now, span);
        left = left.min(limit.saturating_sub(used));
        if used >= limit {
            at = at.max(usage.free_from(now, span, limit));
        }
    }
    if let Some(window) = &rules.window {
        at = window.next_open(at);
    }
    if at > now { Allowance::Later(at) } else { Allowance::Now(left.max(1)) }
}

impl Window {
    /// `at` itself when mails may leave then, else the next opening.
    #[must_use]
    pub fn next_open(&self, at: Timestamp) -> Timestamp {
        if !self.days.contains(&true) || self.from >= self.to {
            return at;
        }
        let local = at.in_bogota();
        let today = usize::from(local.weekday().number_days_from_monday());
        let minute = u16::from(local.hour()) * 60 + u16::from(local.minute());
        let midnight =
            at.0 - i64::from(minute) * 60_000 - i64::from(local.second()) * 1000 - i64::from(local.millisecond());
        for ahead in 0..=7 {
            if !self.days[(today + ahead) % 7] || (ahead == 0 && minute >= self.to) {
                continue;
            }
            if ahead == 0 && minute >= self.from {
                return at;
            }
            let days = i64::try_from(ahead).unwrap_or_default();
            return Timestamp(midnight + (days * DAY + i64::from(self.from)) * 60_000);
        }
        at
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Monday 2026-11-23, 00:00 in Bogotá.
    const MONDAY: Timestamp = Timestamp(1_795_410_000_000);

    fn at(days: i64, hour: i64, minute: i64) -> Timestamp {
        MONDAY.plus_seconds((days * DAY + hour * HOUR + minute) * 60)
    }

    fn office() -> Window {
        Window { days: [true, true, true, true, true, false, false], from: 8 * 60, to: 18 * 60 }
    }

    #[test]
    fn mails_leave_in_office_hours_only() {
        let window = office();
        assert_eq!(window.next_open(at(0, 7, 59)), at(0, 8, 0));
        assert_eq!(window.next_open(at(0, 8, 0)), at(0, 8, 0));
        assert_eq!(window.next_open(at(0, 17, 59)), at(0, 17, 59));
        assert_eq!(window.next_open(at(0, 18, 0)), at(1, 8, 0));
        assert_eq!(window.next_open(at(4, 18, 0)), at(7, 8, 0), "Friday evening: Monday");
        assert_eq!(window.next_open(at(5, 12, 0)), at(7, 8, 0));
        let only_monday = Window { days: [true, false, false, false, false, false, false], ..window };
        assert_eq!(only_monday.next_open(at(0, 19, 0)), at(7, 8, 0));
    }

    #[test]
    fn a_rest_follows_a_batch_and_no_limit_means_no_wait() {
        let usage = Usage { minutes: vec![(minute_of(MONDAY), 5000)], last_batch_end: Some(MONDAY) };
        assert_eq!(allowance(&PaceRules::default(), &usage, MONDAY), Allowance::Now(u64::MAX));
        let rules = PaceRules { pause_seconds: 600, ..PaceRules::default() };
        assert_eq!(allowance(&rules, &usage, at(0, 0, 3)), Allowance::Later(at(0, 0, 10)));
        assert_eq!(allowance(&rules, &usage, at(0, 0, 10)), Allowance::Now(u64::MAX));
    }

    #[test]
    fn a_full_hour_waits_for_its_oldest_minute_to_pass() {
        let rules = PaceRules { per_hour: Some(10), per_day: Some(100), ..PaceRules::default() };
        let first = minute_of(MONDAY);
        let usage = Usage { minutes: vec![(first + 5, 4), (first, 6)], last_batch_end: None };
        assert_eq!(allowance(&rules, &usage, at(0, 0, 30)), Allowance::Later(at(0, 1, 1)));
        assert_eq!(allowance(&rules, &usage, at(0, 1, 1)), Allowance::Now(6));
        assert_eq!(allowance(&rules, &usage, at(0, 1, 6)), Allowance::Now(10));
    }

    proptest! {
        /// However mails are asked for, no 60 minutes ever hold more than the limit, and waiting as
        /// told is always enough.
        #[test]
        fn no_hour_ever_holds_more_than_the_limit(
            limit in 1_u32..20,
            steps in proptest::collection::vec((1_i64..1_500, 1_u64..8), 1..60),
        ) {
            let rules = PaceRules { per_hour: Some(limit), ..PaceRules::default() };
            let (mut usage, mut sent, mut now) = (Usage::default(), Vec::new(), MONDAY);
            for (seconds, wanted) in steps {
                now = now.plus_seconds(seconds);
                match allowance(&rules, &usage, now) {
                    Allowance::Later(next) => {
                        prop_assert!(next > now);
                        prop_assert!(matches!(allowance(&rules, &usage, next), Allowance::Now(_)));
                    }
                    Allowance::Now(most) => {
                        let count = wanted.min(most);
                        usage.minutes.push((minute_of(now), count));
                        sent.push((now, count));
                    }
                }
                let hour: u64 = sent.iter().filter(|(at, _)| now.seconds_since(*at) < 3600).map(|(_, n)| n).sum();
                prop_assert!(hour <= u64::from(limit), "{hour}");
            }
        }

        #[test]
        fn an_opening_is_open_and_never_in_the_past(minutes in 0_i64..60_000, from in 0_u16..1439, length in 1_u16..600) {
            let window = Window { days: [false, true, false, true, false, false, true], from, to: (from + length).min(1440) };
            let now = MONDAY.plus_seconds(minutes * 60 + 7);
            let open = window.next_open(now);
            prop_assert!(open >= now);
            prop_assert_eq!(window.next_open(open), open);
        }
    }
}
