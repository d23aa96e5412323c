//! The export to Excel: text cells only, so that nothing in a name can be a formula.

use contract::campaign::{Origin, PreassignedRow};
use contract::{Timestamp, Year};
use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, Worksheet, XlsxError};

/// Data rows of a sheet: Excel's 1,048,576 less the headings.
pub const MAX_ROWS_PER_SHEET: u32 = 1_048_575;

/// Headings and widths (in letters). «Estado» is the only heading with that word.
const COLUMNS: [(&str, f64); 12] = [
    ("Año", 7.0),
    ("Matrícula", 12.0),
    ("Identificación", 16.0),
    ("Nombre", 42.0),
    ("Correo", 38.0),
    ("Origen del correo", 18.0),
    ("Celular", 13.0),
    ("Origen del celular", 18.0),
    ("Estado", 15.0),
    ("Seleccionada", 17.0),
    ("Enviada", 17.0),
    ("Activada", 17.0),
];

/// Excel's bound for the text of a cell is 32,767 UTF-16 units.
const MAX_CELL: usize = 16_000;

/// A workbook being written.
pub struct Workbook {
    year: String,
    rows_per_sheet: u32,
    sheets: Vec<Worksheet>,
    next_row: u32,
    rows: u64,
    text: Format,
}

impl Workbook {
    /// An empty workbook for a year; a sheet takes at most `rows_per_sheet` rows.
    #[must_use]
    pub fn new(year: Year, rows_per_sheet: u32) -> Self {
        let rows_per_sheet = rows_per_sheet.clamp(1, MAX_ROWS_PER_SHEET);
        let text = Format::new().set_num_format("@");
        Self { year: year.to_string(), rows_per_sheet, sheets: Vec::new(), next_row: 0, rows: 0, text }
    }

    /// Data rows written.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Appends rows; a full sheet is followed by another one. Slow: call from a blocking thread.
    ///
    /// # Errors
    /// When the writer refuses a cell.
    pub fn add(mut self, rows: &[PreassignedRow]) -> Result<Self, XlsxError> {
        for row in rows {
            if self.sheets.is_empty() || self.next_row > self.rows_per_sheet {
                self.close_sheet()?;
                self.sheets.push(new_sheet(self.sheets.len() + 1)?);
                self.next_row = 1;
            }
            let Some(sheet) = self.sheets.last_mut() else { return Ok(self) };
            for (column, value) in (0_u16..).zip(cells(&self.year, row)) {
                if !value.is_empty() {
                    sheet.write_string_with_format(self.next_row, column, value, &self.text)?;
                }
            }
            self.next_row += 1;
            self.rows += 1;
        }
        Ok(self)
    }

    /// The file's bytes. Slow: call from a blocking thread.
    ///
    /// # Errors
    /// When the file cannot be put together.
    pub fn finish(mut self) -> Result<Vec<u8>, XlsxError> {
        if self.sheets.is_empty() {
            self.sheets.push(new_sheet(1)?);
            self.next_row = 1;
        }
        self.close_sheet()?;
        let mut file = rust_xlsxwriter::Workbook::new();
        for sheet in self.sheets {
            file.push_worksheet(sheet);
        }
        file.save_to_buffer()
    }

    /// Gives the last sheet its filter, now that its rows are known.
    fn close_sheet(&mut self) -> Result<(), XlsxError> {
        let last_row = self.next_row.saturating_sub(1);
        if let Some(sheet) = self.sheets.last_mut() {
            sheet.autofilter(0, 0, last_row, last_column())?;
        }
        Ok(())
    }
}

fn last_column() -> u16 {
    u16::try_from(COLUMNS.len() - 1).unwrap_or(u16::MAX)
}

fn new_sheet(number: usize) -> Result<Worksheet, XlsxError> {
    let heading = Format::new()
        .set_bold()
        .set_font_color(Color::White)
        .set_background_color(Color::RGB(0x1F_3A_5F))
        .set_align(FormatAlign::VerticalCenter)
        .set_border_bottom(FormatBorder::Thin);
    let mut sheet = Worksheet::new();
    sheet.set_name(if number == 1 { "Comerciantes".to_owned() } else { format!("Comerciantes {number}") })?;
    sheet.set_freeze_panes(1, 0)?;
    for (column, (title, width)) in (0_u16..).zip(COLUMNS) {
        sheet.set_column_width(column, width)?;
        sheet.write_string_with_format(0, column, title, &heading)?;
    }
    Ok(sheet)
}

/// One row's cells. Never the password.
fn cells(year: &str, row: &PreassignedRow) -> [String; COLUMNS.len()] {
    let when = |at: Option<Timestamp>| at.map(Timestamp::date_time).unwrap_or_default();
    [
        year.to_owned(),
        row.matricula.clone(),
        row.identificacion.clone(),
        row.nombre.chars().take(MAX_CELL).collect(),
        row.correo.clone(),
        origin(row.correo_origen).to_owned(),
        row.celular.clone(),
        origin(row.celular_origen).to_owned(),
        row.estado.as_str().to_owned(),
        when(Some(row.seleccionada_en)),
        when(row.enviada_en),
        when(row.activada_en),
    ]
}

const fn origin(origin: Origin) -> &'static str {
    match origin {
        Origin::Notificacion => "Notificación",
        Origin::Comercial => "Comercial",
    }
}
