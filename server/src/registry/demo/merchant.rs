//! One invented registration.

use rand::Rng;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;

use super::words::{BUSINESSES, DOMAINS, GIVEN, MUNICIPALITIES, SURNAMES};
use crate::registry::columns::COLUMNS;

/// A row of the extract.
#[derive(Clone, Default)]
pub(super) struct Merchant {
    matricula: String,
    organizacion: &'static str,
    categoria: &'static str,
    estmatricula: &'static str,
    razonsocial: String,
    apellidos: [String; 2],
    nombres: [String; 2],
    idclase: &'static str,
    numid: String,
    nit: String,
    fecmatricula: String,
    fecrenovacion: String,
    ultanoren: String,
    feccancelacion: String,
    municipio: &'static str,
    telefonos_comerciales: [String; 3],
    telefonos_notificacion: [String; 3],
    correos: [String; 2],
    fecha: String,
}

impl Merchant {
    /// The fields by the order of [`COLUMNS`].
    pub fn fields(&self) -> [&str; COLUMNS.len()] {
        let [telcom1, telcom2, celcom] = &self.telefonos_comerciales;
        let [telnot, telnot2, celnot] = &self.telefonos_notificacion;
        [
            &self.matricula,
            self.organizacion,
            self.categoria,
            self.estmatricula,
            &self.razonsocial,
            &self.apellidos[0],
            &self.apellidos[1],
            &self.nombres[0],
            &self.nombres[1],
            self.idclase,
            &self.numid,
            &self.nit,
            &self.fecmatricula,
            &self.fecrenovacion,
            &self.ultanoren,
            &self.feccancelacion,
            self.municipio,
            telcom1,
            telcom2,
            celcom,
            &self.correos[1],
            self.municipio,
            telnot,
            telnot2,
            celnot,
            &self.correos[0],
            &self.fecha,
            "063000",
        ]
    }
}

/// Draws the registration of this number; now and then it is a second one of the merchant before.
pub(super) fn draw(rng: &mut StdRng, number: usize, year: i32, previous: Option<Merchant>) -> Merchant {
    let mut merchant = match previous.filter(|before| before.organizacion == "01" && rng.random_bool(0.03)) {
        Some(before) => before,
        None => person_or_company(rng, number),
    };
    merchant.matricula = match merchant.organizacion {
        "12" | "14" => format!("S{number:07}"),
        _ if rng.random_bool(0.2) => format!("{number:010}"),
        _ => number.to_string(),
    };
    merchant.fecha = format!("{year}0102");
    life(rng, year, &mut merchant);
    merchant
}

fn person_or_company(rng: &mut StdRng, number: usize) -> Merchant {
    let municipio = pick(rng, &MUNICIPALITIES);
    let mut merchant = Merchant { municipio, ..Merchant::default() };
    let kind = rng.random_range(0..100);
    if kind < 86 {
        person(rng, number, &mut merchant);
    } else {
        let (organizacion, categoria) = match kind {
            86..93 => ("02", "0"),
            93..95 => ("12", "1"),
            95 => ("14", "1"),
            96 => ("03", "2"),
            _ => ("16", "1"),
        };
        (merchant.organizacion, merchant.categoria, merchant.idclase) = (organizacion, categoria, "2");
        let business = format!("{} {} {number}", pick(rng, &BUSINESSES), pick(rng, &SURNAMES));
        merchant.razonsocial = dirty_letters(rng, business);
        merchant.numid = (999_000_000 + number).to_string();
        merchant.nit = format!("{}{}", merchant.numid, number % 10);
    }
    contact(rng, number, &mut merchant);
    merchant
}

fn person(rng: &mut StdRng, number: usize, merchant: &mut Merchant) {
    (merchant.organizacion, merchant.categoria) = ("01", "0");
    let second = |rng: &mut StdRng, words: &[&'static str], share: f64| {
        if rng.random_bool(share) { pick(rng, words).to_owned() } else { String::new() }
    };
    let names = [pick(rng, &GIVEN).to_owned(), second(rng, &GIVEN, 0.5)];
    let surnames = [pick(rng, &SURNAMES).to_owned(), second(rng, &SURNAMES, 0.9)];
    let all = [surnames[0].as_str(), &surnames[1], &names[0], &names[1]].join(" ");
    merchant.razonsocial = all.split_whitespace().collect::<Vec<_>>().join(" ");
    if rng.random_bool(0.97) {
        merchant.apellidos = surnames.map(|name| dirty_letters(rng, name));
        merchant.nombres = names.map(|name| dirty_letters(rng, name));
    }
    let id = 3_000_000_000_u64 + number as u64;
    (merchant.idclase, merchant.numid) = match rng.random_range(0..1000) {
        0..930 => ("1", id.to_string()),
        930..960 => ("1", format!("000{id}")),
        960..980 => ("3", format!("{}", 9_000_000 + number)),
        980..992 => ("5", format!("XX{number:06}")),
        992..997 => ("E", format!("pp-{number:06}")),
        _ => ("1", String::new()),
    };
    if !merchant.numid.is_empty() || rng.random_bool(0.5) {
        merchant.nit = format!("{id}{}", number % 10);
    }
}

