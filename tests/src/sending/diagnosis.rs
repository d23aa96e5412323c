//! «Probar conexión» against every kind of server, over real sockets.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use contract::ServiceError;
use contract::diagnosis::{Diagnosis, DiagnosisService, DnsHint, Step, StepFault};
use contract::staff::Role;
use server::mail::catcher::{Behaviour, Phase, Refusal};
use server::mail::dns::MailDns;
use server::services::actor::Actor;
use server::services::diagnosis::DiagnosisDesk;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

use super::dns::dns;
use super::world::World;
use crate::support::{camara, tls};

const ACCOUNT: &str = "cuenta-secreta";
const PASSWORD: &str = "clave muy secreta";

const WITH_ACCOUNT: [(&str, &str); 3] = [
    ("MASIVOS_SMTP_AUTHENTICATION", "SI"),
    ("MASIVOS_SMTP_CUENTA_ADMIN", ACCOUNT),
    ("MASIVOS_SMTP_PASSWORD_ADMIN", PASSWORD),
];

const WELL: &[(&str, u16, &str)] = &[("camara.org.co", 16, "v=spf1 -all"), ("camara.org.co", 15, "mail.camara.org.co")];

async fn desk(world: &World) -> DiagnosisDesk {
    DiagnosisDesk {
        db: world.test_db.db.clone(),
        clock: world.clock.clone(),
        actor: Actor::command_line(camara()),
        chamber: Arc::new(world.chamber.clone()),
        dns: MailDns::At(dns(WELL).await),
        step_limit: Duration::from_secs(2),
    }
}

async fn tried(world: &World) -> Diagnosis {
    let diagnosis = desk(world).await.try_connection().await.unwrap();
    let shown = format!("{diagnosis:?}");
    for secret in [ACCOUNT, "clave", "registro@", "Y3VlbnRh"] {
        assert!(!shown.to_lowercase().contains(&secret.to_lowercase()), "{secret}: {shown}");
    }
    assert_eq!(world.store.count(), 0, "a trial sends nothing");
    diagnosis
}

/// The step that failed and why.
async fn fault(world: &World) -> (Step, StepFault) {
    let diagnosis = tried(world).await;
    let (last, before) = diagnosis.pasos.split_last().unwrap();
    assert!(before.iter().all(|step| step.falla.is_none()), "{diagnosis:?}");
    assert!(!diagnosis.is_well());
    (last.paso, last.falla.unwrap_or_else(|| panic!("went well: {diagnosis:?}")))
}

fn account() -> Option<(String, String)> {
    Some((ACCOUNT.to_owned(), PASSWORD.to_owned()))
}

fn acceptor(p12: &[u8]) -> native_tls::TlsAcceptor {
    native_tls::TlsAcceptor::new(native_tls::Identity::from_pkcs12(p12, "x").unwrap()).unwrap()
}

/// A server behind this encryption with a certificate for `names`, good for so many days more.
async fn behind(encryption: &str, names: &[&str], days: i64, trusted: bool) -> World {
    let (p12, pem) = tls::server_until(names, days);
    let behaviour = Behaviour {
        account: account(),
        starttls: (encryption == "tls").then(|| acceptor(&p12)),
        implicit_tls: (encryption == "ssl").then(|| acceptor(&p12)),
        ..Behaviour::default()
    };
    let mut variables = vec![("MASIVOS_SMTP_ENCRIPTION", encryption)];
    variables.extend(WITH_ACCOUNT);
    let mut world = World::with(behaviour, &variables).await;
    if trusted {
        let path = world.dir.path().join("ca.pem");
        std::fs::write(&path, pem).unwrap();
        world.smtp().extra_ca = Some(path);
    }
    world
}

async fn refusing(phase: Phase, reply: &str, variables: &[(&str, &str)]) -> World {
    let refusal = Refusal { phase, reply: reply.to_owned(), recipient: None, times: None };
    let account = variables.iter().any(|(name, _)| name.ends_with("CUENTA_ADMIN")).then(account).flatten();
    World::with(Behaviour { refusals: vec![refusal], account, ..Behaviour::default() }, variables).await
}

/// A server of our own making: says this to whoever comes, then answers the lines one by one; silent
/// when it has no more to say. Keeps what it heard.
async fn scripted(
    world: &mut World,
    greeting: &'static str,
    replies: &'static [&'static str],
) -> Arc<Mutex<Vec<String>>> {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    world.smtp().port = listener.local_addr().unwrap().port();
    let heard = Arc::new(Mutex::new(Vec::new()));
    let ears = Arc::clone(&heard);
    tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let mut io = BufReader::new(stream);
        io.write_all(greeting.as_bytes()).await.unwrap();
        let mut replies = replies.iter();
        let mut line = String::new();
        while io.read_line(&mut line).await.unwrap_or(0) > 0 {
            ears.lock().unwrap().push(line.trim_end().to_owned());
            line.clear();
            let Some(reply) = replies.next() else { break };
            io.write_all(reply.as_bytes()).await.unwrap();
        }
        let _ = io.read_to_end(&mut Vec::new()).await;
    });
    heard
}

