use contract::activation::{Draft, FormField, Notice, Step};
use http::StatusCode;

use super::stage::{NOW, Stage, pin_step};

const FOUR: &str = "camara=55&identificacion=71234567&correo=ana%40correo.example&celular=3001234567&clave=abcDEF2345";

#[tokio::test]
async fn each_button_leads_to_the_page_of_the_step_that_follows() {
    let stage = Stage::new(false);
    for (endpoint, form, told, page) in [
        ("aceptar", FOUR, "accept 71234567 ana@correo.example 3001234567 abcDEF2345", "/activacion/55/pin"),
        ("reenviar", "camara=55", "resend", "/activacion/55/pin"),
        ("abandonar", "camara=55&pin=", "abandon", "/activacion/55/salida"),
        ("reiniciar", "camara=55", "restart", "/activacion/55"),
        ("confirmar", "camara=55&pin=123+456", "confirm 123 456", "/activacion/55/listo"),
    ] {
        let answer = stage.post(&format!("/api/activacion/{endpoint}"), form).await;
        assert_eq!((answer.status, answer.location.as_str()), (StatusCode::SEE_OTHER, page), "{endpoint}");
        assert_eq!(stage.actor.told.lock().unwrap().last().unwrap(), told);
    }
    let refused = Stage::new(false);
    let answer = refused.post("/api/activacion/rehusar", FOUR).await;
    assert_eq!(answer.location, "/activacion/55/salida");
}

#[tokio::test]
async fn a_form_sent_after_a_finished_activation_begins_a_new_one() {
    let stage = Stage::new(false).at(Step::Done, None);
    assert_eq!(stage.get("/activacion/55").await.status, StatusCode::OK, "the mail's link opens the form again");
    stage.post("/api/activacion/aceptar", FOUR).await;
    assert_eq!(stage.actor.told.lock().unwrap()[0], "restart");
}

#[tokio::test]
async fn missing_inputs_reach_the_service_as_empty_and_no_error_reaches_an_address() {
    let stage = Stage::new(false);
    let answer = stage.post("/api/activacion/aceptar", "camara=55").await;
    assert_eq!(answer.location, "/activacion/55/pin");
    assert_eq!(stage.actor.told.lock().unwrap()[0], "accept    ");

    *stage.actor.broken.lock().unwrap() = true;
    let answer = stage.post("/api/activacion/aceptar", FOUR).await;
    assert_eq!((answer.status, answer.location.as_str()), (StatusCode::SEE_OTHER, "/activacion/55/interrumpida"));
    let page = stage.get("/activacion/55/interrumpida").await;
    assert!(page.body.contains("No pudimos completar el paso") && page.body.contains("tel:6044442344"));
}

#[tokio::test]
async fn an_address_of_another_step_leads_to_the_right_one() {
    for (step, asked, right) in [
        (pin_step(), "/activacion/55", "/activacion/55/pin"),
        (pin_step(), "/activacion/55/listo", "/activacion/55/pin"),
        (Step::Form { borrador: Draft::default() }, "/activacion/55/pin", "/activacion/55"),
        (Step::Form { borrador: Draft::default() }, "/activacion/55/listo", "/activacion/55"),
        (Step::Done, "/activacion/55/pin", "/activacion/55/listo"),
        (Step::Abandoned, "/activacion/55/listo", "/activacion/55/salida"),
    ] {
        let answer = Stage::new(false).at(step, None).get(asked).await;
        assert_eq!((answer.status, answer.location.as_str()), (StatusCode::SEE_OTHER, right), "{asked}");
    }
}

