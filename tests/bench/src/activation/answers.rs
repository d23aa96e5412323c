//! Whether time tells what is wrong: six kinds of mismatch, each from a fresh network and about a
//! fresh identification, taken in turns so that whatever else the machine does meets all alike.

use std::collections::BTreeMap;
use std::time::Instant;

use super::merchant::{client, credentials, open, post_form};
use super::office::{Office, PASSWORD, fields};

/// The kinds, in the order in which they take turns.
const KINDS: [&str; 6] = ["identificación", "correo", "celular", "clave", "vencida", "ya activa"];

/// Merchants whose password is expired: those of the fifth kind.
pub fn is_expired(index: usize) -> bool {
    index < TRIALS_AT_MOST && index % KINDS.len() == 4
}

/// Merchants whose number is below this are here for the answers only.
pub const TRIALS_AT_MOST: usize = 6_000;

/// The median of each kind in milliseconds, over so many trials of each. Every sixth merchant must be
/// verified already.
pub async fn medians(office: &Office, each: usize) -> BTreeMap<&'static str, f64> {
    let client = client();
    let mut taken: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for index in 0..each * KINDS.len() {
        let kind = KINDS[index % KINDS.len()];
        let [id, email, mobile] = fields(index);
        let (unknown, other) = (format!("9{index:07}"), format!("31{index:08}"));
        let form = match kind {
            "identificación" => credentials(&unknown, &email, &mobile, PASSWORD),
            "correo" => credentials(&id, "otra.persona@correo.com.co", &mobile, PASSWORD),
            "celular" => credentials(&id, &email, &other, PASSWORD),
            "clave" => credentials(&id, &email, &mobile, "Wrong23456"),
            _ => credentials(&id, &email, &mobile, PASSWORD),
        };
        let network = format!("2001:db8:{:x}:{:x}::1", index / 65_536, index % 65_536);
        let cookie = open(&client, office).await;
        let began = Instant::now();
        let next = post_form(&client, office, &cookie, Some(&network), "aceptar", &form).await;
        taken.entry(kind).or_default().push(began.elapsed().as_secs_f64() * 1000.0);
        assert_eq!(next, "/activacion/55", "{kind}");
    }
    taken.into_iter().map(|(kind, times)| (kind, median(times))).collect()
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_unstable_by(f64::total_cmp);
    times[times.len() / 2]
}
