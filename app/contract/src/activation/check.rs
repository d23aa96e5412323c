//! What the merchant's pages and their client in the browser both know: the fields' names, what is
//! wrong with the typing of one, and how a pasted PIN is read. Nothing is compared here.

use super::{Draft, FormField};
use crate::value::clean;
use crate::{ColombianMobile, Email, NationalId};

/// The `id` of the PIN's field.
pub const PIN_ID: &str = "pin";
/// The `id` of the button «Reenviar PIN».
pub const RESEND_ID: &str = "reenviar";

/// Digits of a PIN.
const PIN_DIGITS: usize = 6;

/// The fields of the first screen, in their order.
pub const FIELDS: [FormField; 4] = [FormField::Identificacion, FormField::Correo, FormField::Celular, FormField::Clave];

/// A field's `id` and `name`.
#[must_use]
pub const fn name(field: FormField) -> &'static str {
    match field {
        FormField::Identificacion => "identificacion",
        FormField::Correo => "correo",
        FormField::Celular => "celular",
        FormField::Clave => "clave",
    }
}

/// What is wrong with the typing of a field; `None` when nothing is.
#[must_use]
pub fn typing_fault(field: FormField, typed: &str) -> Option<&'static str> {
    let well_formed = match field {
        FormField::Identificacion => NationalId::parse(typed).is_some(),
        FormField::Correo => Email::parse(typed).is_some(),
        FormField::Celular => ColombianMobile::parse(typed).is_some(),
        FormField::Clave => !clean(typed).is_empty(),
    };
    (!well_formed).then(|| fault_words(field, clean(typed).is_empty()))
}

/// The words for a field that the server found empty or misshapen, given what may be shown again.
#[must_use]
pub fn server_fault(field: FormField, draft: &Draft) -> &'static str {
    let typed = match field {
        FormField::Identificacion => &draft.identificacion,
        FormField::Correo => &draft.correo,
        FormField::Celular => &draft.celular,
        FormField::Clave => "",
    };
    fault_words(field, clean(typed).is_empty())
}

const fn fault_words(field: FormField, empty: bool) -> &'static str {
    match (field, empty) {
        (FormField::Identificacion, true) => "Escriba su número de identificación.",
        (FormField::Identificacion, false) => {
            "Revise la identificación: solo letras y números, sin dígito de verificación."
        }
        (FormField::Correo, true) => "Escriba el correo electrónico que tiene registrado.",
        (FormField::Correo, false) => "Revise el correo electrónico. Debe tener la forma nombre@dominio.com.",
        (FormField::Celular, true) => "Escriba el número celular que tiene registrado.",
        (FormField::Celular, false) => "Revise el celular: son 10 números y el primero es 3.",
        (FormField::Clave, _) => "Escriba la clave preasignada que llegó en el PDF.",
    }
}

/// A PIN as it stands in what was typed or pasted. Blanks and hyphens, as messages and clipboards add
/// them, are gone; of a whole message only its PIN is left, when it names but one.
#[must_use]
pub fn pasted_pin(typed: &str) -> String {
    let compact: String = clean(typed).chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    if compact.bytes().all(|b| b.is_ascii_digit()) {
        return compact;
    }
    let mut pins = typed.split(|c: char| !c.is_ascii_digit()).filter(|digits| digits.len() == PIN_DIGITS);
    match pins.next() {
        Some(pin) if pins.all(|other| other == pin) => pin.to_owned(),
        _ => compact,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn well_typed_fields_are_left_in_peace() {
        for (field, typed) in [
            (FormField::Identificacion, "71.234.567"),
            (FormField::Identificacion, "PRUEBA2247@"),
            (FormField::Correo, " Ana@Correo.COM "),
            (FormField::Celular, "+57 300 123-4567"),
            (FormField::Clave, "abc"),
        ] {
            assert_eq!(typing_fault(field, typed), None, "{field:?}");
        }
    }

    #[test]
    fn an_empty_field_and_a_misshapen_one_are_told_apart() {
        let draft = Draft { identificacion: String::new(), correo: "ana@".into(), celular: "6041234567".into() };
        assert_eq!(server_fault(FormField::Identificacion, &draft), "Escriba su número de identificación.");
        for (field, typed) in [(FormField::Correo, "ana@"), (FormField::Celular, "6041234567")] {
            let words = server_fault(field, &draft);
            assert!(words.starts_with("Revise"), "{words}");
            assert_eq!(typing_fault(field, typed), Some(words), "browser and server must say the same");
        }
    }

    #[test]
    fn a_pasted_pin_loses_its_blanks_and_nothing_else() {
        assert_eq!(pasted_pin(" 123\u{a0}456\n"), "123456");
        assert_eq!(pasted_pin("123-456"), "123456");
        assert_eq!(pasted_pin("12a456"), "12a456");
    }

    #[test]
    fn of_a_pasted_message_only_its_pin_is_left_unless_it_names_two() {
        let message = "Utilice el PIN 123456 para activar su clave. Vence en 10 minutos.\n\n@camara.example #123456";
        assert_eq!(pasted_pin(message), "123456");
        assert_eq!(pasted_pin("PIN:123456"), "123456");
        assert_eq!(pasted_pin("123456 o 654321"), "123456o654321");
        assert_eq!(pasted_pin("llame al 3001234567"), "llameal3001234567");
    }
}
