//! `X-Forwarded-For`: whatever a client writes into it, its address is the one that the last trusted
//! proxy saw.

use std::net::IpAddr;

use http::{HeaderMap, HeaderValue};
use proptest::prelude::*;
use server::config::Network;
use server::web::sender;

fn trusted() -> Vec<Network> {
    ["10.0.0.0/8", "2001:db8:aaaa::/48"].map(|network| Network::parse(network).unwrap()).to_vec()
}

fn address(text: &str) -> IpAddr {
    text.parse().unwrap()
}

fn headers(lines: &[String]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for line in lines {
        if let Ok(value) = HeaderValue::from_str(line) {
            headers.append("x-forwarded-for", value);
        }
    }
    headers
}

/// What a hostile client may write: addresses, its own and trusted ones, ports, and anything.
fn line() -> impl Strategy<Value = String> {
    let hop = prop_oneof![
        any::<IpAddr>().prop_map(|address| address.to_string()),
        (0_u8..=255).prop_map(|last| format!("10.0.0.{last}")),
        "[ -~]{0,30}",
        "\\PC{0,10}",
        Just("unknown".to_owned()),
    ];
    prop::collection::vec(hop, 0..40).prop_map(|hops| hops.join(","))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn nobody_but_a_trusted_proxy_is_believed(peer: u32, lines in prop::collection::vec(line(), 0..3)) {
        let peer = IpAddr::from(peer.to_be_bytes());
        prop_assume!(!server::config::covers(&trusted(), peer));
        prop_assert_eq!(sender(peer, &headers(&lines), &trusted()), peer);
    }

    #[test]
    fn what_the_proxy_appended_counts_whatever_stood_before(
        forged in prop::collection::vec(line(), 0..3), client: u32, same_line: bool, port in prop::option::of(1_u16..),
    ) {
        let client = IpAddr::from(client.to_be_bytes());
        prop_assume!(!server::config::covers(&trusted(), client));
        let seen = port.map_or_else(|| client.to_string(), |port| format!("{client}:{port}"));
        let mut lines: Vec<String> = forged.into_iter().filter(|line| HeaderValue::from_str(line).is_ok()).collect();
        match lines.last_mut() {
            Some(last) if same_line => last.push_str(&format!(", {seen}")),
            _ => lines.push(seen),
        }
        // One proxy, and two of them in a row.
        prop_assert_eq!(sender(address("10.0.0.1"), &headers(&lines), &trusted()), client);
        lines.push("10.0.0.9".to_owned());
        prop_assert_eq!(sender(address("10.0.0.1"), &headers(&lines), &trusted()), client);
    }
}

#[test]
fn a_hop_that_cannot_be_read_ends_the_search_and_forwarded_is_no_source() {
    let proxy = address("10.0.0.1");
    let seen = |lines: &[&str]| {
        let lines: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
        sender(proxy, &headers(&lines), &trusted())
    };
    assert_eq!(seen(&["190.1.1.1, unknown"]), proxy);
    assert_eq!(seen(&["190.1.1.1, unknown, 10.0.0.7"]), address("10.0.0.7"));
    assert_eq!(seen(&["190.1.1.1", ""]), proxy);
    assert_eq!(seen(&["190.1.1.1, [2001:db8::7]:443"]), address("2001:db8::7"));
    assert_eq!(seen(&["190.1.1.1, 2001:db8:aaaa::1"]), address("190.1.1.1"));
    assert_eq!(seen(&["::ffff:190.1.1.1"]), address("190.1.1.1"));
    assert_eq!(seen(&["10.0.0.2, 10.0.0.3"]), address("10.0.0.2"));
    let long = vec!["10.0.0.2"; 100].join(",");
    assert_eq!(seen(&[&format!("190.1.1.1,{long}")]), address("10.0.0.2"), "only so many are looked at");
    let mut forwarded = HeaderMap::new();
    forwarded.insert("forwarded", "for=190.1.1.1".parse().unwrap());
    forwarded.insert("x-real-ip", "190.1.1.1".parse().unwrap());
    assert_eq!(sender(proxy, &forwarded, &trusted()), proxy);
}
