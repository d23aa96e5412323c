//! The reader of notifications takes anything and panics at nothing.

use std::time::{Duration, Instant};

use proptest::prelude::*;
use server::bounces::Notification;

use super::samples;

const ID: &str = "<AbC_-9@camara.org.co>";
const TO: &str = "ana@correo.com.co";

fn all() -> Vec<String> {
    vec![
        samples::postfix(ID, TO, "failed", "5.1.1", "no"),
        samples::postfix_delayed(ID, TO),
        samples::exchange(ID, TO),
        samples::gmail_over_quota(ID, TO),
        samples::exim(ID, TO, "550 5.1.1 no"),
        samples::ses("rebotes@camara.org.co", TO),
        samples::two_recipients(ID, ("failed", "5.1.1"), ("delivered", "2.0.0")),
        samples::vacation(ID),
        samples::receipt(ID),
    ]
}

fn read(raw: &str) -> Option<Notification> {
    Notification::read(raw.as_bytes(), None)
}

#[test]
fn every_sample_gives_its_message_id_once_found_and_no_address() {
    for (index, raw) in all().iter().enumerate().take(7) {
        let found = read(raw).unwrap_or_else(|| panic!("sample {index}"));
        assert_eq!(index == 5, !found.message_ids.iter().any(|id| id == ID), "sample {index}");
        assert!(found.recipients.iter().all(|recipient| !recipient.line().contains('@')), "sample {index}");
        // The same with the other line ends.
        let other = if raw.contains('\r') { raw.replace("\r\n", "\n") } else { raw.replace('\n', "\r\n") };
        assert_eq!(read(&other), Some(found), "sample {index}");
    }
    assert_eq!(all().iter().skip(7).filter_map(|raw| read(raw)).count(), 0);
    // What calls itself another kind of report is none, whatever is in it.
    let other = samples::postfix(ID, TO, "failed", "5.1.1", "no").replace("=delivery-status", "=feedback-report");
    assert_eq!(read(&other), None);
    // Without the original, the answer's headers tell; the original comes first all the same.
    let answer = samples::exchange(ID, TO);
    assert_eq!(
        read(&answer.replace("Content-Type: message/rfc822", "Content-Type: text/plain")).unwrap().message_ids[0],
        ID
    );
    let exim = samples::exim(ID, TO, "550 no").replace(&format!("References: {ID}"), "References: <otra@x.co>");
    assert_eq!(read(&exim).unwrap().message_ids, [ID, "<otra@x.co>"]);
}

#[test]
fn bombs_cost_no_more_than_their_length() {
    let begun = Instant::now();
    let nested = "Content-Type: message/rfc822\n\n".repeat(60_000);
    let report = |inside: &str| format!("Content-Type: multipart/report; boundary=b\n\n--b\n{inside}");
    let multiparts = "Content-Type: multipart/mixed; boundary=b\n\n--b\n".repeat(40_000);
    let many_parts = report(&"--b\nContent-Type: message/delivery-status\n\nAction: failed\n".repeat(30_000));
    let many_groups =
        report(&format!("Content-Type: message/delivery-status\n\n{}", "Action: failed\n\n".repeat(100_000)));
    let many_fields =
        report(&format!("Content-Type: message/delivery-status\n\n{}", "Action: failed\n".repeat(100_000)));
    let folded = format!("Content-Type: multipart/report;\n{}", " boundary=\n".repeat(100_000));
    for raw in [nested.clone(), report(&nested), multiparts, folded] {
        assert_eq!(read(&raw), None);
    }
    for raw in [many_parts, many_groups, many_fields] {
        assert!(read(&raw).is_none_or(|found| found.recipients.len() <= 50));
    }
    assert_eq!(Notification::read(&vec![b'x'; 10 << 20], None), None);
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn random_bytes_are_no_notification(raw in proptest::collection::vec(any::<u8>(), 0..4000)) {
        prop_assert_eq!(Notification::read(&raw, None), None);
    }

    /// Bytes changed, lines lost, doubled and cut: whatever is left says nothing that was not there.
    #[test]
    fn mutilated_samples_never_panic_and_invent_nothing(
        pick in 0..9_usize,
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..4_u8), 0..40),
    ) {
        let mut raw = all()[pick].clone().into_bytes();
        for (place, byte, kind) in changes {
            if raw.is_empty() { break }
            let at = place.index(raw.len());
            match kind {
                0 => raw[at] = byte,
                1 => { raw.remove(at); }
                2 => raw.insert(at, byte),
                _ => raw.truncate(raw.len().max(at + 200) - 100),
            }
        }
        if let Some(found) = Notification::read(&raw, None) {
            prop_assert!(!found.recipients.is_empty() && found.recipients.len() <= 50);
            prop_assert!(found.message_ids.iter().all(|id| id.starts_with('<') && id.ends_with('>')));
            prop_assert!(found.recipients.iter().all(|one| one.diagnostic.chars().count() <= 300 && !one.diagnostic.contains('@')));
        }
    }
}
