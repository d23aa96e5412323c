//! The two streams. A closed pipe is not an error worth a panic.

use std::fs::{File, Permissions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

use serde::Serialize;

use super::CliError;

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

/// A file, begun anew, that only its owner may read.
pub(super) fn private_file(path: &Path) -> std::io::Result<File> {
    let file = File::options().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    // One that was there before keeps its rights: then they are taken back.
    file.set_permissions(Permissions::from_mode(0o600))?;
    Ok(file)
}

/// Why a file was not written, with its path.
pub(super) fn unwritten(path: &Path, error: &std::io::Error) -> CliError {
    CliError::Message(format!("no se pudo escribir {}: {}", path.display(), cause(error)))
}

/// Whole numbers as they are written in Colombia.
pub(super) fn number(value: u64) -> String {
    app::text::number(value)
}
