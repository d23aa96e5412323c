//! What this machine can do at all.

use std::sync::LazyLock;
use std::time::{Duration, Instant};

use contract::Timestamp;
use contract::campaign::Factor;
use domain::document_code::DocumentCode;
use server::clock::Clock;
use server::pdf::{Conditions, Letter, document, render};
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

/// Letters drawn on one processor.
pub fn letters() {
    repeat(|| {
        std::hint::black_box(render(&letter(Clock::default().now())).unwrap());
    });
}

/// Letters signed on one processor: the same letter again and again.
pub fn signatures() {
    let (dir, now) = (tempfile::tempdir().unwrap(), Clock::default().now());
    let path = dir.path().join("firma.p12");
    std::fs::write(&path, dev::make_p12("Cámara de Prueba", "secreta", now).unwrap()).unwrap();
    let signer = Signer::from_p12(&path, "secreta", now).unwrap();
    let drawn = document(&letter(now)).unwrap();
    let note = SignatureNote { name: "Cámara de Prueba", reason: "Clave preasignada", location: "Villa Ejemplo" };
    repeat(|| {
        std::hint::black_box(signer.sign_document(drawn.clone(), now, note).unwrap());
    });
}

fn repeat(mut work: impl FnMut()) {
    let (began, mut count) = (Instant::now(), 0);
    while began.elapsed() < SPAN {
        work();
        count += 1;
    }
    Measured::tell(count, began.elapsed().as_secs_f64());
}

static CONDITIONS: LazyLock<Conditions> =
    LazyLock::new(|| Conditions::load(None, Factor::Doble, "Cámara de Prueba", "(604) 000 00 00", "Calle 1").unwrap());

fn letter(date: Timestamp) -> Letter<'static> {
    Letter {
        chamber: "Cámara de Comercio de Prueba",
        city: "Villa Ejemplo",
        telephone: "(604) 000 00 00",
        address: "Calle 1 # 2-3",
        date,
        name: "ÑUÑEZ DÁVILA JOSÉ",
        identification: "70000001",
        email: "comerciante@correo.com.co",
        mobile: "3001234567",
        password: "Qw3rTyUp9k",
        factor: Factor::Doble,
        link: "https://claves.camara.org.co/activacion/55",
        valid_until: date.plus_seconds(15 * 86_400),
        conditions: &CONDITIONS,
        code: DocumentCode::generate(&mut rand::rng()),
        verify_at: "https://claves.camara.org.co/verificar",
        test: false,
    }
}
