//! What this machine can do at all.

use std::time::{Duration, Instant};

use contract::Timestamp;
use contract::campaign::Factor;
use domain::document_code::DocumentCode;
use openssl::hash::MessageDigest;
use openssl::pkey::PKey;
use openssl::rsa::Rsa;
use openssl::sign::Signer as RawSigner;
use server::clock::Clock;
use server::pdf::{Brand, Conditions, Issuer, Kind, Letter, Stationery};
use server::secrets::hash_password;
use server::signing::{SignatureNote, Signer, dev};

use crate::children::Measured;

const SPAN: Duration = Duration::from_secs(4);

/// argon2id at the default cost on all processors, and nothing else.
pub fn argon2() {
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let began = Instant::now();
    let workers: Vec<_> = (0..threads)
        .map(|_| {
            std::thread::spawn(move || {
                let mut count = 0_u64;
                while began.elapsed() < SPAN {
                    std::hint::black_box(hash_password(b"Qw3rTyUp9k"));
                    count += 1;
                }
                count
            })
        })
        .collect();
    let count = workers.into_iter().map(|worker| worker.join().unwrap()).sum();
    Measured::tell(count, began.elapsed().as_secs_f64());
}

const NOTE: SignatureNote<'static> =
    SignatureNote { name: "Cámara de Prueba", reason: "Clave preasignada", location: "Villa Ejemplo" };

/// RSA-2048 signatures with SHA-256 over a kilobyte on one processor, and nothing else.
pub fn raw_signatures() {
    let key = PKey::from_rsa(Rsa::generate(2048).unwrap()).unwrap();
    let text = [7_u8; 1024];
    repeat(|| {
        let mut signer = RawSigner::new(MessageDigest::sha256(), &key).unwrap();
        std::hint::black_box(signer.sign_oneshot_to_vec(&text).unwrap());
    });
}

/// Letters drawn on one processor.
pub fn letters() {
    let stationery = stationery();
    repeat(|| {
        std::hint::black_box(stationery.render(&letter(Clock::default().now()), None).unwrap());
    });
}

/// Letters signed on one processor: the same letter again and again.
pub fn signatures() {
    let (stationery, signer) = (stationery(), signer());
    let now = Clock::default().now();
    let drawn = stationery.draft(&letter(now), NOTE, signer.room(false)).unwrap();
    repeat(|| {
        std::hint::black_box(signer.sign_draft(drawn.clone(), now).unwrap());
    });
}

/// Letters drawn and signed on one processor.
pub fn signed_letters() {
    let (stationery, signer) = (stationery(), signer());
    repeat(|| {
        let now = Clock::default().now();
        let drawn = stationery.draft(&letter(now), NOTE, signer.room(false)).unwrap();
        std::hint::black_box(signer.sign_draft(drawn, now).unwrap());
    });
}

fn signer() -> Signer {
    let (dir, now) = (tempfile::tempdir().unwrap(), Clock::default().now());
    let path = dir.path().join("firma.p12");
    std::fs::write(&path, dev::make_p12("Cámara de Prueba", "secreta", now).unwrap()).unwrap();
    Signer::from_p12(&path, "secreta", now).unwrap()
}

fn repeat(mut work: impl FnMut()) {
    let (began, mut count) = (Instant::now(), 0);
    while began.elapsed() < SPAN {
        work();
        count += 1;
    }
    Measured::tell(count, began.elapsed().as_secs_f64());
}

fn stationery() -> Stationery {
    let conditions = Conditions::load(None, Factor::Doble, "Cámara", "(604) 000 00 00", "Calle 1 # 2-3").unwrap();
    let issuer = Issuer {
        chamber: "Cámara de Comercio de Prueba",
        city: "Villa Ejemplo",
        telephone: "(604) 000 00 00",
        factor: Factor::Doble,
        link: "https://claves.camara.org.co/activacion/55",
        verify_at: "https://claves.camara.org.co/verificar",
        conditions: &conditions,
        brand: &Brand::default(),
    };
    Stationery::print(&issuer).unwrap()
}

fn letter(date: Timestamp) -> Letter<'static> {
    Letter {
        date,
        name: "ÑUÑEZ DÁVILA JOSÉ",
        identification: "70000001",
        email: "comerciante@correo.com.co",
        mobile: "3001234567",
        password: "Qw3rTyUp9k",
        valid_until: date.plus_seconds(15 * 86_400),
        code: DocumentCode::generate(&mut rand::rng()),
        kind: Kind::Real,
    }
}
