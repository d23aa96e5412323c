//! The merchant's name, in the registry's order: apellido1 apellido2 nombre1 nombre2.

use super::RegistryRow;

/// A name whole and in parts; runs of blanks (line breaks too) are one space.
#[derive(Clone, PartialEq, Eq)]
pub struct PersonName {
    /// Surnames and names, or `razonsocial` when the registry has neither.
    pub completo: String,
    /// First and second name.
    pub nombres: String,
    /// First surname.
    pub apellido1: String,
    /// Second surname.
    pub apellido2: String,
}

impl PersonName {
    /// The name in a row.
    #[must_use]
    pub fn of(row: &RegistryRow<'_>) -> Self {
        let in_parts = joined(&[row.apellido1, row.apellido2, row.nombre1, row.nombre2]);
        Self {
            completo: if in_parts.is_empty() { joined(&[row.razonsocial]) } else { in_parts },
            nombres: joined(&[row.nombre1, row.nombre2]),
            apellido1: joined(&[row.apellido1]),
            apellido2: joined(&[row.apellido2]),
        }
    }
}

fn joined(parts: &[&str]) -> String {
    let mut name = String::new();
    for word in parts.iter().flat_map(|part| part.split_whitespace()) {
        if !name.is_empty() {
            name.push(' ');
        }
        name.push_str(word);
    }
    name
}

impl std::fmt::Debug for PersonName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PersonName(…)")
    }
}
