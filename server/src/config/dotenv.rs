//! The dotenv form of a CommonXX: `NOMBRE=valor`, one a line; values with spaces need no quotes.

use std::collections::BTreeMap;

use super::Fault;

/// Variables by name. Values are never printed.
#[derive(Clone, Default)]
pub struct Variables(BTreeMap<String, String>);

impl Variables {
    /// The process' own environment.
    #[must_use]
    pub fn from_process() -> Self {
        Self(std::env::vars().collect())
    }

    /// Variables given one by one, for tests.
    #[must_use]
    pub fn from_pairs(pairs: &[(&str, &str)]) -> Self {
        Self(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    /// Reads a file's text. Lines that are neither blank, nor a comment (`#`), nor `NOMBRE=valor`
    /// become faults, as do names that stand twice. A pair of quotes around a value is taken away.
    #[must_use]
    pub fn parse(text: &str, file: &str) -> (Self, Vec<Fault>) {
        let mut variables = BTreeMap::new();
        let mut faults = Vec::new();
        for (index, line) in text.trim_start_matches('\u{FEFF}').lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let line = line.strip_prefix("export ").unwrap_or(line);
            let Some((name, value)) = line.split_once('=').map(|(name, value)| (name.trim(), unquote(value.trim())))
            else {
                faults.push(Fault::in_file(file, &format!("línea {}", index + 1), "escriba NOMBRE=valor"));
                continue;
            };
            if variables.insert(name.to_owned(), value.to_owned()).is_some() {
                faults.push(Fault::in_file(file, name, "aparece dos veces; deje una sola"));
            }
        }
        (Self(variables), faults)
    }

    /// Gives a variable a value when it has none.
    pub fn set_default(&mut self, name: &str, value: &str) {
        if self.get(name).is_none() {
            self.0.insert(name.to_owned(), value.to_owned());
        }
    }

    /// The value without surrounding blanks; an empty one counts as missing.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(|value| value.trim()).filter(|value| !value.is_empty())
    }

    /// A whole number within bounds; one that is none becomes a fault and counts as missing.
    pub(super) fn whole<N>(&self, name: &str, low: N, high: N, file: &str, faults: &mut Vec<Fault>) -> Option<N>
    where
        N: std::str::FromStr + PartialOrd + std::fmt::Display,
    {
        match self.get(name)?.parse() {
            Ok(value) if low <= value && value <= high => Some(value),
            _ => {
                faults.push(Fault::in_file(file, name, format!("escriba un número entero entre {low} y {high}")));
                None
            }
        }
    }
}

fn unquote(value: &str) -> &str {
    for quote in ['"', '\''] {
        if let Some(inner) = value.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote)) {
            return inner;
        }
    }
    value
}

impl std::fmt::Debug for Variables {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_with_spaces_need_no_quotes_and_secrets_are_not_printed() {
        let text = "# c\nA=Cámara de Comercio = Sur\n\nB = \"x y\"\nexport C='z'\nroto\nA=2\nD=\n";
        let (variables, faults) = Variables::parse(text, "common55.env");
        assert_eq!(variables.get("A"), Some("2"));
        assert_eq!(variables.get("B"), Some("x y"));
        assert_eq!(variables.get("C"), Some("z"));
        assert_eq!(variables.get("D"), None);
        assert_eq!(faults.iter().map(|f| f.variable.as_str()).collect::<Vec<_>>(), ["línea 6", "A"]);
        assert!(!format!("{variables:?}").contains("x y"));
    }
}
