//! The PIN: worth something once, for its own request, for its time.

use serde_json::json;

use super::record::payload;
use super::{ID, Notary, other_pin, right, with};

#[tokio::test]
async fn wrong_pins_count_and_the_third_voids_it() {
    let notary = Notary::open().await;
    let (id, pin) = notary.pending().await;
    for remaining in [2, 1] {
        let wrong = notary.confirm(&id, &other_pin(&pin)).await;
        assert_eq!(wrong.refusal(), (403, "pin_errado".to_owned()));
        assert_eq!(wrong.json()["intentos_restantes"], remaining);
    }
    assert_eq!(notary.confirm(&id, &other_pin(&pin)).await.refusal(), (409, "pin_anulado".to_owned()));
    assert_eq!(notary.confirm(&id, &pin).await.refusal(), (409, "pin_anulado".to_owned()));
    assert_eq!(notary.look(&id).await.json()["estado"], "pin_anulado");
    assert_eq!(notary.trail("pin_errado").await.len(), 3);

    notary.later(60);
    assert_eq!(notary.resend(&id).await.json()["estado"], "pendiente");
    assert_eq!(notary.confirm(&id, &pin).await.refusal(), (403, "pin_errado".to_owned()));
    let signed = notary.confirm(&id, &notary.last_pin().await).await;
    let process = payload(signed.json()["registro"].as_str().unwrap())["proceso"].clone();
    assert_eq!(process["pin_errados"], 4);
    let told: Vec<_> = process["eventos"].as_array().unwrap().iter().map(|e| e["que"].as_str().unwrap()).collect();
    let [sent, wrong] = ["pin_enviado", "pin_errado"];
    assert_eq!(told, [sent, wrong, wrong, wrong, sent, wrong, "pin_confirmado"]);
}

#[tokio::test]
async fn a_pin_is_worth_nothing_in_another_request() {
    let notary = Notary::open().await;
    let (first, first_pin) = notary.pending().await;
    let (second, second_pin) = notary.pending().await;
    if first_pin != second_pin {
        assert_eq!(notary.confirm(&second, &first_pin).await.refusal(), (403, "pin_errado".to_owned()));
    }
    assert_eq!(notary.confirm(&second, &second_pin).await.status, 200);
    assert_eq!(notary.confirm(&first, &first_pin).await.status, 200);
    // The same digits in both: the digests differ all the same.
    let digests: Vec<_> = notary.rows().await.into_iter().map(|row| row.pin_hmac.unwrap()).collect();
    assert!(digests[0] != digests[1] && digests.iter().all(|digest| digest.len() == 64));
}

#[tokio::test]
async fn after_its_minutes_a_pin_is_over_and_after_its_time_the_request() {
    let notary = Notary::open().await;
    let (id, pin) = notary.pending().await;
    notary.later(600);
    assert_eq!(notary.confirm(&id, &pin).await.refusal(), (409, "pin_vencido".to_owned()));
    assert_eq!(notary.resend(&id).await.status, 200);
    let pin = notary.last_pin().await;
    notary.later(1200);
    assert_eq!(notary.look(&id).await.json()["estado"], "vencida");
    assert_eq!(notary.confirm(&id, &pin).await.refusal(), (409, "firma_vencida".to_owned()));
    assert_eq!(notary.resend(&id).await.refusal(), (409, "firma_vencida".to_owned()));
    assert!(notary.look(&id).await.json()["reenvio_desde"].is_null());
}

#[tokio::test]
async fn another_pin_goes_out_after_a_minute_a_few_times_and_the_former_is_void() {
    let notary = Notary::open().await;
    let (id, first) = notary.pending().await;
    let early = notary.resend(&id).await;
    assert_eq!(early.refusal(), (429, "reenvio_pronto".to_owned()));
    assert!((1..=61).contains(&early.header("retry-after").parse::<i64>().unwrap()));
    for _ in 0..3 {
        notary.later(60);
        assert_eq!(notary.resend(&id).await.status, 200);
    }
    notary.later(60);
    assert_eq!(notary.resend(&id).await.refusal(), (409, "reenvios_agotados".to_owned()));
    let last = notary.last_pin().await;
    if first != last {
        assert_eq!(notary.confirm(&id, &first).await.refusal(), (403, "pin_errado".to_owned()));
    }
    assert_eq!(notary.confirm(&id, &last).await.status, 200);
    assert_eq!(notary.resend(&id).await.refusal(), (409, "ya_firmada".to_owned()));
    assert_eq!(notary.sms_count().await, 4);
}

