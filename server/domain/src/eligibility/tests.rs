use proptest::prelude::*;

use super::*;

fn merchant() -> RegistryRow<'static> {
    RegistryRow {
        organizacion: "01",
        estmatricula: "MA",
        ultanoren: "2025",
        fecmatricula: "20100315",
        apellido1: "RUIZ",
        apellido2: "PEÑA",
        nombre1: "ANA",
        nombre2: "",
        numid: "71234567",
        emailnot: "ana@example.com",
        celnot: "3901234567",
        ..RegistryRow::default()
    }
}

fn year() -> Year {
    Year::new(2026).unwrap()
}

fn judge(row: RegistryRow<'_>) -> Result<Candidate, ExclusionReason> {
    evaluate(&row, year(), &Known::default())
}

#[test]
fn a_natural_person_renewed_last_year_with_email_and_mobile_qualifies() {
    let candidate = judge(merchant()).unwrap();
    assert_eq!(candidate.identificacion.as_str(), "71234567");
    assert_eq!(candidate.nombre.completo, "RUIZ PEÑA ANA");
    assert_eq!(candidate.correo.as_str(), "ana@example.com");
    assert_eq!(candidate.celular.as_str(), "3901234567");
    assert_eq!((candidate.correo_origen, candidate.celular_origen), (Origin::Notificacion, Origin::Notificacion));
}

#[test]
fn each_rule_leaves_out_with_its_own_reason() {
    use ExclusionReason::*;
    let cases = [
        (RegistryRow { organizacion: "02", ..merchant() }, NoEsPersonaNatural),
        (RegistryRow { organizacion: "", ..merchant() }, NoEsPersonaNatural),
        (RegistryRow { estmatricula: "MC", ..merchant() }, MatriculaNoVigente),
        (RegistryRow { estmatricula: "", ..merchant() }, MatriculaNoVigente),
        (RegistryRow { ultanoren: "2024", ..merchant() }, NoRenovoAnoAnterior),
        (RegistryRow { ultanoren: "2026", ..merchant() }, NoRenovoAnoAnterior),
        (RegistryRow { ultanoren: "", ..merchant() }, NoRenovoAnoAnterior),
        (RegistryRow { ultanoren: "abcd", ..merchant() }, NoRenovoAnoAnterior),
        (RegistryRow { emailnot: "ana@example", ..merchant() }, SinCorreo),
        (RegistryRow { celnot: "6041234567", ..merchant() }, SinCelular),
        (RegistryRow { numid: " 000 ", ..merchant() }, SinIdentificacion),
        (RegistryRow { numid: "PRUEBA2247@", ..merchant() }, SinIdentificacion),
    ];
    for (row, reason) in cases {
        assert_eq!(judge(row), Err(reason));
    }
    let id = || HashSet::from(["71234567".to_owned()]);
    let verified = Known { verified: id(), selected: id() };
    assert_eq!(evaluate(&merchant(), year(), &verified), Err(YaVerificado));
    let selected = Known { selected: id(), ..Known::default() };
    assert_eq!(evaluate(&merchant(), year(), &selected), Err(YaSeleccionado));
}

#[test]
fn without_a_renewal_the_year_of_registration_counts() {
    for empty in ["", "  ", "0", "0000"] {
        assert!(judge(RegistryRow { ultanoren: empty, fecmatricula: "20251231", ..merchant() }).is_ok());
    }
    let never = RegistryRow { ultanoren: "", fecmatricula: "", ..merchant() };
    assert_eq!(judge(never), Err(ExclusionReason::NoRenovoAnoAnterior));
}

#[test]
fn notification_comes_before_commercial_and_an_invalid_one_is_passed_over() {
    let both = RegistryRow { emailcom: "com@example.com", celcom: "3907654321", ..merchant() };
    let chosen = judge(both).unwrap();
    assert_eq!((chosen.correo.as_str(), chosen.celular.as_str()), ("ana@example.com", "3901234567"));
    let broken = RegistryRow { emailnot: "ana@@example.com", celnot: "12345", ..both };
    let chosen = judge(broken).unwrap();
    assert_eq!((chosen.correo.as_str(), chosen.celular.as_str()), ("com@example.com", "3907654321"));
    assert_eq!((chosen.correo_origen, chosen.celular_origen), (Origin::Comercial, Origin::Comercial));
}

