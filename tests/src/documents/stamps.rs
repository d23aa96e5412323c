//! Time-stamps by an authority that `openssl ts` plays, and by ones that fail in every way.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use contract::ChamberCode;
use server::clock::Clock;
use server::config::TsaSettings;
use server::signing::{Tsa, TsaFault};
use tokio::net::TcpListener;

use super::batch::{certificate, judged};
use super::*;

/// How the authority answers.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Manner {
    Stamps,
    Refuses,
    /// Gives the answer to somebody else's request.
    Confuses,
    /// An honest answer with one byte of the token changed.
    Garbles,
    Fails,
    Babbles,
    Sleeps,
}

/// An authority with a certificate of its own in this folder.
struct Authority {
    dir: PathBuf,
    manner: Manner,
    asked: AtomicUsize,
}

const CONFIG: &str = "[tsa]\ndefault_tsa = policy\n[policy]\nserial = serial\ncrypto_device = builtin\nsigner_cert = tsa.pem\n\
    certs = tsa.pem\nsigner_key = tsa.key\nsigner_digest = sha256\ndefault_policy = 1.2.3.4.1\ndigests = sha256\naccuracy = secs:1\n\
    ordering = yes\ntsa_name = no\ness_cert_id_chain = no\ness_cert_id_alg = sha256\n";

impl Authority {
    fn openssl(&self, arguments: &[&str]) {
        let done = Command::new("openssl").args(arguments).current_dir(&self.dir).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    }

    async fn open(dir: &Path, manner: Manner) -> (Arc<Self>, Tsa) {
        let authority = Arc::new(Self { dir: dir.to_path_buf(), manner, asked: AtomicUsize::new(0) });
        if !dir.join("tsa.pem").exists() {
            std::fs::write(dir.join("tsa.cnf"), CONFIG).unwrap();
            std::fs::write(dir.join("serial"), "01\n").unwrap();
            authority.openssl(&[
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-keyout",
                "tsa.key",
                "-out",
                "tsa.pem",
                "-days",
                "30",
                "-subj",
                "/CN=Autoridad de prueba",
                "-addext",
                "extendedKeyUsage=critical,timeStamping",
                "-addext",
                "keyUsage=critical,digitalSignature",
            ]);
        }
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/tsr", listener.local_addr().unwrap());
        let router = Router::new().route("/tsr", post(answer)).with_state(authority.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        (authority, Tsa::new(&TsaSettings { url, account: None }).unwrap())
    }
}

async fn answer(State(authority): State<Arc<Authority>>, headers: HeaderMap, query: Bytes) -> Response {
    assert_eq!(headers["content-type"], "application/timestamp-query");
    let number = authority.asked.fetch_add(1, Ordering::Relaxed);
    let reply = |query: &[u8]| {
        let (asked, answered) = (format!("{number}.tsq"), format!("{number}.tsr"));
        std::fs::write(authority.dir.join(&asked), query).unwrap();
        authority.openssl(&["ts", "-reply", "-config", "tsa.cnf", "-queryfile", &asked, "-out", &answered]);
        std::fs::read(authority.dir.join(answered)).unwrap()
    };
    match authority.manner {
        Manner::Stamps => reply(&query).into_response(),
        // PKIStatusInfo with status 2 (rejection) and no token.
        Manner::Refuses => vec![0x30, 5, 0x30, 3, 2, 1, 2].into_response(),
        Manner::Confuses => {
            let mut other = query.to_vec();
            let nonce = other.len() - 8;
            other[nonce] ^= 1;
            reply(&other).into_response()
        }
        Manner::Garbles => {
            let mut garbled = reply(&query);
            let last = garbled.len() - 1;
            garbled[last] ^= 1;
            garbled.into_response()
        }
        Manner::Fails => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        Manner::Babbles => "<html>Bienvenido</html>".into_response(),
        Manner::Sleeps => std::future::pending().await,
    }
}

fn camara() -> ChamberCode {
    ChamberCode::parse("55").unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stamped_document_is_valid_with_its_time_stamp_for_pyhanko_and_pdfsig() {
    let dir = tempfile::tempdir().unwrap();
    let (authority, tsa) = Authority::open(dir.path(), Manner::Stamps).await;
    let now = Clock::default().now();
    let p12 = make_p12(CHAMBER, "secreta", now).unwrap();
    std::fs::write(dir.path().join("firma.p12"), &p12).unwrap();
    let signer = Signer::from_p12(&dir.path().join("firma.p12"), "secreta", now).unwrap();
    let mut files = Vec::new();
    for (index, factor) in [Factor::Doble, Factor::SoloClave].into_iter().enumerate() {
        let letter = Letter { date: now, ..letter("ÑUÑEZ D'ÁVILA") };
        let draft = stationery(factor).draft(&letter, NOTE, signer.room(true)).unwrap();
        let begun = signer.begin(draft, now).unwrap();
        let token = tsa.stamp(camara(), &begun.imprint(), now).await.unwrap();
        let path = dir.path().join(format!("{index}.pdf"));
        std::fs::write(&path, signer.finish(begun, Some(&token)).unwrap()).unwrap();
        assert_signature_covers_everything(&path);
        // The room for any authority's token takes 16 kB more.
        let size = std::fs::metadata(&path).unwrap().len();
        assert!(size < 72_000, "{size} bytes");
        files.push(path);
    }
    assert_eq!(authority.asked.load(Ordering::Relaxed), 2);
    let trusted = [certificate(&p12, "secreta"), std::fs::read(dir.path().join("tsa.pem")).unwrap()];
    assert_eq!(judged(&trusted, true, &files), ["VALID", "VALID"]);
    assert!(judged(&trusted, false, &files[..1])[0].contains("time-stamp"), "the judge sees the stamp");
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_an_authority_does_wrong_has_a_name_and_it_is_left_alone_for_a_while() {
    let dir = tempfile::tempdir().unwrap();
    let clock = Clock::default();
    for (manner, fault) in [
        (Manner::Refuses, TsaFault::Refused),
        (Manner::Confuses, TsaFault::Foreign),
        (Manner::Garbles, TsaFault::Malformed),
        (Manner::Fails, TsaFault::Status(503)),
        (Manner::Babbles, TsaFault::Malformed),
        (Manner::Sleeps, TsaFault::TimedOut),
    ] {
        let (authority, tsa) = Authority::open(dir.path(), manner).await;
        let stamp = || tsa.stamp(camara(), &[7; 32], clock.now());
        assert_eq!(stamp().await.unwrap_err(), fault);
        assert_eq!(stamp().await.unwrap_err(), TsaFault::Rests);
        assert_eq!(authority.asked.load(Ordering::Relaxed), 1, "it was asked while it rests");
        clock.advance_seconds(61);
        if manner != Manner::Sleeps {
            assert_eq!(stamp().await.unwrap_err(), fault);
        }
    }
    let nobody = TsaSettings { url: "http://127.0.0.1:9/tsr".into(), account: None };
    let unreachable = Tsa::new(&nobody).unwrap().stamp(camara(), &[7; 32], clock.now()).await;
    assert_eq!(unreachable.unwrap_err(), TsaFault::Unreachable);
}
