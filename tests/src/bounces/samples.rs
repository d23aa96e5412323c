//! Notifications as Postfix, Exchange, Gmail, Exim and Amazon SES write them; every address and name
//! in them is invented.

/// The mail that came back, as the notification shows it.
fn original(id: &str, to: &str) -> String {
    format!(
        "From: =?utf-8?b?Q8OhbWFyYQ==?= <registro@camara.org.co>\n\
         To: {to}\nSubject: Su clave segura\nMessage-ID: {id}\nAuto-Submitted: auto-generated\n\
         MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"dentro\"\n\n\
         --dentro\nContent-Type: text/plain\n\nAdjunto.\n--dentro--\n"
    )
}

/// Postfix: LF, tabs in folded fields, the original whole.
pub fn postfix(id: &str, to: &str, action: &str, status: &str, words: &str) -> String {
    format!(
        "Return-Path: <>\nDelivered-To: registro@camara.org.co\n\
         Received: by mx.camara.org.co (Postfix)\n\tid 4C1E2F00; Mon, 23 Nov 2026 10:00:00 -0500 (-05)\n\
         From: MAILER-DAEMON@mx.camara.org.co (Mail Delivery System)\n\
         Subject: Undelivered Mail Returned to Sender\nTo: registro@camara.org.co\nAuto-Submitted: auto-replied\n\
         MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status;\n\
         \tboundary=\"4C1E2F00.1795449332/mx.camara.org.co\"\nContent-Transfer-Encoding: 8bit\n\
         Message-Id: <20261123150000.4C1E2F00@mx.camara.org.co>\n\nThis is a MIME-encapsulated message.\n\n\
         --4C1E2F00.1795449332/mx.camara.org.co\nContent-Description: Notification\n\
         Content-Type: text/plain; charset=utf-8\n\nThis is the mail system at host mx.camara.org.co.\n\n\
         <{to}>: {words}\n\n\
         --4C1E2F00.1795449332/mx.camara.org.co\nContent-Description: Delivery report\n\
         Content-Type: message/delivery-status\n\n\
         Reporting-MTA: dns; mx.camara.org.co\nX-Postfix-Queue-ID: 4C1E2F00\n\
         X-Postfix-Sender: rfc822; registro@camara.org.co\nArrival-Date: Mon, 23 Nov 2026 09:59:58 -0500 (-05)\n\n\
         Final-Recipient: rfc822; {to}\nOriginal-Recipient: rfc822;{to}\nAction: {action}\nStatus: {status}\n\
         Remote-MTA: dns; mail.correo.com.co\nDiagnostic-Code: smtp; 550 {status} <{to}>: {words}\n\
         \x20   (in reply to RCPT TO command)\n\n\
         --4C1E2F00.1795449332/mx.camara.org.co\nContent-Description: Undelivered Message\n\
         Content-Type: message/rfc822\nContent-Transfer-Encoding: 8bit\n\nReturn-Path: <registro@camara.org.co>\n{}\n\
         --4C1E2F00.1795449332/mx.camara.org.co--\n",
        original(id, to)
    )
}

/// Postfix when it is still trying: only the original's headers.
pub fn postfix_delayed(id: &str, to: &str) -> String {
    postfix(id, to, "delayed", "4.4.1", "connect to mail.correo.com.co: Connection timed out")
        .replace("Content-Type: message/rfc822", "Content-Type: text/rfc822-headers")
}

/// Exchange Online: CRLF, text twice in base64, its own words, an answer's headers.
pub fn exchange(id: &str, to: &str) -> String {
    let lines = format!(
        "From: Microsoft Outlook <postmaster@correo.com.co>\nTo: <registro@camara.org.co>\n\
         Date: Mon, 23 Nov 2026 15:00:00 +0000\nContent-Type: MULTIPART/Report; Report-Type=\"delivery-status\";\n\
         \tboundary=\"_8f1a-9b; with semicolon_\"\nContent-Language: es-CO\nMIME-Version: 1.0\nX-MS-Exchange-Message-Is-Ndr:\n\
         Message-ID: <f00d-1@correo.com.co>\nIn-Reply-To: {id}\nReferences: {id}\n\
         Subject: No se puede entregar: Su clave segura\nAuto-Submitted: auto-replied\n\n\
         --_8f1a-9b; with semicolon_\nContent-Type: multipart/alternative; differences=Content-Type;\n\
         \tboundary=\"_interior_\"\n\n--_interior_\nContent-Type: text/plain; charset=\"utf-8\"\n\
         Content-Transfer-Encoding: base64\n\nTm8gc2UgcHVlZGUgZW50cmVnYXI=\n\n--_interior_--\n\n\
         --_8f1a-9b; with semicolon_\nContent-Type: message/delivery-status\n\n\
         Reporting-MTA: dns;BN0PR00MB0001.namprd00.prod.outlook.com\nReceived-From-MTA: dns;mx.camara.org.co\n\
         Arrival-Date: Mon, 23 Nov 2026 14:59:59 +0000\n\n\
         Final-Recipient: rfc822;{to}\nAction: failed\nStatus: 5.1.10\n\
         Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient {to} not found by\n\
         \tSMTP address lookup\n\n\
         --_8f1a-9b; with semicolon_\nContent-Type: message/rfc822\n\n{}\n--_8f1a-9b; with semicolon_--\n",
        original(id, to)
    );
    lines.replace('\n', "\r\n")
}

