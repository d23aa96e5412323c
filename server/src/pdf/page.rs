//! The letter's look: calm, official, one column, the password impossible to miss. What is the same in all
//! letters and what is the merchant's own are drawn apart, one part after the other.

use contract::Timestamp;

use super::conditions::{opening, steps};
use super::fonts::Face;
use super::sheet::{Area, Column, HEIGHT, Ink, Look, Sheet, Style, WIDTH};
use super::structure::{Annotation, Role};
use super::{Issuer, Kind, Letter, qr};

const LEFT: f32 = 56.0;
const RIGHT: f32 = WIDTH - 56.0;
const COLUMN: f32 = RIGHT - LEFT;

const BLACK: Ink = Ink(0x1B_24_30);
const GREY: Ink = Ink(0x55_61_70);
const LINE: Ink = Ink(0xCF_D8_E3);
const PALE: Ink = Ink(0xF4_F7_FA);
const WHITE: Ink = Ink(0xFF_FF_FF);
const WARNING: Ink = Ink(0x8A_53_0A);
const SHADOW: Ink = Ink(0xE9_ED_F2);

/// The look of chambers that name no colour.
pub(super) const DEFAULT: Look = Look { accent: Ink(0x12_35_5B), second: Ink(0xC9_82_1F) };

const fn style(face: Face, size: f32, ink: Ink) -> Style {
    Style { face, size, ink }
}

const BODY: Style = style(Face::Regular, 9.2, BLACK);
const LABEL: Style = style(Face::Regular, 7.6, GREY);
const VALUE: Style = style(Face::Bold, 10.0, BLACK);

/// Lines that a name and an address may take.
const NAME_LINES: usize = 2;
const EMAIL_LINES: usize = 3;
const VALUE_LEADING: f32 = 12.6;

/// How much lower than usual a letter's lower half may stand.
pub(super) const MOST_SUNK: f32 = ((NAME_LINES - 1) + (EMAIL_LINES - 1)) as f32 * VALUE_LEADING;

/// Where the foot begins; what stands above must end before.
pub(super) const FOOT: f32 = HEIGHT - 106.0;

/// The signature's place.
pub(super) const SIGNATURE: Area = Area { x: LEFT, top: FOOT + 10.0, width: 226.0, height: 48.0 };

const fn full(leading: f32) -> Column {
    Column { x: LEFT, width: COLUMN, leading }
}

fn heading(sheet: &mut Sheet<'_>, text: &str) {
    let ink = sheet.look.accent;
    sheet.tagged(Role::Heading, |sheet| sheet.text(LEFT, sheet.y + 10.6, style(Face::Bold, 10.6, ink), text));
    sheet.y += 16.0;
}

/// Bars, logo, the chamber's name.
pub(super) fn letterhead(sheet: &mut Sheet<'_>, issuer: &Issuer<'_>) {
    let Look { accent, second } = sheet.look;
    sheet.artifact(|sheet| {
        sheet.fill(Area { x: 0.0, top: 0.0, width: WIDTH, height: 9.0 }, accent);
        sheet.fill(Area { x: LEFT, top: 0.0, width: 64.0, height: 9.0 }, second);
    });
    sheet.y = 30.0;
    let mut column = Column { leading: 18.5, ..full(18.5) };
    if let Some(logo) = &issuer.brand.logo {
        let (width, height) = logo.fit(150.0, 40.0);
        let top = sheet.y + (40.0 - height) / 2.0;
        sheet.artifact(|sheet| sheet.picture(Area { x: LEFT, top, width, height }, super::LOGO));
        column.x += width + 14.0;
        column.width -= width + 14.0;
    }
    let name = style(Face::Bold, 15.0, accent);
    let lines = sheet.height(column.width, name, 2, issuer.chamber);
    if lines == 1 {
        sheet.y += 5.0;
    }
    sheet.tagged(Role::Paragraph, |sheet| sheet.block(column, name, 2, issuer.chamber));
    let subtitle = style(Face::Regular, 9.0, GREY);
    sheet.tagged(Role::Paragraph, |sheet| {
        sheet.text(column.x, sheet.y + 8.5, subtitle, "Registro Público Mercantil");
    });
    sheet.y = sheet.y.max(56.0) + 16.0;
    sheet.artifact(|sheet| sheet.fill(Area { x: LEFT, top: sheet.y, width: COLUMN, height: 0.8 }, LINE));
    sheet.y += 11.0;
}