/// State, registration and renewals.
fn life(rng: &mut StdRng, year: i32, merchant: &mut Merchant) {
    merchant.estmatricula = match rng.random_range(0..100) {
        0..85 => "MA",
        85..88 => "MI",
        88..91 => "IA",
        91..93 => "II",
        93..96 => "MC",
        96 => "IC",
        97 => pick(rng, &["MG", "IG", "MF"]),
        98 => "IF",
        _ => pick(rng, &["NA", "NM"]),
    };
    let renewed = match rng.random_range(0..100) {
        0..88 => year - 1,
        88..91 => year,
        _ => year - rng.random_range(2..6),
    };
    let registered = renewed - rng.random_range(0..15);
    let day =
        |rng: &mut StdRng, year: i32| format!("{year}{:02}{:02}", rng.random_range(1..=12), rng.random_range(1..=28));
    merchant.fecmatricula = day(rng, registered);
    (merchant.ultanoren, merchant.fecrenovacion) = if registered == renewed && rng.random_bool(0.5) {
        (String::new(), String::new())
    } else {
        (renewed.to_string(), day(rng, renewed))
    };
    merchant.feccancelacion = match merchant.estmatricula {
        "MC" | "IC" => day(rng, year),
        _ => String::new(),
    };
}

/// Telephones and e-mails, in whatever column somebody typed them.
fn contact(rng: &mut StdRng, number: usize, merchant: &mut Merchant) {
    let mobile = format!("39{:08}", (number * 7) % 100_000_000);
    let landline = format!("604{:07}", (number * 13) % 10_000_000);
    let typed = match rng.random_range(0..10) {
        0 => format!("+57 {} {}", &mobile[..3], &mobile[3..]),
        1 => format!("{}-{}-{}", &mobile[..3], &mobile[3..6], &mobile[6..]),
        _ => mobile,
    };
    let none = String::new;
    (merchant.telefonos_notificacion, merchant.telefonos_comerciales) = match rng.random_range(0..100) {
        0..50 => ([landline.clone(), none(), typed.clone()], [landline, none(), typed]),
        50..65 => ([typed.clone(), none(), landline.clone()], [landline, none(), none()]),
        65..75 => ([landline.clone(), typed, none()], [none(), none(), landline]),
        75..85 => ([none(), none(), none()], [landline, none(), typed]),
        85..95 => ([none(), none(), landline.clone()], [landline, typed, none()]),
        95..98 => ([landline.clone(), none(), landline], [none(), none(), none()]),
        _ => ([none(), none(), "39012".to_owned()], [none(), none(), none()]),
    };
    let domain = pick(rng, &DOMAINS);
    let own = format!("comerciante{number}@{domain}");
    merchant.correos = match rng.random_range(0..100) {
        0..55 => [own.clone(), own],
        55..70 => [none(), own],
        70..80 => [format!(" {own} "), none()],
        // One accountant's address for many merchants.
        80..90 => [format!("contador{}@{domain}", number % 40), none()],
        90..92 => [format!("comerciante{number}.@{domain}"), own],
        92..94 => [format!("comerciante{number}@@{domain}"), own],
        94..96 => [format!("comerciante{number}@example"), none()],
        96 => ["NO TIENE".to_owned(), none()],
        97 => [format!("comerciante {number}@{domain}"), none()],
        _ => [none(), none()],
    };
}

/// Letters as old terminals left them.
fn dirty_letters(rng: &mut StdRng, name: String) -> String {
    match rng.random_range(0..20) {
        0..4 => name.replace('Ñ', "¥"),
        4 => name.replace('Ñ', "[10]"),
        5 => name.replace('Ñ', "[39]"),
        6 => name.to_lowercase().replace('ñ', "[9]").replace('í', "[6]").replace('á', "[4]"),
        _ => name,
    }
}

fn pick(rng: &mut StdRng, words: &[&'static str]) -> &'static str {
    words.choose(rng).copied().unwrap_or_default()
}