#[tokio::test]
async fn a_chamber_that_is_not_here_is_not_found_and_its_forms_lead_home() {
    let stage = Stage::new(false);
    for path in ["/activacion/99", "/activacion/5", "/activacion/abc", "/activacion/99/pin"] {
        let answer = stage.get(path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert!(answer.body.contains("Esta página no existe"), "{path}");
    }
    assert_eq!(stage.post("/api/activacion/aceptar", "camara=%0d%0aX:y").await.location, "/");
}

#[tokio::test]
async fn the_form_is_complete_without_javascript() {
    let page = Stage::new(false).get("/activacion/55").await.body;
    for needed in [
        "<html lang=\"es-CO\"",
        "action=\"/api/activacion/aceptar\"",
        "formaction=\"/api/activacion/rehusar\"",
        "method=\"post\"",
        "novalidate",
        "name=\"camara\" value=\"55\"",
        "name=\"identificacion\"",
        "name=\"correo\"",
        "name=\"celular\"",
        "name=\"clave\"",
        "Ley 527 de 1999",
        "/pkg/activacion.css",
        "/pkg/activacion.js",
        "tel:6044442344",
    ] {
        assert!(page.contains(needed), "{needed}");
    }
    assert!(!page.contains(" style="), "the content policy allows no inline style");
}

#[tokio::test]
async fn a_fault_stands_in_title_summary_and_beside_the_field_and_the_draft_stays() {
    let draft = Draft { identificacion: "71234567".into(), correo: "ana@".into(), celular: "\"><script>".into() };
    let notice = Notice::Incomplete { campos: vec![FormField::Correo, FormField::Clave] };
    let page = Stage::new(false).at(Step::Form { borrador: draft }, Some(notice)).get("/activacion/55").await.body;
    assert!(page.contains("<title>Error: Activación de su clave"));
    assert!(page.contains("role=\"alert\"") && page.contains("href=\"#correo\""));
    assert_eq!(page.matches("Revise el correo electrónico. Debe tener la forma").count(), 2);
    assert_eq!(page.matches("aria-invalid=\"true\"").count(), 2);
    assert!(page.contains("value=\"71234567\"") && page.contains("value=\"ana@\""));
    assert!(!page.contains("\"><script>"), "what was typed must be escaped");
}

#[tokio::test]
async fn the_pin_page_shows_the_masked_mobile_and_the_hour_of_the_next_pin() {
    let notice = Some(Notice::WrongPin { restantes: 2 });
    let page = Stage::new(false).at(pin_step(), notice).get("/activacion/55/pin").await.body;
    for needed in [
        "300 *** **67",
        "autocomplete=\"one-time-code\"",
        "inputmode=\"numeric\"",
        "El PIN no es correcto. Le quedan 2 intentos.",
        "desde las 10:31:20",
        "formaction=\"/api/activacion/abandonar\"",
        "action=\"/api/activacion/reenviar\"",
    ] {
        assert!(page.contains(needed), "{needed}");
    }
}

#[tokio::test]
async fn a_mismatch_is_told_without_naming_a_field_and_with_a_way_out() {
    for notice in [Notice::NoMatch, Notice::Locked, Notice::Wait { hasta: NOW.plus_seconds(900) }] {
        let step = Step::Form { borrador: Draft::default() };
        let page = Stage::new(false).at(step, Some(notice.clone())).get("/activacion/55").await.body;
        assert!(!page.contains("aria-invalid=\"true\""), "{notice:?}");
        assert!(page.matches("tel:6044442344").count() >= 2, "{notice:?}: in the summary and below the page");
    }
}

#[tokio::test]
async fn whatever_refuses_ends_with_the_chambers_telephone() {
    let form = || Step::Form { borrador: Draft::default() };
    for (step, path, notices) in [
        (
            form(),
            "/activacion/55",
            vec![Notice::RegistryChanged, Notice::Gone, Notice::TransactionExpired, Notice::NoMatch, Notice::SmsLimit],
        ),
        (
            pin_step(),
            "/activacion/55/pin",
            vec![
                Notice::SmsFailed,
                Notice::SmsLimit,
                Notice::PinExpired,
                Notice::PinVoided,
                Notice::WrongPin { restantes: 1 },
                Notice::Locked,
            ],
        ),
    ] {
        for notice in notices {
            let page = Stage::new(false).at(step.clone(), Some(notice.clone())).get(path).await.body;
            let summary = page.split("<h1").next().unwrap();
            assert!(summary.contains("tel:6044442344") && summary.contains("Calle 1 # 2-3"), "{notice:?}");
            assert!(page.contains("<title>Error: "), "{notice:?}");
        }
    }
    for path in ["/activacion/99", "/activacion/55/interrumpida", "/buzon"] {
        assert!(Stage::new(false).get(path).await.body.contains("tel:6044442344"), "{path}");
    }
}

#[tokio::test]
async fn no_page_repeats_its_data_for_a_client_and_only_living_pages_load_one() {
    let draft = Draft { identificacion: "71234567".into(), ..Draft::default() };
    let stage = Stage::new(true).at(Step::Form { borrador: draft }, None);
    let form = stage.get("/activacion/55").await.body;
    assert_eq!(form.matches("71234567").count(), 1, "in its field, and nowhere else");
    assert!(form.contains("addEventListener('load'"), "the client is fetched once the page is loaded");
    assert!(!form.contains("modulepreload"), "the client does not compete with the page");
    for path in ["/", "/buzon", "/buzon/correo/7", "/activacion/99"] {
        let page = stage.get(path).await.body;
        assert!(!page.contains("activacion.js"), "{path} has nothing to bring to life");
    }
}

#[tokio::test]
async fn the_countdown_is_ready_for_the_client_and_says_the_hour_without_it() {
    let page = Stage::new(false).at(pin_step(), None).get("/activacion/55/pin").await.body;
    assert!(page.contains("data-segundos=\"60\"") && page.contains("Podrá pedir otro desde las 10:31:20"));
    let step = Step::Pin { celular: "300 *** **67".into(), vence_en: NOW, reenvio_desde: Some(NOW) };
    let page = Stage::new(false).at(step, None).get("/activacion/55/pin").await.body;
    assert!(!page.contains("data-segundos") && page.contains("Ya puede pedir otro PIN."));
    let step = Step::Pin { celular: "300 *** **67".into(), vence_en: NOW, reenvio_desde: None };
    let page = Stage::new(false).at(step, None).get("/activacion/55/pin").await.body;
    assert!(page.contains("Ya no se pueden pedir más PIN") && !page.contains("/api/activacion/reenviar"));
}

#[tokio::test]
async fn the_last_page_offers_renewal_and_menu() {
    let page = Stage::new(false).at(Step::Done, None).get("/activacion/55/listo").await.body;
    assert!(page.contains("href=\"https://renovar.example/\"") && page.contains("Renovar matrícula mercantil"));
    assert!(page.contains("href=\"https://menu.example/\"") && page.contains("Menú principal"));
}