#[tokio::test]
async fn a_server_in_order_passes_every_step_with_each_kind_of_encryption() {
    use Step::{Autenticacion, Cifrado, Conexion, Nombre, Remitente};
    for encryption in ["tls", "ssl"] {
        let world = behind(encryption, &["localhost"], 60, true).await;
        let diagnosis = tried(&world).await;
        assert!(diagnosis.is_well(), "{encryption}: {diagnosis:?}");
        let steps: Vec<Step> = diagnosis.pasos.iter().map(|step| step.paso).collect();
        assert_eq!(steps, [Nombre, Conexion, Cifrado, Autenticacion, Remitente]);
        assert_eq!(diagnosis.servidor, format!("localhost:{}", world.chamber.smtp.as_ref().unwrap().port));
        assert!(diagnosis.pasos[0].detalle.contains("127.0.0.1"), "{diagnosis:?}");
        assert_eq!(diagnosis.pasos[1].detalle, "220 buzon.local ESMTP");
        let until = world.clock.now().plus_seconds(60 * 86_400).date();
        assert_eq!(diagnosis.pasos[2].detalle, format!("certificado de localhost, vence el {until}"));
        assert_eq!((diagnosis.dominio.as_str(), world.audited("conexion_probada").await), ("camara.org.co", 1));
        assert_eq!(diagnosis.dns, [DnsHint::SpfFound, DnsHint::DkimUnknown, DnsHint::DmarcMissing]);
    }
    let steps: Vec<Step> = tried(&World::new().await).await.pasos.iter().map(|step| step.paso).collect();
    assert_eq!(steps, [Nombre, Conexion, Remitente]);
}

#[tokio::test]
async fn a_trial_says_nothing_that_could_send() {
    let mut world = World::with(Behaviour::default(), &WITH_ACCOUNT).await;
    let replies = &[
        "250-x\r\n250 AUTH LOGIN\r\n",
        "334 VXNlcm5hbWU6\r\n",
        "334 UGFzc3dvcmQ6\r\n",
        "235 welcome Cuenta-Secreta\r\n",
        "250 registro@camara.org.co fine\r\n",
        "250 ok\r\n",
        "221 bye\r\n",
    ];
    let heard = scripted(&mut world, "220 x ESMTP\r\n", replies).await;
    let diagnosis = tried(&world).await;
    assert!(diagnosis.is_well(), "{diagnosis:?}");
    assert_eq!(diagnosis.pasos[2].detalle, "235 welcome ‹›");
    let verbs: Vec<String> = heard.lock().unwrap().iter().map(|line| line.chars().take(9).collect()).collect();
    assert!(verbs[0].starts_with("EHLO "));
    assert_eq!([verbs[1].as_str(), &verbs[4], &verbs[5], &verbs[6]], ["AUTH LOGI", "MAIL FROM", "RSET", "QUIT"]);
    assert_eq!(verbs.len(), 7);
}

#[tokio::test]
async fn name_and_port_are_told_apart() {
    let name = "x".repeat(70);
    let world = World::with(Behaviour::default(), &[("MASIVOS_SMTP_SERVER", name.as_str())]).await;
    assert_eq!(fault(&world).await, (Step::Nombre, StepFault::UnknownName));

    let mut world = World::new().await;
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    world.smtp().port = free;
    assert_eq!(fault(&world).await, (Step::Conexion, StepFault::Refused));
}

#[tokio::test]
async fn what_is_no_mail_server_is_recognised() {
    let mut world = World::new().await;
    scripted(&mut world, "+OK POP3 ready\r\n", &[]).await;
    assert_eq!(fault(&world).await, (Step::Conexion, StepFault::NotSmtp));

    let mut silent = World::new().await;
    scripted(&mut silent, "", &[]).await;
    assert_eq!(fault(&silent).await, (Step::Conexion, StepFault::NotSmtp));

    // Port 465 configured as 587 and as 25.
    for encryption in ["tls", ""] {
        let mut world = behind("ssl", &["localhost"], 60, true).await;
        let port = world.smtp().port;
        let mut other = World::with(Behaviour::default(), &[("MASIVOS_SMTP_ENCRIPTION", encryption)]).await;
        other.smtp().port = port;
        let diagnosis = tried(&other).await;
        let last = diagnosis.pasos.last().unwrap();
        assert_eq!((last.paso, last.falla), (Step::Conexion, Some(StepFault::NotSmtp)));
        assert!(last.detalle.contains("TLS desde el primer byte"), "{diagnosis:?}");
    }
}

#[tokio::test]
async fn a_server_that_falls_silent_or_hangs_up_is_not_waited_for() {
    let mut world = World::new().await;
    scripted(&mut world, "220 x\r\n", &[]).await;
    assert_eq!(fault(&world).await, (Step::Conexion, StepFault::TimedOut));

    let mut world = World::new().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    world.smtp().port = listener.local_addr().unwrap().port();
    tokio::spawn(async move { drop(listener.accept().await) });
    assert_eq!(fault(&world).await, (Step::Conexion, StepFault::Broken));
}

