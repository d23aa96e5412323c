//! Instants and their official Colombian form (America/Bogota, UTC−5, no summer time).

use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime, UtcOffset};

/// Milliseconds since the Unix epoch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

const MONTHS: [&str; 12] = [
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
];

impl Timestamp {
    /// This instant moved by a number of seconds (negative: back), saturating.
    #[must_use]
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(1000)))
    }

    /// Whole seconds from `earlier` to this instant; negative when this one is before it.
    #[must_use]
    pub const fn seconds_since(self, earlier: Self) -> i64 {
        (self.0 - earlier.0) / 1000
    }

    /// The date and time in Bogotá.
    #[must_use]
    pub fn in_bogota(self) -> OffsetDateTime {
        let bogota = UtcOffset::from_hms(-5, 0, 0).unwrap_or(UtcOffset::UTC);
        OffsetDateTime::UNIX_EPOCH
            .checked_add(Duration::milliseconds(self.0))
            .unwrap_or(OffsetDateTime::UNIX_EPOCH)
            .to_offset(bogota)
    }

    /// `dd/mm/aaaa`.
    #[must_use]
    pub fn date(self) -> String {
        let t = self.in_bogota();
        format!("{:02}/{:02}/{:04}", t.day(), u8::from(t.month()), t.year())
    }

    /// `dd/mm/aaaa hh:mm`.
    #[must_use]
    pub fn date_time(self) -> String {
        let t = self.in_bogota();
        format!("{} {:02}:{:02}", self.date(), t.hour(), t.minute())
    }

    /// `23 de noviembre de 2026`, as letters and legal documents are dated.
    #[must_use]
    pub fn long_date(self) -> String {
        let t = self.in_bogota();
        let month = MONTHS[usize::from(u8::from(t.month())) - 1];
        format!("{} de {month} de {}", t.day(), t.year())
    }

    /// ISO 8601 with Bogotá's offset, for `datetime` attributes and JSON.
    #[must_use]
    pub fn iso(self) -> String {
        let t = self.in_bogota();
        format!(
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}-05:00",
            t.year(),
            u8::from(t.month()),
            t.day(),
            t.hour(),
            t.minute(),
            t.second()
        )
    }
}

/// `m:ss`, as a countdown is read.
#[must_use]
pub fn minutes_and_seconds(seconds: i64) -> String {
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_countdown_is_read_in_minutes_and_seconds() {
        assert_eq!([0, 9, 60, 605].map(minutes_and_seconds), ["0:00", "0:09", "1:00", "10:05"]);
    }

    #[test]
    fn an_instant_is_shown_in_bogota_time() {
        // 2026-01-01T03:30:00Z is still the last evening of 2025 in Bogotá.
        let t = Timestamp(1_767_238_200_000);
        assert_eq!(t.date_time(), "31/12/2025 22:30");
        assert_eq!(t.long_date(), "31 de diciembre de 2025");
        assert_eq!(t.iso(), "2025-12-31T22:30:00-05:00");
    }
}