/// Place and day, and what kind of letter it is when it is no real one.
pub(super) fn dated(sheet: &mut Sheet<'_>, city: &str, letter: &Letter<'_>) {
    let kind = match letter.kind {
        Kind::Real => "",
        Kind::Test => "DOCUMENTO DE PRUEBA · comerciante inventado",
        Kind::Sample => "MUESTRA · documento sin validez, comerciante inventado",
    };
    if letter.kind == Kind::Sample {
        sheet.artifact(|sheet| {
            let style = style(Face::Bold, 82.0, SHADOW);
            let x = (WIDTH - sheet.width(style, "MUESTRA")) / 2.0;
            for baseline in [480.0, 660.0] {
                sheet.text(x, baseline, style, "MUESTRA");
            }
        });
    }
    sheet.tagged(Role::Paragraph, |sheet| {
        let date = format!("{city}, {}", letter.date.long_date());
        sheet.text(LEFT, sheet.y + 9.2, style(Face::Regular, 9.2, GREY), &date);
        if !kind.is_empty() {
            sheet.text_right(RIGHT, sheet.y + 9.2, style(Face::Bold, 8.6, WARNING), &format!(" {kind}"));
        }
    });
    sheet.y += 20.0;
}

/// The title and why the merchant gets this letter.
pub(super) fn greeting(sheet: &mut Sheet<'_>) {
    let title = style(Face::Bold, 17.0, sheet.look.accent);
    sheet.tagged(Role::Title, |sheet| {
        sheet.text(LEFT, sheet.y + 16.0, title, "Su clave para hacer trámites en forma virtual");
    });
    sheet.y += 27.0;
    sheet.tagged(Role::Paragraph, |sheet| sheet.text(LEFT, sheet.y + BODY.size, BODY, "Apreciado comerciante:"));
    sheet.y += 15.5;
    sheet.tagged(Role::Paragraph, |sheet| sheet.prose(full(12.6), BODY, &[(Face::Regular, opening())]));
    sheet.y += 7.0;
}

/// The merchant's data and, below them, the password on a white panel of its own.
pub(super) fn data_box(sheet: &mut Sheet<'_>, letter: &Letter<'_>) {
    let accent = sheet.look.accent;
    let top = sheet.y;
    let (inner, width) = (LEFT + 16.0, COLUMN - 32.0);
    let half = (width - 16.0) / 2.0;
    let lines = sheet.height(width, VALUE, NAME_LINES, letter.name).max(1)
        + sheet.height(width, VALUE, EMAIL_LINES, letter.email).max(1);
    let height = 126.0 + (lines + 1) as f32 * VALUE_LEADING;
    sheet.artifact(|sheet| sheet.panel(Area { x: LEFT, top, width: COLUMN, height }, 6.0, PALE, LINE));

    sheet.y = top + 12.0;
    field(sheet, inner, width, NAME_LINES, "Nombre", letter.name);
    let row = sheet.y;
    field(sheet, inner, half, 1, "Identificación", letter.identification);
    sheet.y = row;
    field(sheet, inner + half + 16.0, half, 1, "Celular registrado", letter.mobile);
    field(sheet, inner, width, EMAIL_LINES, "Correo electrónico registrado", letter.email);
    sheet.y = top + height - 62.0;

    let panel = Area { x: inner, top: sheet.y, width, height: 50.0 };
    sheet.artifact(|sheet| sheet.panel(panel, 4.0, WHITE, accent));
    let top = sheet.y;
    sheet.tagged(Role::Paragraph, |sheet| {
        sheet.text(inner + 14.0, top + 14.5, LABEL, "Clave preasignada ");
        sheet.text(inner + 14.0, top + 38.5, style(Face::Mono, 23.0, accent), letter.password);
    });
    let edge = inner + width - 14.0;
    sheet.tagged(Role::Paragraph, |sheet| {
        sheet.text_right(edge, top + 14.5, LABEL, "Puede activarla hasta el");
        let t = letter.valid_until.in_bogota();
        let until = format!(" {}, {:02}:{:02}", letter.valid_until.long_date(), t.hour(), t.minute());
        sheet.text_right(edge, top + 27.5, style(Face::Bold, 9.6, BLACK), &until);
        sheet.text_right(edge, top + 40.5, LABEL, " Distingue mayúsculas de minúsculas");
    });
    sheet.y = top + 62.0 + 13.0;
}