#[tokio::test]
async fn a_greeting_may_refuse_or_ask_to_wait() {
    let world = refusing(Phase::Greeting, "554 5.7.1 your address is listed", &[]).await;
    assert_eq!(fault(&world).await, (Step::Conexion, StepFault::GreetingRefused));
    let world = refusing(Phase::Greeting, "421 4.3.2 too many connections", &[]).await;
    assert_eq!(fault(&world).await, (Step::Conexion, StepFault::Throttled));
}

#[tokio::test]
async fn each_kind_of_encryption_trouble_has_its_own_fault() {
    let world = World::with(Behaviour::default(), &[("MASIVOS_SMTP_ENCRIPTION", "tls")]).await;
    assert_eq!(fault(&world).await, (Step::Cifrado, StepFault::NoStartTls));
    let world = World::with(Behaviour::default(), &[("MASIVOS_SMTP_ENCRIPTION", "ssl")]).await;
    assert_eq!(fault(&world).await, (Step::Cifrado, StepFault::Handshake));

    for encryption in ["tls", "ssl"] {
        let troubles = [
            (["localhost"], 60, false, "self-signed certificate"),
            (["otro.servidor.co"], 60, true, "hostname mismatch"),
            (["localhost"], -2, true, "certificate has expired"),
        ];
        for (names, days, trusted, verdict) in troubles {
            let world = behind(encryption, &names, days, trusted).await;
            let diagnosis = tried(&world).await;
            let last = diagnosis.pasos.last().unwrap();
            assert_eq!((last.paso, last.falla), (Step::Cifrado, Some(StepFault::Certificate)), "{diagnosis:?}");
            assert!(last.detalle.contains(verdict), "{verdict}: {}", last.detalle);
            assert!(last.detalle.contains(&format!("certificado de {}", names[0])), "{}", last.detalle);
        }
    }
}

#[tokio::test]
async fn account_trouble_is_told_apart() {
    let mut wrong = WITH_ACCOUNT;
    wrong[2].1 = "clave equivocada";
    let world = World::with(Behaviour { account: account(), ..Behaviour::default() }, &wrong).await;
    assert_eq!(fault(&world).await, (Step::Autenticacion, StepFault::WrongAccount));
    let world = World::with(Behaviour::default(), &WITH_ACCOUNT).await;
    assert_eq!(fault(&world).await, (Step::Autenticacion, StepFault::NoMechanism));
    let world = refusing(Phase::Auth, "454 4.7.0 temporary failure", &WITH_ACCOUNT).await;
    assert_eq!(fault(&world).await, (Step::Autenticacion, StepFault::Throttled));
    let world = World::with(Behaviour { account: account(), ..Behaviour::default() }, &[]).await;
    assert_eq!(fault(&world).await, (Step::Remitente, StepFault::AuthenticationRequired));
}

#[tokio::test]
async fn the_sender_may_be_refused_or_put_off() {
    let world = refusing(Phase::MailFrom, "550 5.7.1 registro@camara.org.co is not yours", &[]).await;
    assert_eq!(fault(&world).await, (Step::Remitente, StepFault::SenderRefused));
    let world = refusing(Phase::MailFrom, "451 4.7.1 later", &[]).await;
    assert_eq!(fault(&world).await, (Step::Remitente, StepFault::Throttled));
}

#[tokio::test]
async fn one_trial_at_a_time_and_not_again_at_once() {
    let mut world = World::new().await;
    let first = desk(&world).await;
    let (one, other) = tokio::join!(first.try_connection(), first.try_connection());
    let refused = [one, other].into_iter().filter_map(Result::err).collect::<Vec<_>>();
    assert!(matches!(refused.as_slice(), [ServiceError::TooSoon { .. }]), "{refused:?}");

    let now = world.clock.now();
    let Err(ServiceError::TooSoon { retry_at }) = first.try_connection().await else { panic!("too soon") };
    assert!(retry_at > now && retry_at <= now.plus_seconds(5));
    world.clock.advance_seconds(5);
    first.try_connection().await.unwrap();

    world.clock.advance_seconds(60);
    let auditor = Actor { role: Role::Auditor, ..Actor::command_line(camara()) };
    let refused = DiagnosisDesk { actor: auditor, ..desk(&world).await }.try_connection().await;
    assert_eq!(refused.unwrap_err(), ServiceError::Forbidden);
    world.chamber.smtp = Err(vec!["MASIVOS_SMTP_SERVER".to_owned()]);
    let refused = desk(&world).await.try_connection().await;
    assert_eq!(refused.unwrap_err(), ServiceError::Configuration { missing: vec!["MASIVOS_SMTP_SERVER".to_owned()] });
    assert_eq!(world.audited("conexion_probada").await, 2);
}
