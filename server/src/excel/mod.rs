//! The export to Excel: text cells only, so that nothing in a name can be a formula.
//!
//! An .xlsx is a zip of XML parts (ECMA-376). It is written row by row into its compressed form in
//! memory: what is held grows with that only, and nothing touches a temporary file.

mod cells;
mod parts;

use std::io::{Cursor, Write};

use contract::Year;
use contract::campaign::PreassignedRow;
use zip::ZipWriter;
use zip::result::ZipResult;
use zip::write::SimpleFileOptions;

use cells::{HEADING_STYLE, TEXT_STYLE, push_row, values};
use parts::{COLUMNS, Sheet};

/// Data rows of a sheet: Excel's 1,048,576 less the headings.
pub const MAX_ROWS_PER_SHEET: u32 = 1_048_575;

/// A workbook being written.
pub struct Workbook {
    year: String,
    rows_per_sheet: u32,
    file: ZipWriter<Cursor<Vec<u8>>>,
    /// The sheets so far; the last one is being written.
    sheets: Vec<Sheet>,
    xml: String,
}

impl Workbook {
    /// A workbook of a year with its first sheet; a sheet takes at most `rows_per_sheet` rows.
    ///
    /// # Errors
    /// When the file cannot be put together.
    pub fn new(year: Year, rows_per_sheet: u32) -> ZipResult<Self> {
        let mut workbook = Self {
            year: year.to_string(),
            rows_per_sheet: rows_per_sheet.clamp(1, MAX_ROWS_PER_SHEET),
            file: ZipWriter::new(Cursor::new(Vec::new())),
            sheets: Vec::new(),
            xml: String::new(),
        };
        // First in the file, where whoever looks for its kind expects it.
        workbook.part("[Content_Types].xml", &parts::content_types())?;
        workbook.begin_sheet()?;
        Ok(workbook)
    }

    /// Data rows written.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.sheets.iter().map(|sheet| u64::from(sheet.rows)).sum()
    }

    /// Appends rows; a full sheet is followed by another one. Slow: call from a blocking thread.
    ///
    /// # Errors
    /// When the file cannot be put together.
    pub fn append(mut self, rows: &[PreassignedRow]) -> ZipResult<Self> {
        for row in rows {
            if self.sheets.last().is_none_or(|sheet| sheet.rows >= self.rows_per_sheet) {
                self.end_sheet()?;
                self.begin_sheet()?;
            }
            let Some(sheet) = self.sheets.last_mut() else { continue };
            sheet.rows += 1;
            push_row(&mut self.xml, sheet.rows + 1, &values(&self.year, row), TEXT_STYLE);
        }
        self.flush()?;
        Ok(self)
    }

    /// The file's bytes. Slow: call from a blocking thread.
    ///
    /// # Errors
    /// When the file cannot be put together.
    pub fn finish(mut self) -> ZipResult<Vec<u8>> {
        self.end_sheet()?;
        for (name, xml) in parts::around(&self.sheets) {
            self.part(name, &xml)?;
        }
        Ok(self.file.finish()?.into_inner())
    }

    fn part(&mut self, name: &str, xml: &str) -> ZipResult<()> {
        self.file.start_file(name, SimpleFileOptions::default())?;
        Ok(self.file.write_all(xml.as_bytes())?)
    }

    fn begin_sheet(&mut self) -> ZipResult<()> {
        let sheet = Sheet { number: self.sheets.len() + 1, rows: 0 };
        self.file.start_file(sheet.part_name(), SimpleFileOptions::default())?;
        self.sheets.push(sheet);
        self.xml.push_str(&parts::sheet_head());
        push_row(&mut self.xml, 1, &COLUMNS.map(|(title, _)| title.to_owned()), HEADING_STYLE);
        self.flush()
    }

    fn end_sheet(&mut self) -> ZipResult<()> {
        if let Some(sheet) = self.sheets.last() {
            self.xml.push_str(&parts::sheet_tail(sheet));
        }
        self.flush()
    }

    fn flush(&mut self) -> ZipResult<()> {
        self.file.write_all(self.xml.as_bytes())?;
        self.xml.clear();
        Ok(())
    }
}
