//! Plain, STARTTLS and TLS, with and without authentication, against a real socket.

use contract::sending::{BatchState, PauseReason};
use server::mail::catcher::Behaviour;
use server::mail::{MailFault, send_confirmation};

use super::world::World;
use crate::support::tls;

fn acceptor(p12: &[u8]) -> native_tls::TlsAcceptor {
    native_tls::TlsAcceptor::new(native_tls::Identity::from_pkcs12(p12, "x").unwrap()).unwrap()
}

fn account() -> Option<(String, String)> {
    Some(("cuenta".to_owned(), "clave de correo".to_owned()))
}

const WITH_ACCOUNT: [(&str, &str); 3] = [
    ("MASIVOS_SMTP_AUTHENTICATION", "SI"),
    ("MASIVOS_SMTP_CUENTA_ADMIN", "cuenta"),
    ("MASIVOS_SMTP_PASSWORD_ADMIN", "clave de correo"),
];

/// Sends one mail through a server with this encryption (`""`, `tls`, `ssl`), trusted or not.
async fn sent_over(encryption: &str, authenticated: bool, names: &[&str], trusted: bool) -> World {
    let (p12, pem) = tls::server(names);
    let behaviour = Behaviour {
        account: authenticated.then(account).flatten(),
        starttls: (encryption == "tls").then(|| acceptor(&p12)),
        implicit_tls: (encryption == "ssl").then(|| acceptor(&p12)),
        ..Behaviour::default()
    };
    let mut variables = vec![("MASIVOS_SMTP_ENCRIPTION", encryption)];
    if authenticated {
        variables.extend(WITH_ACCOUNT);
    }
    let mut world = World::with(behaviour, &variables).await;
    if trusted {
        let path = world.dir.path().join("ca.pem");
        std::fs::write(&path, pem).unwrap();
        world.smtp().extra_ca = Some(path);
    }
    world.merchants(1).await;
    world
}

#[tokio::test]
async fn mail_goes_over_plain_starttls_and_tls_with_and_without_authentication() {
    for encryption in ["", "tls", "ssl"] {
        for authenticated in [false, true] {
            let world = sent_over(encryption, authenticated, &["localhost"], true).await;
            let batch = world.send(1).await.unwrap();
            assert_eq!(batch.enviados, 1, "{encryption:?} {authenticated}: {batch:?}");
            assert_eq!(world.store.count(), 1);
        }
    }
}

#[tokio::test]
async fn a_certificate_that_is_not_trusted_or_of_another_name_stops_the_batch_before_any_password() {
    for encryption in ["tls", "ssl"] {
        for (names, trusted) in [(["localhost"], false), (["otro.servidor.co"], true)] {
            let world = sent_over(encryption, true, &names, trusted).await;
            let batch = world.send(1).await.unwrap();
            assert_eq!((batch.estado, batch.pausa), (BatchState::EnPausa, Some(PauseReason::Tls)), "{encryption}");
            assert_eq!((batch.pendientes, world.store.count()), (1, 0));
        }
    }
}

#[tokio::test]
async fn starttls_that_the_server_does_not_offer_is_never_given_up_silently() {
    let world = World::with(Behaviour::default(), &[("MASIVOS_SMTP_ENCRIPTION", "tls")]).await;
    world.merchants(1).await;
    assert_eq!(world.send(1).await.unwrap().pausa, Some(PauseReason::Tls));
    assert_eq!(world.store.count(), 0);
}

#[tokio::test]
async fn a_wrong_password_or_no_way_to_authenticate_waits_for_staff() {
    let mut variables = WITH_ACCOUNT;
    variables[2].1 = "otra clave";
    let world = World::with(Behaviour { account: account(), ..Behaviour::default() }, &variables).await;
    world.merchants(1).await;
    let batch = world.send(1).await.unwrap();
    assert_eq!((batch.pausa, batch.pendientes), (Some(PauseReason::Authentication), 1));
    assert_eq!(batch.ultima_respuesta.as_deref(), Some("535 5.7.8 wrong account or password"));

    let world = World::with(Behaviour::default(), &WITH_ACCOUNT).await;
    world.merchants(1).await;
    assert_eq!(world.send(1).await.unwrap().pausa, Some(PauseReason::Authentication));
}

#[tokio::test]
async fn the_confirmation_names_the_chamber_and_both_links() {
    let world = World::new().await;
    let to = contract::Email::parse("ana@correo.co").unwrap();
    let at = contract::Timestamp(1_795_437_000_000);
    send_confirmation(&world.chamber, "https://c.co", &to, "Ana <b>Ruiz</b>", at, "1-0").await.unwrap();
    let mail = &world.store.newest(1)[0];
    let parsed = mail_parser::MessageParser::default().parse(&*mail.raw).unwrap();
    let text = parsed.body_text(0).unwrap();
    for expected in
        ["23/11/2026 07:30", "https://camara.example/renovar", "https://camara.example/menu", "(604) 000 00 00"]
    {
        assert!(text.contains(expected), "{expected} is missing in {text}");
    }
    assert!(parsed.body_html(0).unwrap().contains("Ana &lt;b&gt;Ruiz&lt;&#x2f;b&gt;"));
    assert_eq!(parsed.attachment_count(), 0);

    let broken = World::with(Behaviour::default(), &[("MASIVOS_SMTP_SERVER", "")]).await;
    let refused = send_confirmation(&broken.chamber, "https://c.co", &to, "Ana", at, "1-0").await.unwrap_err();
    assert!(matches!(refused, MailFault::NotConfigured(missing) if missing == ["MASIVOS_SMTP_SERVER"]));
}
