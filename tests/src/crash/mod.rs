//! Killed at any moment: no mail is sent twice without a person, none is lost unseen.

mod canary;
pub mod node;
mod shutdown;
mod sink;

use std::collections::BTreeMap;

use contract::ServiceError;
use contract::campaign::PasswordState as S;
use contract::sending::{BatchState, SendTarget, SendingService};
use domain::sending::moves_by_itself;
use server::secrets::verify_password;

use self::node::Node;
use self::sink::{Moment, Sink};
use crate::sending::world::{World, year};

const MERCHANTS: usize = 7;

/// Hours between two runs: leases are over, pauses for a time too, retries are due.
const LATER: i64 = 5 * 3600;

/// Where a run is killed.
#[derive(Clone, Copy, Debug)]
enum Death {
    /// In the program, at this point.
    Program(&'static str),
    /// When the mail server has come so far.
    Server(Moment),
}

/// How many seeds each point is tried with: `CRASH_SEEDS`, or a few.
fn seeds() -> u64 {
    std::env::var("CRASH_SEEDS").ok().and_then(|text| text.parse().ok()).unwrap_or(3)
}

struct Scene {
    world: World,
    sink: Sink,
    passwords: Vec<String>,
    ahead: i64,
}

impl Scene {
    async fn set(seed: u64, death: Option<Death>) -> Self {
        let hold = match death {
            Some(death @ Death::Server(moment)) => Some((moment, nth(seed, death))),
            _ => None,
        };
        let sink = Sink::start(seed, !seed.is_multiple_of(3), hold).await;
        let port = sink.port.to_string();
        let variables = [("MASIVOS_SMTP_SERVER", "127.0.0.1"), ("MASIVOS_SMTP_PORT", port.as_str())];
        let world = World::with(Default::default(), &variables).await;
        let passwords = world.merchants(MERCHANTS).await;
        Self { world, sink, passwords, ahead: 0 }
    }

    /// Runs the program until it is where it is to die, and kills it. False when it came to its end
    /// before: the server's moods may leave it less to do than the seed counts on.
    async fn run_and_kill(&self, seed: u64, death: Death) -> bool {
        let point = match death {
            Death::Program(point) => Some(format!("{point}:{}", nth(seed, death))),
            Death::Server(_) => None,
        };
        let arguments = ["enviar", "--camara", "55", "--cantidad", "500"];
        let mut node = Node::start(&self.world, &arguments, self.ahead, point.as_deref());
        let reached = tokio::select! {
            reached = node.said("PUNTO ") => reached,
            () = self.sink.stopped() => true,
        };
        node.kill().await;
        self.sink.go_on();
        reached
    }

    /// Hours later, and again, until no row moves by itself any more; batches that wait for a person go on.
    async fn run_to_the_end(&mut self) {
        for _ in 0..12 {
            self.ahead += LATER;
            self.world.clock.advance_seconds(LATER);
            let desk = self.world.desk();
            for batch in desk.batches(year()).await.unwrap() {
                if batch.estado == BatchState::EnPausa {
                    match desk.resume(batch.id).await {
                        Ok(_) | Err(ServiceError::StateChanged) => {}
                        Err(error) => panic!("{error}"),
                    }
                }
            }
            let arguments = ["enviar", "--camara", "55", "--cantidad", "500"];
            Node::start(&self.world, &arguments, self.ahead, None).ended().await;
            if !self.world.states().await.into_iter().any(moves_by_itself) {
                return;
            }
        }
        panic!("rows still move: {:?}", self.world.states().await);
    }

