//! How the chamber's documents look and what they say: logo, colour, its own conditions.

use std::path::{Path, PathBuf};

use contract::campaign::Factor;

use super::{Chamber, Fault, Variables};
use crate::pdf::{Brand, Conditions, Issuer, Logo, PdfFault, Stationery};

/// Dark enough to be read on white (WCAG 2.2, 1.4.3).
const LEAST_CONTRAST: f64 = 4.5;

/// `LOGO` and `COLOR`; what cannot be used is said and left out.
pub(super) fn read(vars: &Variables, file: &str, relative: &dyn Fn(&str) -> PathBuf, faults: &mut Vec<Fault>) -> Brand {
    let mut refuse = |variable: &str, remedy: String| faults.push(Fault::in_file(file, variable, remedy));
    let logo = vars.get("LOGO").and_then(|path| {
        let read = Logo::read(Path::new(&relative(path)));
        read.map_err(|fault| refuse("LOGO", fault.to_string())).ok()
    });
    let accent = vars.get("COLOR").and_then(|text| {
        let read = color(text);
        read.map_err(|remedy| refuse("COLOR", remedy.to_owned())).ok()
    });
    Brand { logo, accent }
}

fn color(text: &str) -> Result<u32, &'static str> {
    let digits = text.trim().trim_start_matches('#');
    let hexadecimal = digits.len() == 6 && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    let color = hexadecimal.then(|| u32::from_str_radix(digits, 16).ok()).flatten();
    let color = color.ok_or("escriba el color con seis dígitos hexadecimales, por ejemplo #12355B")?;
    if contrast_on_white(color) < LEAST_CONTRAST {
        return Err("el color es demasiado claro para leerse sobre papel blanco; escoja uno más oscuro");
    }
    Ok(color)
}

/// Relative luminance as WCAG defines it.
fn contrast_on_white(color: u32) -> f64 {
    let linear = |shift: u32| {
        let part = f64::from(color >> shift & 0xFF) / 255.0;
        if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    };
    1.05 / (0.2126 * linear(16) + 0.7152 * linear(8) + 0.0722 * linear(0) + 0.05)
}

/// Whether letters of both factors can be printed with the chamber's own conditions.
pub(super) fn check_letters(chamber: &Chamber, file: &str, faults: &mut Vec<Fault>) {
    for factor in [Factor::Doble, Factor::SoloClave] {
        let remedy = match Conditions::of(chamber, factor) {
            Err(fault) => fault.to_string(),
            Ok(conditions) => match chamber.stationery("https://claves.example", factor, &conditions) {
                Ok(_) => continue,
                Err(PdfFault::TooLong { lines }) => {
                    format!("las condiciones no caben en la página; quite unos {lines} renglones")
                }
                Err(_) => "no se puede imprimir el documento".to_owned(),
            },
        };
        faults.push(Fault::in_file(file, "PLANTILLAS", format!("{}: {remedy}", Conditions::FILE)));
        return;
    }
}

impl Chamber {
    /// The chamber's stationery for letters that lead to this installation.
    ///
    /// # Errors
    /// When the conditions do not fit on the page.
    pub fn stationery(
        &self,
        public_url: &str,
        factor: Factor,
        conditions: &Conditions,
    ) -> Result<Stationery, PdfFault> {
        Stationery::print(&Issuer {
            chamber: &self.nombre,
            city: &self.ciudad,
            telephone: &self.telefono,
            factor,
            link: &format!("{public_url}/activacion/{}", self.code),
            verify_at: &format!("{public_url}/verificar"),
            conditions,
            brand: &self.brand,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_is_six_digits_and_dark_enough_for_white_paper() {
        assert_eq!(color("#12355B"), Ok(0x12_35_5B));
        assert_eq!(color("0a6e3d"), Ok(0x0A_6E_3D));
        for wrong in ["", "azul", "#12355", "#12355B7", "#+2355B"] {
            assert!(color(wrong).is_err_and(|remedy| remedy.contains("seis")), "{wrong}");
        }
        assert!(color("#FFD100").is_err_and(|remedy| remedy.contains("claro")));
        assert!((contrast_on_white(0) - 21.0).abs() < 0.01 && (contrast_on_white(0xFF_FF_FF) - 1.0).abs() < 0.01);
    }
}
