//! The letter's look: calm, official, one column, the password impossible to miss.

use super::conditions::{opening, steps};
use super::content::Content;
use super::fonts::{Face, Fonts};
use super::sheet::{Area, HEIGHT, Ink, Sheet, Style, WIDTH};
use super::{Letter, qr};

const LEFT: f32 = 56.0;
const RIGHT: f32 = WIDTH - 56.0;
const COLUMN: f32 = RIGHT - LEFT;

const BLUE: Ink = Ink(0x12_35_5B);
const AMBER: Ink = Ink(0xC9_82_1F);
const BLACK: Ink = Ink(0x1B_24_30);
const GREY: Ink = Ink(0x55_61_70);
const LINE: Ink = Ink(0xCF_D8_E3);
const PALE: Ink = Ink(0xF4_F7_FA);
const WHITE: Ink = Ink(0xFF_FF_FF);

const fn style(face: Face, size: f32, ink: Ink) -> Style {
    Style { face, size, ink }
}

const BODY: Style = style(Face::Regular, 9.2, BLACK);
const SMALL: Style = style(Face::Regular, 8.4, BLACK);
const LABEL: Style = style(Face::Regular, 7.6, GREY);
const VALUE: Style = style(Face::Bold, 10.0, BLACK);
const HEADING: Style = style(Face::Bold, 10.6, BLUE);

/// Draws the whole page.
pub(super) fn draw(letter: &Letter<'_>, fonts: &Fonts) -> Content {
    let mut sheet = Sheet::new(fonts);
    header(&mut sheet, letter);
    greeting(&mut sheet, letter);
    data_box(&mut sheet, letter);
    how_to_activate(&mut sheet, letter);
    service_conditions(&mut sheet, letter);
    signature(&mut sheet, letter);
    sheet.finish()
}

fn header(sheet: &mut Sheet<'_>, letter: &Letter<'_>) {
    sheet.fill(Area { x: 0.0, top: 0.0, width: WIDTH, height: 9.0 }, BLUE);
    sheet.fill(Area { x: LEFT, top: 0.0, width: 64.0, height: 9.0 }, AMBER);
    sheet.y = 34.0;
    sheet.block(LEFT, COLUMN, style(Face::Bold, 15.0, BLUE), 18.5, 2, letter.chamber);
    sheet.text(LEFT, sheet.y + 9.5, style(Face::Regular, 9.0, GREY), "Registro Público Mercantil");
    if letter.test {
        let tag = "DOCUMENTO DE PRUEBA · comerciante inventado";
        sheet.text_right(RIGHT, sheet.y + 9.5, style(Face::Bold, 8.6, Ink(0x8A_53_0A)), tag);
    }
    sheet.y += 17.0;
    sheet.fill(Area { x: LEFT, top: sheet.y, width: COLUMN, height: 0.8 }, LINE);
    sheet.y += 12.0;
}

fn greeting(sheet: &mut Sheet<'_>, letter: &Letter<'_>) {
    let dated = format!("{}, {}", letter.city, letter.date.long_date());
    sheet.block(LEFT, COLUMN, style(Face::Regular, 9.2, GREY), 13.0, 1, &dated);
    sheet.y += 7.0;
    sheet.text(LEFT, sheet.y + 16.0, style(Face::Bold, 17.0, BLUE), "Su clave para hacer trámites en forma virtual");
    sheet.y += 27.0;
    sheet.text(LEFT, sheet.y + BODY.size, BODY, "Apreciado comerciante:");
    sheet.y += 15.5;
    sheet.block(LEFT, COLUMN, BODY, 12.6, 8, opening());
    sheet.y += 7.0;
}

/// The merchant's data and, below them, the password on a white panel of its own.
fn data_box(sheet: &mut Sheet<'_>, letter: &Letter<'_>) {
    let top = sheet.y;
    let (inner, width) = (LEFT + 16.0, COLUMN - 32.0);
    let half = (width - 16.0) / 2.0;
    let name_lines = sheet.lines(width, VALUE.size, 2, &[(Face::Bold, letter.name)]) as f32;
    let email_lines = sheet.lines(width, VALUE.size, 3, &[(Face::Bold, letter.email)]) as f32;
    let height = 12.0 + 11.0 + name_lines * 12.6 + 5.0 + 24.0 + 5.0 + 11.0 + email_lines * 12.6 + 8.0 + 62.0;
    sheet.panel(Area { x: LEFT, top, width: COLUMN, height }, 6.0, PALE, LINE);

    sheet.y = top + 12.0;
    field(sheet, inner, width, 2, "Nombre", letter.name);
    sheet.y += 5.0;
    let row = sheet.y;
    field(sheet, inner, half, 1, "Identificación", letter.identification);
    sheet.y = row;
    field(sheet, inner + half + 16.0, half, 1, "Celular registrado", letter.mobile);
    sheet.y += 5.0;
    field(sheet, inner, width, 3, "Correo electrónico registrado", letter.email);
    sheet.y += 7.0;

    let panel = Area { x: inner, top: sheet.y, width, height: 52.0 };
    sheet.panel(panel, 4.0, WHITE, BLUE);
    sheet.text(inner + 14.0, sheet.y + 15.0, LABEL, "Clave preasignada");
    sheet.text(inner + 14.0, sheet.y + 39.5, style(Face::Mono, 23.0, BLUE), letter.password);
    let edge = inner + width - 14.0;
    sheet.text_right(edge, sheet.y + 15.0, LABEL, "Puede activarla hasta el");
    let t = letter.valid_until.in_bogota();
    let until = format!("{}, {:02}:{:02}", letter.valid_until.long_date(), t.hour(), t.minute());
    sheet.text_right(edge, sheet.y + 28.5, style(Face::Bold, 9.6, BLACK), &until);
    sheet.text_right(edge, sheet.y + 41.5, LABEL, "Distingue mayúsculas de minúsculas");
    sheet.y = top + height + 13.0;
}

