//! Each mail's own envelope sender (VERP): bounces that name no Message-ID of ours still find it.

use contract::campaign::PasswordState;
use contract::{Email, Timestamp};
use mail_parser::MessageParser;
use server::mail::send_confirmation;
use server::services::bounces::Applied;

use super::{applied, id_of, samples, sent};

const VERP: [(&str, &str); 1] = [("REBOTES_DIRECCION", "rebotes@camara.org.co")];

#[tokio::test]
async fn the_envelope_carries_the_token_and_a_bounce_to_it_finds_its_row() {
    let world = sent(2, &VERP).await;
    let mails = world.store.newest(10);
    let (row, id) = (&world.rows().await[0], id_of(&world, 0).await);
    // Two lanes send at once: which mail came first is chance.
    let first = mails.iter().find(|mail| mail.to == [row.correo.as_str()]).unwrap();
    let token = id.trim_start_matches('<').split('@').next().unwrap().to_owned();
    // The catcher, like some servers, writes addresses in small letters.
    assert_eq!(first.from, format!("rebotes+{}@camara.org.co", token.to_lowercase()));
    assert_ne!(mails[0].from, mails[1].from);
    let parsed = MessageParser::default().parse(&*first.raw).unwrap();
    let from = parsed.from().and_then(|from| from.first()).and_then(|from| from.address.as_deref());
    assert_eq!(from, Some("registro@camara.org.co"));

    let other_token = token.chars().rev().collect::<String>();
    for wrong in [format!("rebotes+{token}@otra.com.co"), format!("rebotes+{other_token}@camara.org.co")] {
        assert_eq!(applied(&world, &samples::ses(&wrong, "x@correo.com.co")).await, Applied::Unmatched);
    }
    let raw = samples::ses(&first.from, "x@correo.com.co");
    assert_eq!(applied(&world, &raw).await, Applied::Bounced { suppressed: true });
    assert_eq!(world.states().await, [PasswordState::Rebotado, PasswordState::Enviado]);
}

#[tokio::test]
async fn without_the_address_the_envelope_is_the_senders_and_tokens_mean_nothing() {
    let world = sent(1, &[("REBOTES_DIRECCION", "demasiado-larga-para-esto@camara.org.co")]).await;
    assert_eq!(world.store.newest(1)[0].from, "registro@camara.org.co");
    let token = id_of(&world, 0).await.trim_start_matches('<').split('@').next().unwrap().to_owned();
    let raw = samples::ses(&format!("rebotes+{token}@camara.org.co"), "x@correo.com.co");
    assert_eq!(applied(&world, &raw).await, Applied::Unmatched);
}

#[tokio::test]
async fn the_confirmation_goes_out_with_it_as_well() {
    let world = sent(1, &VERP).await;
    let to = Email::parse("comerciante0@correo.com.co").unwrap();
    send_confirmation(&world.chamber, "https://claves.camara.org.co", &to, "ANA", Timestamp(0), "1-0").await.unwrap();
    let mail = &world.store.newest(1)[0];
    assert!(mail.from.starts_with("rebotes+") && mail.to == ["comerciante0@correo.com.co"], "{}", mail.from);
}
