//! Reads an extract row by row from any stream.

use contract::error::ExtractFault;
use contract::registry::{Reject, RejectReason};
use csv_core::{ReadRecordResult, Reader as FieldReader, ReaderBuilder, Terminator};
use tokio::io::{AsyncRead, AsyncReadExt};

use super::columns::{COLUMNS, Header, Kind, detect_delimiter};
use super::encoding::Encoding;
use super::rows::{MAX_ROW, Span, span};
use super::text::{restore_letters, without_left_zeros};

/// Bytes held at once; also the sample by which the encoding is told.
const BLOCK: usize = 256 * 1024;

/// One row as it will be stored.
#[derive(Clone, PartialEq, Eq)]
pub struct ExtractRow {
    /// Its (first) line in the file, from 1, the header's.
    pub line: u64,
    /// Values by the order of [`COLUMNS`]; empty for columns that the file lacks.
    pub values: Vec<String>,
}

/// A row, or why it cannot be read.
pub type RowResult = Result<ExtractRow, Reject>;

/// An extract being read.
pub struct ExtractReader<R> {
    window: Window<R>,
    header: Header,
    delimiter: u8,
    encoding: Option<Encoding>,
    fields: FieldReader,
    /// Where csv-core writes the fields of a row, one after the other, and where each of them ends.
    text: Vec<u8>,
    ends: Vec<usize>,
    line: u64,
}

impl<R: AsyncRead + Unpin + Send> ExtractReader<R> {
    /// Reads the header. Encoding and delimiter are detected when they are not named.
    ///
    /// # Errors
    /// When the file has no header that can be used.
    pub async fn open(source: R, encoding: Option<Encoding>, delimiter: Option<u8>) -> Result<Self, ExtractFault> {
        let mut window = Window { source, buffer: Vec::with_capacity(BLOCK), start: 0, ended: false };
        window.fill().await?;
        if window.rest().starts_with(&[0xFF, 0xFE]) || window.rest().starts_with(&[0xFE, 0xFF]) {
            return Err(ExtractFault::UndecodableHeader); // UTF-16
        }
        let mut encoding = encoding;
        if window.rest().starts_with(&[0xEF, 0xBB, 0xBF]) {
            window.start += 3;
            encoding = encoding.or(Some(Encoding::Utf8));
        }
        let mut line = 0;
        loop {
            window.top_up().await?;
            if window.rest().is_empty() {
                return Err(ExtractFault::Empty);
            }
            line += 1;
            let Some((end, next)) = window.first_line() else { return Err(ExtractFault::UnknownDelimiter) };
            let bytes = &window.rest()[..end];
            if is_blank(bytes) {
                window.start += next;
                continue;
            }
            if encoding.is_none() && !bytes.is_ascii() {
                encoding = Some(Encoding::detect(window.rest()));
            }
            let text = encoding.unwrap_or(Encoding::Utf8).decode(bytes).ok_or(ExtractFault::UndecodableHeader)?;
            let delimiter = delimiter.or_else(|| detect_delimiter(&text)).ok_or(ExtractFault::UnknownDelimiter)?;
            let mut fields = ReaderBuilder::new().delimiter(delimiter).terminator(Terminator::Any(b'\n')).build();
            let (mut cells, mut ends) = (vec![0; MAX_ROW + 8], vec![0; MAX_ROW]);
            let width = split(&mut fields, text.trim_end_matches('\r').as_bytes(), &mut cells, &mut ends)
                .ok_or(ExtractFault::UnknownDelimiter)?;
            let names: Vec<String> =
                (0..width).map(|index| String::from_utf8_lossy(cell(&cells, &ends, index)).into_owned()).collect();
            let header = Header::parse(&names)?;
            ends = vec![0; width + 1];
            window.start += next;
            return Ok(Self { window, header, delimiter, encoding, fields, text: cells, ends, line });
        }
    }

    /// Where each column stands.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The next row; `None` at the end. A row that cannot be read is a [`Reject`] and reading goes on.
    ///
    /// # Errors
    /// When the stream breaks.
    pub async fn next(&mut self) -> Result<Option<RowResult>, ExtractFault> {
        loop {
            self.window.top_up().await?;
            if self.window.rest().is_empty() {
                return Ok(None);
            }
            let line = self.line + 1;
            match span(self.window.rest(), self.delimiter) {
                Span::Row { end, next, .. } if is_blank(&self.window.rest()[..end]) => {
                    (self.line, self.window.start) = (line, self.window.start + next);
                }
                Span::Row { end, next, lines } => {
                    if self.encoding.is_none() && !self.window.rest()[..end].is_ascii() {
                        self.window.fill().await?;
                        self.encoding = Some(Encoding::detect(self.window.rest()));
                    }
                    return Ok(Some(self.take_row(end, next, lines)));
                }
                Span::Broken { next } => {
                    (self.line, self.window.start) = (line, self.window.start + next);
                    return Ok(Some(Err(malformed(line))));
                }
                Span::Oversize => {
                    self.line = line;
                    self.window.skip_line().await?;
                    return Ok(Some(Err(malformed(line))));
                }
            }
        }
    }

