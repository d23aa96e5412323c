//! The two streams. A closed pipe is not an error worth a panic.

use std::io::{ErrorKind, Write};

use serde::Serialize;

/// One line of result, to standard output.
pub(super) fn line(text: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{text}");
}

/// A message for people, to standard error.
pub(super) fn message(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// One line of JSON, to standard output.
pub(super) fn json(value: &impl Serialize) {
    match serde_json::to_string(value) {
        Ok(text) => line(&text),
        Err(error) => message(&format!("Error: no se pudo escribir el resultado: {error}")),
    }
}

/// Why a file could not be read or written.
pub(super) fn cause(error: &std::io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => "no existe el archivo o la carpeta".to_owned(),
        ErrorKind::PermissionDenied => "no hay permiso".to_owned(),
        ErrorKind::StorageFull => "no hay espacio en el disco".to_owned(),
        ErrorKind::IsADirectory => "es una carpeta".to_owned(),
        ErrorKind::AddrInUse => "otro programa ya atiende en esa dirección".to_owned(),
        _ => format!("falló la lectura o la escritura ({error})"),
    }
}

/// Whole numbers as they are written in Colombia.
pub(super) fn number(value: u64) -> String {
    app::text::number(value)
}