fn field(sheet: &mut Sheet<'_>, x: f32, width: f32, most: usize, label: &str, value: &str) {
    sheet.text(x, sheet.y + LABEL.size, LABEL, label);
    sheet.y += 11.0;
    sheet.block(x, width, VALUE, 12.6, most, value);
}

fn how_to_activate(sheet: &mut Sheet<'_>, letter: &Letter<'_>) {
    sheet.text(LEFT, sheet.y + HEADING.size, HEADING, "Cómo activarla");
    sheet.y += 16.0;
    for (index, step) in steps(letter.factor).iter().enumerate() {
        let number = format!("{}.", index + 1);
        sheet.text(LEFT, sheet.y + BODY.size, Style { face: Face::Bold, ink: BLUE, ..BODY }, &number);
        sheet.block(LEFT + 16.0, COLUMN - 16.0, BODY, 12.4, 4, step);
        if index == 0 {
            let top = sheet.y;
            sheet.block(
                LEFT + 16.0,
                COLUMN - 16.0,
                Style { face: Face::Bold, ink: BLUE, ..BODY },
                12.4,
                2,
                letter.link,
            );
            let area = Area { x: LEFT + 16.0, top, width: COLUMN - 16.0, height: sheet.y - top };
            sheet.link(area, letter.link);
        }
        sheet.y += 2.0;
    }
    sheet.y += 7.0;
}

fn service_conditions(sheet: &mut Sheet<'_>, letter: &Letter<'_>) {
    sheet.text(LEFT, sheet.y + HEADING.size, HEADING, "Condiciones del servicio");
    sheet.y += 16.0;
    for item in letter.conditions.items() {
        sheet.text(LEFT + 2.0, sheet.y + SMALL.size, Style { ink: AMBER, ..SMALL }, "•");
        sheet.runs(
            LEFT + 16.0,
            COLUMN - 16.0,
            SMALL,
            11.3,
            4,
            &[(Face::Bold, &item.lead), (Face::Regular, &item.text)],
        );
        sheet.y += 2.2;
    }
}

/// What was signed, by whom, and how to see it; always at the foot, beside the way to verify it.
fn signature(sheet: &mut Sheet<'_>, letter: &Letter<'_>) {
    let top = HEIGHT - 92.0;
    sheet.fill(Area { x: LEFT, top, width: COLUMN, height: 0.8 }, LINE);
    sheet.fill(Area { x: LEFT, top: top - 0.6, width: 64.0, height: 2.0 }, AMBER);
    let (side, width) = (66.0, COLUMN - 250.0);
    sheet.y = top + 9.0;
    sheet.block(LEFT, width, Style { size: 9.2, ink: BLUE, face: Face::Bold }, 12.5, 1, letter.chamber);
    let text = format!(
        "Documento firmado electrónicamente por la Cámara el {}. Su lector de PDF muestra en el panel de firmas quién \
         lo firmó y que no ha sido modificado. Si la firma no aparece o no es válida, no lo use y llame al {}.",
        letter.date.date_time(),
        letter.telephone
    );
    sheet.block(LEFT, width, Style { size: 7.8, ink: GREY, ..SMALL }, 10.0, 5, &text);

    let target = format!("{}?codigo={}", letter.verify_at, letter.code.as_str());
    let area = Area { x: RIGHT - side, top: top + 9.0, width: side, height: side };
    sheet.squares(area, BLACK, &qr::squares(&target));
    sheet.link(area, &target);
    let edge = area.x - 12.0;
    sheet.text_right(
        edge,
        area.top + 9.0,
        Style { size: 9.2, ink: BLUE, face: Face::Bold },
        "Verifique este documento",
    );
    sheet.text_right(edge, area.top + 21.0, LABEL, "Lea el código QR o digite este código en");
    let page = letter.verify_at.trim_start_matches("https://").trim_start_matches("http://");
    sheet.text_right(edge, area.top + 31.5, LABEL, page);
    sheet.text_right(edge, area.top + 48.0, style(Face::Mono, 10.6, BLACK), &letter.code.to_string());
}
