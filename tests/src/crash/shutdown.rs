//! SIGTERM: nothing new is claimed, what is on its way ends, nothing stays half done.

use std::time::Duration;

use contract::campaign::PasswordState as S;
use contract::sending::{SendTarget, SendingService};

use super::node::Node;
use super::sink::Sink;
use crate::sending::world::{World, year};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sigterm_in_the_middle_of_a_batch_leaves_every_row_sent_or_waiting() {
    let sink = Sink::start(0, false, None).await;
    let port = sink.port.to_string();
    let variables = [("MASIVOS_SMTP_SERVER", "127.0.0.1"), ("MASIVOS_SMTP_PORT", port.as_str())];
    let world = World::with(Default::default(), &variables).await;
    world.merchants(300).await;
    let mut node = Node::start(&world, &["servir"], 0, None);
    assert!(node.said("Clave Segura atiende").await);
    world.desk().start(year(), SendTarget::Count(300), "a".to_owned()).await.unwrap();
    for _ in 0..500 {
        if sink.received().len() >= 3 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(node.terminate().await.success());
    let (received, states) = (sink.received(), world.states().await);
    assert!((3..300).contains(&received.len()), "the batch was to be under way: {}", received.len());
    assert!(states.iter().all(|state| matches!(state, S::Enviado | S::Pendiente)), "{states:?}");
    assert_eq!(states.iter().filter(|state| **state == S::Enviado).count(), received.len());
}
