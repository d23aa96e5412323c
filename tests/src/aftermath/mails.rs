//! The mails as they come over the wire.

use std::sync::Arc;

use contract::disown::{DisownService, DisownState};
use mail_parser::MessageParser;
use server::mail::catcher::Caught;
use server::mail::send_confirmation;
use server::secrets::MacKey;
use server::services::disown::disown_code;

use super::{EMAIL, IDENTIFICATION, MOBILE, NAME, PUBLIC_URL, email, links, state, verified};
use crate::sending::world::World;
use crate::support::camara;

/// Subject, text and HTML.
pub fn read(mail: &Caught) -> (String, String, String) {
    let parsed = MessageParser::default().parse(&*mail.raw).unwrap();
    let subject = parsed.subject().unwrap().to_owned();
    assert_eq!(parsed.attachment_count(), 0);
    // A slash may be written as a character reference: the same to whoever reads it.
    let html = parsed.body_html(0).unwrap().replace("&#x2f;", "/");
    (subject, parsed.body_text(0).unwrap().into_owned(), html)
}

/// The whole address that begins so.
fn address(text: &str, start: &str) -> String {
    let from = text.find(start).unwrap_or_else(|| panic!("{start} is not in {text}"));
    text[from..].chars().take_while(|c| !c.is_whitespace() && !matches!(c, '"' | '<')).collect()
}

#[tokio::test]
async fn the_confirmation_carries_a_link_that_opens_in_text_and_html() {
    let world = World::new().await;
    let (db, mac) = (&world.test_db.db, Arc::new(MacKey::generate()));
    let ana = verified(db, &world.clock, camara()).await;
    let code = disown_code(&mac, camara(), ana.id, &email());
    send_confirmation(&world.chamber, PUBLIC_URL, &email(), NAME, world.clock.now(), &code).await.unwrap();
    let mail = world.store.newest(1).remove(0);
    assert_eq!(mail.to, [EMAIL]);
    let (_, text, html) = read(&mail);
    let start = format!("{PUBLIC_URL}/no-fui-yo/55/");
    let desk = links(db, &world.clock, &mac, &world.chamber, 1);
    let until = world.clock.now().plus_seconds(90 * 86_400).long_date();
    for body in [&text, &html] {
        let link = address(body, &start);
        assert_eq!(link.strip_prefix(&start), Some(code.as_str()));
        assert_eq!(state(&desk, link.strip_prefix(&start).unwrap()).await, DisownState::Offered);
        assert!(body.contains(&until));
        // The manual's own words stay (section 10).
        assert!(body.contains("con total seguridad") || body.contains("con\ntotal seguridad"), "{body}");
        assert!(body.contains("https://camara.example/renovar") && body.contains("(604) 000 00 00"));
    }
}

#[tokio::test]
async fn the_chamber_is_told_once_and_without_anybodys_data() {
    let world = World::new().await;
    let (db, mac) = (&world.test_db.db, Arc::new(MacKey::generate()));
    let ana = verified(db, &world.clock, camara()).await;
    let code = disown_code(&mac, camara(), ana.id, &email());
    let desk = links(db, &world.clock, &mac, &world.chamber, 1);
    desk.freeze(&code).await.unwrap();
    desk.freeze(&code).await.unwrap();
    assert_eq!(world.store.count(), 1);
    let mail = world.store.newest(1).remove(0);
    assert_eq!(mail.to, ["registro@camara.org.co"]);
    let (subject, text, html) = read(&mail);
    assert!(subject.contains(&format!("n.º {}", ana.id)), "{subject}");
    let list = format!("{PUBLIC_URL}/consola/usuarios-verificados?estado=revisar");
    assert!(text.contains(&list) && html.contains("usuarios-verificados?estado=revisar"), "{html}");
    for personal in [NAME, IDENTIFICATION, EMAIL, MOBILE, &code] {
        assert!(!text.contains(personal) && !html.contains(personal), "{personal}");
    }
    assert_eq!(world.audited("aviso_no_enviado").await, 0);
}
