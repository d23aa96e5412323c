//! `sincronizar`.

use std::io::Write;
use std::path::{Path, PathBuf};

use contract::registry::Reject;

use super::args::SyncArgs;
use super::{CliError, CliResult, open_chamber, output};
use crate::registry::Encoding;
use crate::registry::sync::{Source, synchronise};
use crate::services::actor::Actor;
use crate::startup::App;

pub(super) async fn synchronise_file(options: SyncArgs) -> CliResult {
    let (app, actor) = open_chamber(&options.camara).await?;
    let source = SourceOptions {
        encoding: options.codificacion.as_deref().map(encoding).transpose()?,
        delimiter: options.separador.as_deref().map(delimiter).transpose()?,
        partial: options.parcial,
    };
    let rejects = options.rechazos.unwrap_or_else(|| rejects_path(&options.archivo));
    let counts = from_file(&app, &actor, &options.archivo, source, &rejects).await?;
    if options.json {
        output::json(&counts);
    } else {
        output::line(&format!(
            "Leídas: {} · insertadas: {} · actualizadas: {} · sin cambio: {} · rechazadas: {}",
            output::number(counts.leidas),
            output::number(counts.insertadas),
            output::number(counts.actualizadas),
            output::number(counts.sin_cambio),
            output::number(counts.rechazadas)
        ));
    }
    Ok(())
}

/// How the file is to be read.
#[derive(Clone, Copy, Default)]
pub(super) struct SourceOptions {
    pub encoding: Option<Encoding>,
    pub delimiter: Option<u8>,
    pub partial: bool,
}

/// Synchronises from a file and writes the rejected rows, if there are any, into another.
pub(super) async fn from_file(
    app: &App,
    actor: &Actor,
    path: &Path,
    options: SourceOptions,
    rejects_path: &Path,
) -> Result<contract::registry::SyncCounts, CliError> {
    let file = tokio::fs::File::open(path).await.map_err(|error| {
        CliError::Message(format!("no se puede abrir {}: {}", path.display(), output::cause(&error)))
    })?;
    let file_name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let source = Source {
        file_name,
        reader: file,
        encoding: options.encoding,
        delimiter: options.delimiter,
        partial: options.partial,
    };
    let mut rejects = RejectsFile::new(rejects_path);
    let outcome = synchronise(&app.db, &app.clock, actor, source, &mut |reject| rejects.write(reject)).await;
    rejects.finish()?;
    Ok(outcome?.counts)
}

fn rejects_path(archive: &Path) -> PathBuf {
    let mut name = archive.as_os_str().to_owned();
    name.push(".rechazos.csv");
    PathBuf::from(name)
}

fn encoding(name: &str) -> Result<Encoding, CliError> {
    Encoding::parse(name).ok_or_else(|| CliError::Message("la codificación es utf-8, windows-1252 o cp850".to_owned()))
}

fn delimiter(name: &str) -> Result<u8, CliError> {
    match name {
        "," => Ok(b','),
        ";" => Ok(b';'),
        "|" => Ok(b'|'),
        "tab" | "\t" => Ok(b'\t'),
        _ => Err(CliError::Message("el separador es «,», «;», «|» o «tab»".to_owned())),
    }
}

/// The rejected rows: line, column and reason, never the row's data. Made at the first one.
struct RejectsFile {
    path: PathBuf,
    out: Option<std::io::BufWriter<std::fs::File>>,
    fault: Option<std::io::Error>,
    written: u64,
}

impl RejectsFile {
    fn new(path: &Path) -> Self {
        Self { path: path.to_owned(), out: None, fault: None, written: 0 }
    }

    fn write(&mut self, reject: &Reject) {
        if self.fault.is_none()
            && let Err(error) = self.try_write(reject)
        {
            self.fault = Some(error);
        }
    }

    fn try_write(&mut self, reject: &Reject) -> std::io::Result<()> {
        let out = match &mut self.out {
            Some(out) => out,
            None => {
                let mut out = std::io::BufWriter::new(std::fs::File::create(&self.path)?);
                writeln!(out, "linea,columna,motivo")?;
                self.out.insert(out)
            }
        };
        self.written += 1;
        writeln!(out, "{},{},{}", reject.line, reject.column, app::text::reject_reason(reject.reason))
    }

    fn finish(mut self) -> CliResult {
        let flushed = self.out.as_mut().map_or(Ok(()), Write::flush);
        if let Err(error) = self.fault.map_or(flushed, Err) {
            return Err(CliError::Message(format!(
                "no se pudo escribir {}: {}",
                self.path.display(),
                output::cause(&error)
            )));
        }
        if self.written > 0 {
            output::message(&format!(
                "Filas rechazadas: {}; vea {}",
                output::number(self.written),
                self.path.display()
            ));
        }
        Ok(())
    }
}
