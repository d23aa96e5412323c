//! The chamber's pace of sending: `MASIVOS_MAXIMO_*`, `MASIVOS_PAUSA_MINUTOS`, `MASIVOS_HORARIO`,
//! `MASIVOS_DIAS`, and how its server is talked to.

use domain::sending::{PaceRules, Window};

use super::{Fault, Variables};

/// Limits and connections, each within bounds; the defaults limit nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// `MASIVOS_MAXIMO_HORA`, `MASIVOS_MAXIMO_DIA`, `MASIVOS_PAUSA_MINUTOS`, `MASIVOS_HORARIO`, `MASIVOS_DIAS`.
    pub rules: PaceRules,
    /// `MASIVOS_CONEXIONES`: conversations with the server at the same time, 1–16.
    pub connections: usize,
    /// `MASIVOS_CORREOS_POR_CONEXION`: mails in one conversation, 1–1000.
    pub mails_a_connection: u32,
}

impl Default for Pace {
    fn default() -> Self {
        Self { rules: PaceRules::default(), connections: 2, mails_a_connection: 50 }
    }
}

/// The days' letters, Monday first, as Colombian calendars write them.
const DAYS: [&str; 7] = ["L", "M", "X", "J", "V", "S", "D"];

impl Pace {
    pub(super) fn read(vars: &Variables, file: &str, faults: &mut Vec<Fault>) -> Self {
        let mut number = |name: &str, low: u32, high: u32| match vars.get(name).map(str::parse) {
            None => None,
            Some(Ok(value)) if (low..=high).contains(&value) => Some(value),
            Some(_) => {
                faults.push(Fault::in_file(file, name, format!("escriba un número entero entre {low} y {high}")));
                None
            }
        };
        let default = Self::default();
        let per_hour = number("MASIVOS_MAXIMO_HORA", 1, 1_000_000);
        let per_day = number("MASIVOS_MAXIMO_DIA", 1, 1_000_000);
        let pause_minutes = number("MASIVOS_PAUSA_MINUTOS", 0, 1_440).unwrap_or(0);
        let connections = number("MASIVOS_CONEXIONES", 1, 16).map_or(default.connections, |n| n as usize);
        let mails_a_connection = number("MASIVOS_CORREOS_POR_CONEXION", 1, 1_000).unwrap_or(default.mails_a_connection);
        let window = window(vars, file, faults);
        let rules = PaceRules { per_hour, per_day, pause_seconds: i64::from(pause_minutes) * 60, window };
        Self { rules, connections, mails_a_connection }
    }
}

/// Hours and days; `None` when neither is set. One that cannot be read is a fault and counts as the
/// narrowest that can be meant: office hours, so that nothing leaves at an hour nobody wanted.
fn window(vars: &Variables, file: &str, faults: &mut Vec<Fault>) -> Option<Window> {
    let (hours, days) = (vars.get("MASIVOS_HORARIO"), vars.get("MASIVOS_DIAS"));
    if hours.is_none() && days.is_none() {
        return None;
    }
    let (from, to) = hours.map_or(Some((0, 1440)), read_hours).unwrap_or_else(|| {
        faults.push(Fault::in_file(file, "MASIVOS_HORARIO", "escriba desde y hasta, por ejemplo 08:00-18:00"));
        (8 * 60, 18 * 60)
    });
    let days = days.map_or(Some([true; 7]), read_days).unwrap_or_else(|| {
        let remedy = "escriba los días con L, M, X, J, V, S, D, por ejemplo L-V o L,X,V";
        faults.push(Fault::in_file(file, "MASIVOS_DIAS", remedy));
        [true, true, true, true, true, false, false]
    });
    Some(Window { days, from, to })
}

fn read_hours(text: &str) -> Option<(u16, u16)> {
    let minute = |text: &str| {
        let (hour, minute) = text.trim().split_once(':')?;
        let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
        (hour <= 24 && minute < 60).then_some(hour * 60 + minute).filter(|minute| *minute <= 1440)
    };
    let (from, to) = text.split_once('-')?;
    let (from, to) = (minute(from)?, minute(to)?);
    (from < to).then_some((from, to))
}