    /// What the product promises.
    async fn check(&self, what: &str) {
        let received = self.sink.received();
        let rows = self.world.rows().await;
        let by_address: BTreeMap<_, _> = rows.iter().map(|row| (row.correo.as_str(), row)).collect();
        for (address, times) in &received {
            let state = S::parse(&by_address[address.as_str()].estado).unwrap();
            assert_eq!(*times, 1, "{what}: {address} got the mail {times} times");
            assert!(matches!(state, S::Enviado | S::Incierto), "{what}: {address} got the mail and is {state:?}");
        }
        for (row, password) in rows.iter().zip(&self.passwords) {
            match S::parse(&row.estado).unwrap() {
                S::Enviado => {
                    assert_eq!(received.get(&row.correo), Some(&1), "{what}: sent, but the server has it not");
                    assert!(row.sellada.is_none(), "{what}: a sealed copy stayed");
                }
                S::Incierto => assert!(row.sellada.is_some(), "{what}: a person could not resend"),
                S::Rechazado => assert_eq!(received.get(&row.correo), None, "{what}"),
                other => panic!("{what}: {other:?}"),
            }
            if received.contains_key(&row.correo) {
                assert!(verify_password(row.hash.as_ref().unwrap(), password.as_bytes()), "{what}: no activation");
            }
        }
    }
}

/// At which of its visits the point kills. Few claims are made, many mails.
const fn nth(seed: u64, death: Death) -> u32 {
    match death {
        Death::Program(point) if matches!(point.as_bytes(), [b'r', b'e', b's', b'e', ..]) => 1 + (seed % 2) as u32,
        _ => 1 + (seed % 4) as u32,
    }
}

async fn killed_at(death: Death) {
    let mut kills = 0;
    for seed in 0..seeds() {
        let mut scene = Scene::set(seed, Some(death)).await;
        kills += u32::from(scene.run_and_kill(seed, death).await);
        scene.run_to_the_end().await;
        scene.check(&format!("{death:?}, seed {seed}")).await;
    }
    assert!(kills > 0, "{death:?} was never reached");
}

macro_rules! killed {
    ($($name:ident: $death:expr;)*) => {$(
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $name() {
            killed_at($death).await;
        }
    )*};
}

killed! {
    killed_before_a_claim: Death::Program("reserva.antes");
    killed_while_a_claim_is_committed: Death::Program("reserva.confirmar");
    killed_after_a_claim: Death::Program("reserva.despues");
    killed_at_354_before_the_mark: Death::Program("marca.antes");
    killed_while_the_ledger_is_committed: Death::Program("libro.confirmar");
    killed_after_the_mark_before_any_content: Death::Program("marca.despues");
    killed_in_the_middle_of_the_content: Death::Server(Moment::InTheBody);
    killed_after_the_dot_before_the_reply: Death::Server(Moment::BeforeTheReply);
    killed_while_the_reply_arrives: Death::Server(Moment::AfterTheReply);
    killed_after_the_reply_before_it_is_written: Death::Program("resultado.antes");
    killed_after_the_outcome_is_written: Death::Program("resultado.despues");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_three_servers_one_is_killed_and_the_others_go_on() {
    for (seed, point) in ["marca.despues:2", "resultado.antes:2", "reserva.despues:1"].into_iter().enumerate() {
        let mut scene = Scene::set(3 * seed as u64, None).await;
        let mut nodes = Vec::new();
        for index in 0..3 {
            let mut node = Node::start(&scene.world, &["servir"], 0, (index == 0).then_some(point));
            assert!(node.said("Clave Segura atiende").await, "a node does not start");
            nodes.push(node);
        }
        scene.world.desk().start(year(), SendTarget::Count(500), "tres".to_owned()).await.unwrap();
        // The doomed one may find nothing left to do: then it is killed idle.
        let mut doomed = nodes.remove(0);
        let _ = tokio::time::timeout(std::time::Duration::from_secs(5), doomed.said("PUNTO ")).await;
        doomed.kill().await;
        let waits = |states: Vec<S>| states.contains(&S::Pendiente);
        for _ in 0..600 {
            if !waits(scene.world.states().await) {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        assert!(!waits(scene.world.states().await), "the others did not go on");
        for node in nodes {
            assert!(node.terminate().await.success(), "SIGTERM is an orderly end");
        }
        scene.run_to_the_end().await;
        scene.check(&format!("three nodes, {point}")).await;
    }
}
