//! A DNS server of a few records, over UDP, and what is concluded from it.

use std::net::SocketAddr;

use contract::diagnosis::DnsHint as H;
use server::mail::dns::MailDns;
use tokio::net::UdpSocket;

const TXT: u16 = 16;
const MX: u16 = 15;

/// Answers from these records (name, TXT or the name of an MX); everything else has no record.
pub async fn dns(records: &'static [(&'static str, u16, &'static str)]) -> SocketAddr {
    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let address = socket.local_addr().unwrap();
    tokio::spawn(async move {
        let mut buffer = [0_u8; 1500];
        loop {
            let Ok((length, from)) = socket.recv_from(&mut buffer).await else { return };
            let _ = socket.send_to(&answer(&buffer[..length], records), from).await;
        }
    });
    address
}

/// RFC 1035: the question back, and after it what is known.
fn answer(query: &[u8], records: &[(&str, u16, &str)]) -> Vec<u8> {
    let (mut name, mut at) = (Vec::new(), 12);
    while query[at] != 0 {
        let length = usize::from(query[at]);
        name.push(String::from_utf8_lossy(&query[at + 1..=at + length]).to_lowercase());
        at += length + 1;
    }
    let name = name.join(".");
    let kind = u16::from_be_bytes([query[at + 1], query[at + 2]]);
    let found: Vec<_> = records.iter().filter(|(owner, of, _)| *owner == name && *of == kind).collect();
    let mut reply = query[..2].to_vec();
    reply.extend([0x84, 0x00, 0, 1, 0, found.len() as u8, 0, 0, 0, 0]);
    reply.extend(&query[12..at + 5]);
    for (_, kind, text) in found {
        let mut data = Vec::new();
        if *kind == MX {
            data.extend([0, 10]);
            for label in text.split('.').filter(|label| !label.is_empty()) {
                data.push(label.len() as u8);
                data.extend(label.as_bytes());
            }
            data.push(0);
        } else {
            data.push(text.len() as u8);
            data.extend(text.as_bytes());
        }
        reply.extend([0xc0, 12]);
        reply.extend(kind.to_be_bytes());
        reply.extend([0, 1, 0, 0, 0, 60, 0, data.len() as u8]);
        reply.extend(data);
    }
    reply
}

async fn hints(records: &'static [(&'static str, u16, &'static str)]) -> Vec<H> {
    MailDns::At(dns(records).await).hints("registro.camara.org.co").await
}

#[tokio::test]
async fn a_domain_in_order_has_spf_dkim_and_the_policy_of_its_organization() {
    let found = hints(&[
        ("registro.camara.org.co", TXT, "google-site-verification=x"),
        ("registro.camara.org.co", TXT, "v=spf1 include:_spf.google.com -all"),
        ("registro.camara.org.co", MX, "mail.camara.org.co"),
        ("selector2._domainkey.registro.camara.org.co", TXT, "v=DKIM1; k=rsa; p=MIIB"),
        ("_dmarc.camara.org.co", TXT, "v=DMARC1; p=none"),
    ]);
    assert_eq!(found.await, [H::SpfFound, H::DkimFound, H::DmarcFound]);
}

#[tokio::test]
async fn what_is_missing_double_or_revoked_is_told() {
    assert_eq!(hints(&[]).await, [H::SpfMissing, H::DkimUnknown, H::DmarcMissing, H::MxMissing]);
    let found = hints(&[
        ("registro.camara.org.co", TXT, "v=spf1 -all"),
        ("registro.camara.org.co", TXT, "V=SPF1 a mx -all"),
        ("registro.camara.org.co", TXT, "v=spf10 no"),
        ("registro.camara.org.co", MX, "."),
        ("default._domainkey.registro.camara.org.co", TXT, "v=DKIM1; p="),
        ("_dmarc.registro.camara.org.co", TXT, "v=DMARC1; p=reject"),
    ]);
    assert_eq!(found.await, [H::SpfTwice, H::DkimUnknown, H::DmarcFound, H::MxMissing]);
}

#[tokio::test]
async fn a_mute_dns_is_told_within_its_bound() {
    let mute = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let begun = std::time::Instant::now();
    let found = MailDns::At(mute.local_addr().unwrap()).hints("camara.org.co").await;
    assert_eq!(found, [H::NoAnswer]);
    assert!(begun.elapsed().as_secs() < 5);
}