#[test]
fn mobiles_are_looked_for_in_the_agreed_order() {
    let mut row = RegistryRow {
        celnot: "3900000001",
        telnot: "3900000002",
        telnot2: "3900000003",
        celcom: "3900000004",
        telcom1: "3900000005",
        telcom2: "3900000006",
        ..merchant()
    };
    let blanks: [fn(&mut RegistryRow<'_>); 6] = [
        |r| r.celnot = "",
        |r| r.telnot = "6041234567",
        |r| r.telnot2 = "x",
        |r| r.celcom = "",
        |r| r.telcom1 = "",
        |r| r.telcom2 = "",
    ];
    for (index, blank) in blanks.into_iter().enumerate() {
        assert_eq!(judge(row).unwrap().celular.as_str(), format!("390000000{}", index + 1));
        blank(&mut row);
    }
    assert_eq!(judge(row), Err(ExclusionReason::SinCelular));
}

#[test]
fn the_form_of_an_identification_never_excludes() {
    for (numid, expected) in [
        ("71.234.567", "71234567"),
        ("AB-99", "AB99"),
        ("12@34/x", "12@34/X"),
        ("123456789012345678901", "123456789012345678901"),
    ] {
        assert_eq!(judge(RegistryRow { numid, ..merchant() }).unwrap().identificacion.as_str(), expected);
    }
    let by_nit = RegistryRow { numid: "", nit: "71234567-3", ..merchant() };
    assert_eq!(judge(by_nit).unwrap().identificacion.as_str(), "71234567");
}

#[test]
fn a_merchant_without_parts_of_a_name_bears_the_business_name() {
    let row = RegistryRow { apellido1: "", apellido2: "", nombre1: " ", razonsocial: "RUIZ\n ANA", ..merchant() };
    assert_eq!(judge(row).unwrap().nombre.completo, "RUIZ ANA");
}

proptest! {
    #[test]
    fn no_text_makes_it_panic_and_reasons_come_in_order(
        organizacion in "(01|02|1|12|.{0,3})", estmatricula in "(MA|ma|MC|.{0,3})", ultanoren in "(2025|2024||.{0,5})",
        fecmatricula in "(20251231|.{0,9})", emailnot in "(a@b.co|.{0,12})", emailcom in "(c@d.co|.{0,12})",
        celnot in "(3901234567|.{0,12})", telcom2 in "(3901234567|.{0,12})", numid in "(123|.{0,12})", nit in ".{0,12}",
        known in any::<(bool, bool)>(),
    ) {
        let row = RegistryRow {
            organizacion: &organizacion, estmatricula: &estmatricula, ultanoren: &ultanoren,
            fecmatricula: &fecmatricula, emailnot: &emailnot, emailcom: &emailcom, celnot: &celnot,
            telcom2: &telcom2, numid: &numid, nit: &nit, ..RegistryRow::default()
        };
        let set = |on: bool| if on { HashSet::from(["123".to_owned()]) } else { HashSet::new() };
        let sets = Known { verified: set(known.0), selected: set(known.1) };
        let verdict = evaluate(&row, year(), &sets);
        // Whatever is known can only add the last two reasons.
        match evaluate(&row, year(), &Known::default()) {
            Err(reason) => prop_assert_eq!(verdict, Err(reason)),
            Ok(candidate) => {
                let id = candidate.identificacion.as_str();
                let expected = match (sets.verified.contains(id), sets.selected.contains(id)) {
                    (true, _) => Err(ExclusionReason::YaVerificado),
                    (_, true) => Err(ExclusionReason::YaSeleccionado),
                    _ => Ok(candidate.clone()),
                };
                prop_assert_eq!(verdict, expected);
                prop_assert!(!candidate.identificacion.is_test());
                prop_assert_eq!(Email::parse(&emailnot).is_some(), candidate.correo_origen == Origin::Notificacion);
            }
        }
    }
}
