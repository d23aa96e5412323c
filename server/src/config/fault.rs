//! What `revisar-config` lists.

use std::fmt;

/// One fault of the configuration: where, which variable, what to do. Never the value itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The file, or «entorno».
    pub file: String,
    /// The variable.
    pub variable: String,
    /// What to do, in Spanish.
    pub remedy: String,
    /// Whether the server works without it all the same.
    pub warning: bool,
}

impl Fault {
    /// A fault of a variable of the environment.
    pub fn global(variable: &str, remedy: impl Into<String>) -> Self {
        Self { file: "entorno".to_owned(), variable: variable.to_owned(), remedy: remedy.into(), warning: false }
    }

    /// A fault of a variable in a chamber's file.
    pub fn in_file(file: &str, variable: &str, remedy: impl Into<String>) -> Self {
        Self { file: file.to_owned(), variable: variable.to_owned(), remedy: remedy.into(), warning: false }
    }

    /// The same, but only a warning.
    #[must_use]
    pub fn as_warning(mut self) -> Self {
        self.warning = true;
        self
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = if self.warning { "aviso" } else { "error" };
        write!(f, "{kind}: {}: {}: {}", self.file, self.variable, self.remedy)
    }
}
