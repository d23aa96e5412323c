//! Notifications of mails that came back: any bytes in the place of a part, a field or the whole.

use proptest::prelude::*;
use server::bounces::Notification;

fn field() -> impl Strategy<Value = String> {
    prop_oneof!["\\PC{0,80}", "[ -~]{0,80}", "<[!-~]{0,60}>", "[0-9.]{0,12}", "rfc822; ?[ -~]{0,40}"]
}

fn is_message_id(id: &str) -> bool {
    id.starts_with('<') && id.ends_with('>') && !id[1..id.len() - 1].contains(['<', '>', ' ', '\r', '\n'])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_bytes_are_none_or_a_notification(bytes in prop::collection::vec(any::<u8>(), 0..3_000)) {
        let _ = Notification::read(&bytes, None);
        let mut report = b"Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\n".to_vec();
        report.extend(&bytes);
        let _ = Notification::read(&report, None);
    }

    #[test]
    fn whatever_stands_in_its_fields_what_is_read_has_its_form(
        recipient in field(), action in field(), status in field(), id in field(), boundary in "[ -~]{1,30}", encoding in field(),
    ) {
        let raw = format!(
            "Content-Type: multipart/report; report-type=delivery-status; boundary=\"{boundary}\"\r\n\r\n--{boundary}\r\n\
             Content-Type: message/delivery-status\r\nContent-Transfer-Encoding: {encoding}\r\n\r\nReporting-MTA: dns; x\r\n\r\n\
             Final-Recipient: {recipient}\r\nAction: {action}\r\nStatus: {status}\r\n\r\n--{boundary}\r\n\
             Content-Type: message/rfc822\r\n\r\nMessage-ID: {id}\r\n\r\nx\r\n--{boundary}--\r\n"
        );
        let Some(read) = Notification::read(raw.as_bytes(), None) else { return Ok(()) };
        prop_assert!((1..=50).contains(&read.recipients.len()) && read.message_ids.len() <= 20);
        prop_assert!(read.message_ids.iter().all(|id| is_message_id(id)), "{:?}", read.message_ids);
        prop_assert_eq!(Notification::read(raw.as_bytes(), None), Some(read));
    }
}