fn field(sheet: &mut Sheet<'_>, x: f32, width: f32, most: usize, label: &str, value: &str) {
    let begun = sheet.y;
    sheet.tagged(Role::Paragraph, |sheet| {
        sheet.text(x, sheet.y + LABEL.size, LABEL, &format!("{label} "));
        sheet.y += 11.0;
        sheet.block(Column { x, width, leading: VALUE_LEADING }, VALUE, most, value);
    });
    sheet.y = sheet.y.max(begun + 11.0 + VALUE_LEADING) + 5.0;
}

/// The three steps, and the conditions in letters of this size.
pub(super) fn terms(sheet: &mut Sheet<'_>, issuer: &Issuer<'_>, size: f32) {
    heading(sheet, "Cómo activarla");
    sheet.group(Role::Numbered, |sheet| how_to_activate(sheet, issuer));
    sheet.y += 6.0;
    heading(sheet, "Condiciones del servicio");
    let second = sheet.look.second;
    sheet.group(Role::Bulleted, |sheet| {
        for item in issuer.conditions.items() {
            let runs = [(Face::Bold, item.lead.as_str()), (Face::Regular, item.text.as_str())];
            let column = Column { x: LEFT + 16.0, width: COLUMN - 16.0, leading: size * 1.33 };
            sheet.group(Role::Item, |sheet| {
                let dot = Area { x: LEFT + 3.0, top: sheet.y + size * 0.6, width: 3.2, height: 3.2 };
                sheet.artifact(|sheet| sheet.dot(dot, second));
                sheet.tagged(Role::Body, |sheet| sheet.prose(column, style(Face::Regular, size, BLACK), &runs));
            });
            sheet.y += 2.0;
        }
    });
}

fn how_to_activate(sheet: &mut Sheet<'_>, issuer: &Issuer<'_>) {
    let strong = Style { face: Face::Bold, ink: sheet.look.accent, ..BODY };
    let column = Column { x: LEFT + 16.0, width: COLUMN - 16.0, leading: 12.3 };
    for (index, step) in steps(issuer.factor).into_iter().enumerate() {
        sheet.structure.open(Role::Item);
        let number = format!("{}. ", index + 1);
        sheet.tagged(Role::Label, |sheet| sheet.text(LEFT, sheet.y + BODY.size, strong, &number));
        sheet.group(Role::Body, |sheet| {
            sheet.marked(|sheet| sheet.prose(column, BODY, &[(Face::Regular, step)]));
            if index == 0 {
                let top = sheet.y;
                sheet.group(Role::Link, |sheet| {
                    sheet.marked(|sheet| sheet.block(column, strong, 2, issuer.link));
                    let area = Area { x: column.x, top, width: column.width, height: sheet.y - top };
                    sheet.annotate(Annotation::Activate, area);
                });
            }
        });
        sheet.structure.close();
        sheet.y += 2.0;
    }
}