#[tokio::test]
async fn a_confirmation_sent_again_gives_the_same_record_until_wrong_ones_end_that() {
    let notary = Notary::open().await;
    let (id, pin) = notary.pending().await;
    let signed = notary.confirm(&id, &pin).await.json();
    notary.later(3600);
    assert_eq!(notary.confirm(&id, &pin).await.json(), signed);
    assert_eq!(notary.trail("firma_realizada").await.len(), 1);
    for codigo in ["pin_errado", "pin_errado", "ya_firmada"] {
        assert_eq!(notary.confirm(&id, &other_pin(&pin)).await.refusal().1, codigo);
    }
    assert_eq!(notary.confirm(&id, &pin).await.refusal(), (409, "ya_firmada".to_owned()));
    assert_eq!(notary.look(&id).await.json(), signed);
}

#[tokio::test]
async fn what_was_abandoned_is_gone_and_what_was_signed_stays() {
    let notary = Notary::open().await;
    let (id, pin) = notary.pending().await;
    assert_eq!(notary.abandon(&id).await.status, 204);
    for answer in
        [notary.look(&id).await, notary.confirm(&id, &pin).await, notary.resend(&id).await, notary.abandon(&id).await]
    {
        assert_eq!(answer.refusal(), (404, "firma_desconocida".to_owned()));
    }
    assert_eq!(notary.trail("firma_abandonada").await.len(), 1);
    let (signed, _) = notary.signed().await;
    assert_eq!(notary.abandon(&signed).await.refusal(), (409, "ya_firmada".to_owned()));
    // Its idempotency key is spent.
    let body = with("idempotencia", "una");
    let id = notary.ask(&body).await.id();
    notary.abandon(&id).await;
    assert_eq!(notary.ask(&body).await.refusal(), (409, "idempotencia_reutilizada".to_owned()));
}

#[tokio::test]
async fn a_user_frozen_or_annulled_before_the_pin_signs_nothing() {
    let notary = Notary::open().await;
    for state in ["IN", "AN", "EL"] {
        notary.set_state(ID, "VE").await;
        let (id, pin) = notary.pending().await;
        notary.set_state(ID, state).await;
        assert_eq!(notary.confirm(&id, &pin).await.refusal(), (409, "usuario_no_vigente".to_owned()), "{state}");
        notary.later(60);
        assert_eq!(notary.resend(&id).await.refusal(), (409, "usuario_no_vigente".to_owned()), "{state}");
    }
    assert!(notary.rows().await.iter().all(|row| row.registro.is_none()));
    assert_eq!((notary.trail("firma_realizada").await.len(), notary.sms_count().await), (0, 3));
}

#[tokio::test]
async fn an_sms_that_failed_is_told_and_another_may_be_asked_for_at_once() {
    let down = "SMS_PROVEEDOR=http\nSMS_HTTP_URL=http://127.0.0.1:9/sms\nSMS_HTTP_CUERPO={{celular}}\n";
    let notary = Notary::open_with(down).await;
    let asked = notary.ask(&right()).await;
    assert_eq!((asked.status, &asked.json()["pin_enviado"]), (201, &json!(false)));
    let again = notary.resend(&asked.id()).await;
    assert_eq!((again.status, &again.json()["pin_enviado"]), (200, &json!(false)));
    assert_eq!(notary.trail("sms_fallido").await.len(), 2);
}

#[tokio::test]
async fn the_budget_of_sms_holds_for_signatures_too() {
    let notary = Notary::open_with("SMS_POR_COMERCIANTE=2\n").await;
    notary.pending().await;
    let (id, _) = notary.pending().await;
    let spent = notary.ask(&right()).await;
    assert_eq!((spent.refusal(), spent.header("retry-after")), ((429, "limite_sms".to_owned()), "3600"));
    notary.later(60);
    assert_eq!(notary.resend(&id).await.refusal(), (429, "limite_sms".to_owned()));
    assert_eq!((notary.rows().await.len(), notary.sms_count().await), (2, 2));
    notary.later(24 * 3600);
    assert_eq!(notary.ask(&right()).await.status, 201);
}
