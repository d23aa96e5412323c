//! The chamber's PKCS#12: any bytes, and a real one with bits turned and ends cut. OpenSSL reads it; what
//! it cannot use becomes a fault with a remedy that gives nothing away.

use contract::Timestamp;
use proptest::prelude::*;
use server::signing::Signer;

use crate::support::tls::{p256, self_signed};

fn open(bytes: &[u8], password: &str) -> Result<(), String> {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), bytes).unwrap();
    let now: Timestamp = server::clock::Clock::default().now();
    Signer::from_p12(file.path(), password, now).map(|_| ()).map_err(|fault| format!("{fault} {}", fault.remedy()))
}

const PASSWORD: &str = "clave-que-nadie-debe-leer";

#[test]
fn whatever_the_file_holds_there_is_an_answer_and_it_names_no_password() {
    let good = self_signed(&p256(), "Cámara", PASSWORD);
    assert_eq!(open(&good, PASSWORD), Ok(()));
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(150));
    let broken = (any::<prop::sample::Index>(), any::<u8>(), any::<prop::sample::Index>(), any::<bool>());
    runner
        .run(&broken, |(at, byte, end, cut)| {
            let mut bytes = good.clone();
            let at = at.index(bytes.len());
            bytes[at] = byte;
            if cut {
                bytes.truncate(end.index(bytes.len()));
            }
            if let Err(words) = open(&bytes, PASSWORD) {
                prop_assert!(!words.contains(PASSWORD) && words.contains(' '));
            }
            Ok(())
        })
        .unwrap();
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(150));
    runner
        .run(&(prop::collection::vec(any::<u8>(), 0..600), "\\PC{0,40}"), |(bytes, password)| {
            prop_assert!(open(&bytes, &password).is_err());
            prop_assert!(password == PASSWORD || open(&good, &password).is_err());
            Ok(())
        })
        .unwrap();
}