/// Gmail: names the Message-ID among the status' own fields; the original is cut away.
pub fn gmail_over_quota(id: &str, to: &str) -> String {
    format!(
        "Delivered-To: registro@camara.org.co\nFrom: Mail Delivery Subsystem <mailer-daemon@googlemail.com>\n\
         To: registro@camara.org.co\nAuto-Submitted: auto-replied\nSubject: Delivery Status Notification (Failure)\n\
         X-Failed-Recipients: {to}\nMIME-Version: 1.0\nContent-Type: multipart/report; boundary=\"0000000000f00d\"; \
         report-type=delivery-status\n\n--0000000000f00d\nContent-Type: text/plain; charset=\"UTF-8\"\n\n\
         ** Mensaje no entregado **\n\n--0000000000f00d\nContent-Type: message/delivery-status\n\n\
         Reporting-MTA: dns; googlemail.com\nArrival-Date: Mon, 23 Nov 2026 07:00:00 -0800 (PST)\n\
         X-Original-Message-ID: {id}\n\n\
         Final-Recipient: rfc822; {to}\nAction: failed\nStatus: 5.2.2\n\
         Diagnostic-Code: smtp; 552-5.2.2 The email account that you tried to reach is over quota and\n\
         \x20inactive. https://support.example.com/\nLast-Attempt-Date: Mon, 23 Nov 2026 07:00:01 -0800 (PST)\n\n\
         --0000000000f00d--\n"
    )
}

/// Exim: fields in another order, `5.0.0` whatever the cause, only headers, their kind in odd case.
pub fn exim(id: &str, to: &str, words: &str) -> String {
    format!(
        "X-Failed-Recipients: {to}\nAuto-Submitted: auto-replied\nFrom: Mail Delivery System <Mailer-Daemon@otra.com.co>\n\
         To: registro@camara.org.co\nReferences: {id}\nContent-Type: multipart/report; report-type=delivery-status; \
         boundary=1795449332-eximdsn-42\nMIME-Version: 1.0\nSubject: Mail delivery failed: returning message to sender\n\n\
         --1795449332-eximdsn-42\nContent-type: text/plain; charset=us-ascii\n\nA message that you sent could not be \
         delivered.\n\n--1795449332-eximdsn-42\nContent-type: Message/Delivery-Status\n\n\
         Reporting-MTA: dns; otra.com.co\n\nACTION: FAILED\nFINAL-RECIPIENT: rfc822;{to}\nSTATUS: 5.0.0\n\
         Remote-MTA: dns; mail.correo.com.co\ndiagnostic-code: smtp; {words}\n\n\
         --1795449332-eximdsn-42\nContent-type: text/rfc822-headers\n\nMessage-Id:\n {id}\nTo: {to}\n\n\
         --1795449332-eximdsn-42--\n"
    )
}

/// Amazon SES gives the mail a Message-ID of its own: only the address that it came back to tells.
pub fn ses(bounced_to: &str, to: &str) -> String {
    format!(
        "From: MAILER-DAEMON@amazonses.com\nTo: {bounced_to}\nMessage-ID: <0100f00d-000000@email.amazonses.com>\n\
         Subject: Delivery Status Notification (Failure)\nMIME-Version: 1.0\nContent-Type: multipart/report; \n\
         \tboundary=\"----=_Part_1_2.3\"; report-type=delivery-status\n\n------=_Part_1_2.3\n\
         Content-Type: text/plain; charset=us-ascii\nContent-Transfer-Encoding: 7bit\n\n\
         An error occurred while trying to deliver the mail to the following recipients:\n{to}\n\
         ------=_Part_1_2.3\nContent-Type: message/delivery-status\nContent-Transfer-Encoding: quoted-printable\n\n\
         Reporting-MTA: dns; a1-2.smtp-out.amazonses.com\n\nAction: failed\nFinal-Recipient: rfc822; {to}\n\
         Diagnostic-Code: smtp; 550 5.1.1 user un=\nknown\nStatus: 5=2E1.1\n\n\
         ------=_Part_1_2.3\nContent-Type: message/rfc822\n\n{}------=_Part_1_2.3--\n",
        original("<0100f00d-111111@email.amazonses.com>", to)
    )
}

/// The recipient's server passed the mail on to two: one has it, the other does not.
pub fn two_recipients(id: &str, first: (&str, &str), second: (&str, &str)) -> String {
    let one = postfix(id, "grupo@correo.com.co", first.0, first.1, "no");
    let more = format!("\n\nFinal-Recipient: rfc822; otro@correo.com.co\nAction: {}\nStatus: {}\n", second.0, second.1);
    one.replacen("    (in reply to RCPT TO command)", &format!("    (in reply to RCPT TO command){more}"), 1)
}

/// A vacation robot's answer, with our Message-ID in it.
pub fn vacation(id: &str) -> String {
    format!(
        "From: ana@correo.com.co\nTo: registro@camara.org.co\nIn-Reply-To: {id}\nAuto-Submitted: auto-replied\n\
         Subject: Fuera de la oficina\nContent-Type: text/plain\n\nAction: failed\nStatus: 5.1.1\n"
    )
}

/// A receipt (MDN, RFC 8098): it says that the mail was seen.
pub fn receipt(id: &str) -> String {
    format!(
        "From: ana@correo.com.co\nTo: registro@camara.org.co\nMIME-Version: 1.0\n\
         Content-Type: multipart/report; report-type=disposition-notification; boundary=r\n\n--r\n\
         Content-Type: text/plain\n\nLeido.\n--r\nContent-Type: message/disposition-notification\n\n\
         Final-Recipient: rfc822; ana@correo.com.co\nOriginal-Message-ID: {id}\n\
         Disposition: manual-action/MDN-sent-manually; displayed\n--r--\n"
    )
}