    /// Takes the row that ends at `end`. One over several lines that does not fit the header is no
    /// row but a stray quote: only its first line is lost.
    fn take_row(&mut self, end: usize, next: usize, lines: u64) -> RowResult {
        let line = self.line + 1;
        let start = self.window.start;
        let row = &self.window.buffer[start..start + end];
        let row = row.strip_suffix(b"\r").unwrap_or(row);
        let fits = split(&mut self.fields, row, &mut self.text, &mut self.ends) == Some(self.header.width());
        if !fits && lines > 1 {
            let first = row.iter().position(|byte| *byte == b'\n').map_or(next, |newline| newline + 1);
            (self.line, self.window.start) = (line, start + first);
            return Err(malformed(line));
        }
        (self.line, self.window.start) = (self.line + lines, start + next);
        if !fits {
            return Err(Reject { line, column: String::new(), reason: RejectReason::FieldCount });
        }
        self.decode_row(line)
    }

    fn decode_row(&self, line: u64) -> RowResult {
        let encoding = self.encoding.unwrap_or(Encoding::Utf8);
        let reject = |column: &str, reason| Reject { line, column: column.to_owned(), reason };
        let mut values = vec![String::new(); COLUMNS.len()];
        for (position, name) in self.header.names.iter().enumerate() {
            let bytes = cell(&self.text, &self.ends, position);
            let Some(text) = encoding.decode(bytes) else { return Err(reject(name, RejectReason::Undecodable)) };
            let Some(index) = self.header.slots[position] else { continue };
            values[index] = match COLUMNS[index].kind {
                Kind::Name => restore_letters(text.trim()).into_owned(),
                Kind::Trimmed => without_left_zeros(text.trim()).to_owned(),
                Kind::Plain | Kind::Stamp => text.trim().to_owned(),
            };
        }
        if values[0].is_empty() {
            return Err(reject(COLUMNS[0].name, RejectReason::NoMatricula));
        }
        Ok(ExtractRow { line, values })
    }
}

fn malformed(line: u64) -> Reject {
    Reject { line, column: String::new(), reason: RejectReason::Malformed }
}

/// Nothing but blanks, or the end-of-file sign of DOS. Tabs may be delimiters and are no blanks here.
fn is_blank(line: &[u8]) -> bool {
    line.iter().all(|byte| matches!(byte, b' ' | b'\r' | 0x1A))
}

/// Splits a row into fields; `None` when there are more of them than `ends` has room for.
fn split(reader: &mut FieldReader, row: &[u8], text: &mut [u8], ends: &mut [usize]) -> Option<usize> {
    reader.reset();
    let (result, read, written, mut fields) = reader.read_record(row, text, ends);
    if result == ReadRecordResult::InputEmpty && read == row.len() {
        let (result, _, _, more) = reader.read_record(&[], &mut text[written..], &mut ends[fields..]);
        fields += more;
        return (result == ReadRecordResult::Record).then_some(fields);
    }
    None
}

/// The bytes of one field.
fn cell<'a>(text: &'a [u8], ends: &[usize], index: usize) -> &'a [u8] {
    let begin = if index == 0 { 0 } else { ends[index - 1] };
    &text[begin..ends[index]]
}

/// A stretch of the stream: what was read and not yet taken.
struct Window<R> {
    source: R,
    buffer: Vec<u8>,
    start: usize,
    ended: bool,
}

impl<R: AsyncRead + Unpin> Window<R> {
    fn rest(&self) -> &[u8] {
        &self.buffer[self.start..]
    }

    /// Makes sure that the longest row, or the stream's end, is in the window.
    async fn top_up(&mut self) -> Result<(), ExtractFault> {
        if self.rest().len() <= MAX_ROW { self.fill().await } else { Ok(()) }
    }

    /// Reads until the window holds a whole block or the stream ends.
    async fn fill(&mut self) -> Result<(), ExtractFault> {
        self.buffer.drain(..self.start);
        self.start = 0;
        while !self.ended && self.buffer.len() < BLOCK {
            let read = self.source.read_buf(&mut self.buffer).await.map_err(|_| ExtractFault::Interrupted)?;
            self.ended = read == 0;
        }
        Ok(())
    }

    /// End of the first line and beginning of the second; `None` when it is beyond every size.
    fn first_line(&self) -> Option<(usize, usize)> {
        let head = &self.rest()[..self.rest().len().min(MAX_ROW + 1)];
        match head.iter().position(|byte| *byte == b'\n') {
            Some(newline) => Some((newline, newline + 1)),
            None => (head.len() <= MAX_ROW).then_some((head.len(), head.len())),
        }
    }

    /// Drops everything up to the next line, without keeping it.
    async fn skip_line(&mut self) -> Result<(), ExtractFault> {
        loop {
            if let Some(newline) = self.rest().iter().position(|byte| *byte == b'\n') {
                self.start += newline + 1;
                return Ok(());
            }
            self.start = self.buffer.len();
            self.fill().await?;
            if self.rest().is_empty() {
                return Ok(());
            }
        }
    }
}
