//! An acta: as many A4 pages as it takes, labels on the left, values on the right, drawn from plain data.

use contract::Timestamp;

use super::content::Content;
use super::fonts::{Face, Fonts};
use super::sheet::{Area, Column, HEIGHT, Ink, Look, Sheet, Start, Style, WIDTH};

const LEFT: f32 = 56.0;
const RIGHT: f32 = WIDTH - 56.0;
const COLUMN: f32 = RIGHT - LEFT;

/// The labels' column, and where values begin.
const LABELS: f32 = 132.0;
const VALUES: f32 = LEFT + LABELS + 10.0;

/// Nothing but the foot lies below.
const BOTTOM: f32 = HEIGHT - 76.0;

const BLUE: Ink = Ink(0x12_35_5B);
const AMBER: Ink = Ink(0xC9_82_1F);
const BLACK: Ink = Ink(0x1B_24_30);
const GREY: Ink = Ink(0x55_61_70);
const LINE: Ink = Ink(0xCF_D8_E3);

/// The chamber's colours do not reach an acta: it looks the same whoever issues it.
const LOOK: Look = Look { accent: BLUE, second: AMBER };

/// Where a page begins; an acta has no structure of its own.
const TOP: Start = Start { y: 34.0, marked: 0 };

const fn style(face: Face, size: f32, ink: Ink) -> Style {
    Style { face, size, ink }
}

const fn column(x: f32, width: f32, leading: f32) -> Column {
    Column { x, width, leading }
}

const LABEL: Style = style(Face::Regular, 8.6, GREY);
const VALUE: Style = style(Face::Regular, 8.8, BLACK);
const LEADING: f32 = 11.4;
const HEADING: Style = style(Face::Bold, 11.0, BLUE);
const FOOT: Style = style(Face::Regular, 7.8, GREY);

/// More lines than any value takes.
const MOST_LINES: usize = 40;

/// What an acta shows.
pub struct ActaPages<'a> {
    /// The chamber's name.
    pub chamber: &'a str,
    /// The city from which it is dated.
    pub city: &'a str,
    /// The chamber's published telephone.
    pub telephone: &'a str,
    /// When it is dated.
    pub date: Timestamp,
    /// Of a test, with an invented merchant: it says so.
    pub test: bool,
    /// What it says.
    pub sections: &'a [ActaSection],
}

/// A part with its heading.
pub struct ActaSection {
    /// The heading.
    pub heading: String,
    /// Its rows.
    pub rows: Vec<ActaRow>,
}

/// A label and its value.
pub struct ActaRow {
    /// The label.
    pub label: String,
    /// The value.
    pub value: String,
}

/// The pages under way.
struct Pages<'f, 'a> {
    fonts: &'f Fonts,
    acta: &'a ActaPages<'a>,
    done: Vec<Sheet<'f>>,
    sheet: Sheet<'f>,
}

/// Draws all pages.
pub(super) fn draw(acta: &ActaPages<'_>, fonts: &Fonts) -> Vec<Content> {
    let mut pages = Pages { fonts, acta, done: Vec::new(), sheet: Sheet::new(fonts, LOOK, TOP) };
    pages.title();
    for section in acta.sections {
        pages.section(section);
    }
    pages.finish()
}

impl Pages<'_, '_> {
    fn title(&mut self) {
        let (sheet, acta) = (&mut self.sheet, self.acta);
        head(sheet);
        sheet.block(column(LEFT, COLUMN, 18.5), style(Face::Bold, 15.0, BLUE), 2, acta.chamber);
        sheet.text(LEFT, sheet.y + 9.5, style(Face::Regular, 9.0, GREY), "Registro Público Mercantil");
        if acta.test {
            let tag = "DOCUMENTO DE PRUEBA · comerciante inventado";
            sheet.text_right(RIGHT, sheet.y + 9.5, style(Face::Bold, 8.6, Ink(0x8A_53_0A)), tag);
        }
        sheet.y += 17.0;
        sheet.fill(Area { x: LEFT, top: sheet.y, width: COLUMN, height: 0.8 }, LINE);
        sheet.y += 14.0;
        sheet.text(LEFT, sheet.y + 16.0, style(Face::Bold, 17.0, BLUE), "Acta de activación de clave preasignada");
        sheet.y += 27.0;
        let intro = format!(
            "{}, {}. La cámara hace constar lo que sus sistemas registraron de la activación que sigue. Las horas son las \
             de Bogotá. Esta acta está firmada digitalmente; su contenido existe también como JSON firmado. Cómo \
             comprobar una y otra sin depender de la cámara lo explica la guía «Evidencia» del programa Clave Segura.",
            acta.city,
            acta.date.long_date()
        );
        sheet.block(column(LEFT, COLUMN, 12.0), VALUE, 6, &intro);
        sheet.y += 6.0;
    }

    fn section(&mut self, section: &ActaSection) {
        let first = section.rows.first().map_or(0.0, |row| self.height(row));
        self.room(26.0 + first);
        self.sheet.y += 8.0;
        self.sheet.text(LEFT, self.sheet.y + HEADING.size, HEADING, &section.heading);
        self.sheet.y += 16.0;
        for row in &section.rows {
            let height = self.height(row);
            self.room(height);
            let top = self.sheet.y;
            self.sheet.block(column(LEFT, LABELS, LEADING), LABEL, MOST_LINES, &row.label);
            self.sheet.y = top;
            self.sheet.block(column(VALUES, RIGHT - VALUES, LEADING), VALUE, MOST_LINES, &row.value);
            self.sheet.y = top + height;
        }
    }

    fn height(&self, row: &ActaRow) -> f32 {
        let lines = |width, text: &str| self.sheet.height(width, VALUE, MOST_LINES, text);
        let most = lines(LABELS, &row.label).max(lines(RIGHT - VALUES, &row.value));
        most as f32 * LEADING + 2.4
    }

    /// Turns the page when so much does not fit on this one.
    fn room(&mut self, height: f32) {
        if self.sheet.y + height <= BOTTOM {
            return;
        }
        let mut sheet = Sheet::new(self.fonts, LOOK, TOP);
        head(&mut sheet);
        self.done.push(std::mem::replace(&mut self.sheet, sheet));
    }

    fn finish(mut self) -> Vec<Content> {
        self.done.push(self.sheet);
        let (count, acta) = (self.done.len(), self.acta);
        let feet = self.done.into_iter().enumerate().map(|(index, mut sheet)| {
            let top = HEIGHT - 62.0;
            sheet.fill(Area { x: LEFT, top, width: COLUMN, height: 0.8 }, LINE);
            sheet.y = top + 7.0;
            let text = format!(
                "Firmada electrónicamente por {} el {}. Su lector de PDF muestra en el panel de firmas quién la firmó y que \
                 no ha sido modificada. Teléfono de la cámara: {}.",
                acta.chamber,
                acta.date.date_time(),
                acta.telephone
            );
            sheet.block(column(LEFT, COLUMN - 70.0, 10.0), FOOT, 3, &text);
            sheet.text_right(RIGHT, top + 15.0, FOOT, &format!("Página {} de {count}", index + 1));
            sheet.content
        });
        feet.collect()
    }
}

/// The coloured edge that all of the chamber's documents have.
fn head(sheet: &mut Sheet<'_>) {
    sheet.fill(Area { x: 0.0, top: 0.0, width: WIDTH, height: 9.0 }, BLUE);
    sheet.fill(Area { x: LEFT, top: 0.0, width: 64.0, height: 9.0 }, AMBER);
}