fn read_days(text: &str) -> Option<[bool; 7]> {
    let day = |text: &str| DAYS.iter().position(|day| day.eq_ignore_ascii_case(text.trim()));
    let mut days = [false; 7];
    for part in text.split(',') {
        let (first, last) = match part.split_once('-') {
            Some((first, last)) => (day(first)?, day(last)?),
            None => (day(part)?, day(part)?),
        };
        if first > last {
            return None;
        }
        days[first..=last].fill(true);
    }
    Some(days)
}

/// A window in words: «de lunes a viernes, de 08:00 a 18:00».
#[must_use]
pub fn window_words(window: &Window) -> String {
    const NAMES: [&str; 7] = ["lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"];
    let open: Vec<usize> = (0..7).filter(|day| window.days[*day]).collect();
    let together = open.len() > 2 && open.windows(2).all(|pair| pair[1] == pair[0] + 1);
    let days = match open.as_slice() {
        _ if open.len() == 7 => "todos los días".to_owned(),
        [first, .., last] if together => format!("de {} a {}", NAMES[*first], NAMES[*last]),
        [rest @ .., last] if !rest.is_empty() => {
            let rest: Vec<&str> = rest.iter().map(|day| NAMES[*day]).collect();
            format!("{} y {}", rest.join(", "), NAMES[*last])
        }
        [only] => NAMES[*only].to_owned(),
        _ => String::new(),
    };
    let clock = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
    format!("{days}, de {} a {}", clock(window.from), clock(window.to))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> (Pace, Vec<String>) {
        let mut faults = Vec::new();
        let pace = Pace::read(&Variables::from_pairs(pairs), "common55.env", &mut faults);
        (pace, faults.into_iter().map(|fault| fault.variable).collect())
    }

    #[test]
    fn nothing_set_limits_nothing() {
        assert_eq!(read(&[]), (Pace::default(), vec![]));
    }

    #[test]
    fn hours_days_and_limits_are_read_and_said_in_words() {
        let (pace, faults) = read(&[
            ("MASIVOS_MAXIMO_HORA", "100"),
            ("MASIVOS_MAXIMO_DIA", "2000"),
            ("MASIVOS_PAUSA_MINUTOS", "15"),
            ("MASIVOS_HORARIO", "08:00-17:30"),
            ("MASIVOS_DIAS", "l-v"),
        ]);
        assert_eq!(faults, Vec::<String>::new());
        assert_eq!((pace.rules.per_hour, pace.rules.per_day, pace.rules.pause_seconds), (Some(100), Some(2000), 900));
        assert_eq!(window_words(&pace.rules.window.unwrap()), "de lunes a viernes, de 08:00 a 17:30");
        let words = |days| window_words(&read(&[("MASIVOS_DIAS", days)]).0.rules.window.unwrap());
        assert_eq!(words("L,X,V"), "lunes, miércoles y viernes, de 00:00 a 24:00");
        assert_eq!(words("L-D"), "todos los días, de 00:00 a 24:00");
        assert_eq!(words("S"), "sábado, de 00:00 a 24:00");
    }

    #[test]
    fn what_cannot_be_read_is_a_fault_and_never_more_than_office_hours() {
        for (name, value) in [
            ("MASIVOS_MAXIMO_HORA", "0"),
            ("MASIVOS_MAXIMO_DIA", "muchos"),
            ("MASIVOS_PAUSA_MINUTOS", "-1"),
            ("MASIVOS_HORARIO", "18:00-08:00"),
            ("MASIVOS_HORARIO", "8-18"),
            ("MASIVOS_HORARIO", "08:00-25:00"),
            ("MASIVOS_DIAS", "V-L"),
            ("MASIVOS_DIAS", "lunes"),
            ("MASIVOS_CONEXIONES", "17"),
        ] {
            assert_eq!(read(&[(name, value)]).1, [name], "{value}");
        }
        let window = read(&[("MASIVOS_HORARIO", "x"), ("MASIVOS_DIAS", "x")]).0.rules.window.unwrap();
        assert_eq!((window.from, window.to, window.days[5]), (480, 1080, false));
    }
}