/// Who signed it and how to verify it; always at the foot.
pub(super) fn foot(sheet: &mut Sheet<'_>, telephone: &str, verify_at: &str, letter: &Letter<'_>) {
    let Look { accent, second } = sheet.look;
    sheet.artifact(|sheet| {
        sheet.fill(Area { x: LEFT, top: FOOT, width: COLUMN, height: 0.8 }, LINE);
        sheet.fill(Area { x: LEFT, top: FOOT - 0.6, width: 64.0, height: 2.0 }, second);
    });
    sheet.group(Role::Form, |sheet| {
        sheet.structure.describe("Firma electrónica de la Cámara");
        sheet.annotate(Annotation::Signature, SIGNATURE);
    });
    sheet.y = SIGNATURE.top + SIGNATURE.height + 4.0;
    let advice = format!(
        "Su lector de PDF muestra en el panel de firmas quién lo firmó y que no ha sido modificado. Si la firma no \
         aparece o no es válida, no lo use y llame al {telephone}."
    );
    let column = Column { x: LEFT, width: 252.0, leading: 9.4 };
    sheet.tagged(Role::Paragraph, |sheet| {
        sheet.prose(column, Style { size: 7.2, ..LABEL }, &[(Face::Regular, &advice)])
    });

    let side = 72.0;
    let target = super::verify_link(verify_at, letter.code);
    let code = Area { x: RIGHT - side, top: FOOT + 12.0, width: side, height: side };
    let edge = code.x - 13.0;
    let bold = style(Face::Bold, 9.6, accent);
    sheet.tagged(Role::Paragraph, |sheet| sheet.text_right(edge, code.top + 9.0, bold, "Verifique este documento"));
    sheet.tagged(Role::Paragraph, |sheet| {
        sheet.text_right(edge, code.top + 22.0, LABEL, "Lea el código QR o digite este código en");
        let page = verify_at.trim_start_matches("https://").trim_start_matches("http://");
        sheet.text_right(edge, code.top + 32.0, LABEL, &format!(" {page}"));
        sheet.text_right(edge, code.top + 51.0, style(Face::Mono, 11.0, BLACK), &format!(" {}", letter.code));
    });
    sheet.group(Role::Link, |sheet| {
        sheet.group(Role::Figure, |sheet| {
            sheet.structure.describe("Código QR de la página que verifica este documento");
            sheet.marked(|sheet| sheet.squares(code, BLACK, &qr::squares(&target)));
        });
        sheet.annotate(Annotation::Verify, code);
    });
}

/// What the signature's field shows, and prints.
pub(super) fn signature(sheet: &mut Sheet<'_>, signer: &str, reason: &str, at: Timestamp) {
    let Look { accent, second } = sheet.look;
    sheet.panel(SIGNATURE, 3.0, PALE, LINE);
    sheet.fill(Area { width: 3.0, ..SIGNATURE }, second);
    let x = SIGNATURE.x + 11.0;
    let column = Column { x, width: SIGNATURE.width - 18.0, leading: 11.0 };
    sheet.text(x, SIGNATURE.top + 10.5, Style { size: 7.0, ..LABEL }, "Firmado electrónicamente por");
    sheet.y = SIGNATURE.top + 13.0;
    let mut name = style(Face::Bold, 9.2, accent);
    while name.size > 6.5 && sheet.width(name, signer) > column.width {
        name.size -= 0.3;
    }
    sheet.block(column, name, 1, signer);
    let t = at.in_bogota();
    let time = format!("{}, {:02}:{:02}:{:02} (hora de Colombia)", at.long_date(), t.hour(), t.minute(), t.second());
    let detail = style(Face::Regular, 7.4, BLACK);
    sheet.y = SIGNATURE.top + 25.6;
    sheet.block(Column { leading: 9.6, ..column }, detail, 1, &time);
    sheet.block(Column { leading: 9.6, ..column }, detail, 1, &format!("Motivo: {reason}"));
}
