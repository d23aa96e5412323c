//! Killed between the mark and the content: that reminder is never sent, and none is sent twice.

use super::reminder::{DAY, HOUR, look, mailed, received};
use crate::crash::node::Node;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_process_killed_after_the_mark_leaves_nothing_to_be_sent_twice() {
    let world = mailed(4, &[]).await;
    let mut node = Node::start(&world, &["servir"], 5 * DAY, Some("recordatorio.marcado:2"));
    assert!(node.said("PUNTO ").await, "the point was never reached");
    node.kill().await;
    let marked = world.rows().await.into_iter().filter(|row| row.recordatorio.as_deref() == Some("saliendo"));
    let marked: Vec<String> = marked.map(|row| row.correo).collect();
    assert_eq!(marked.len(), 1);

    for _ in 0..4 {
        world.clock.advance_seconds(HOUR);
        look(&world).await;
    }
    for (address, count) in received(&world) {
        assert_eq!(count, if marked.contains(&address) { 1 } else { 2 }, "{address}");
    }
    let rows = world.rows().await;
    assert_eq!(rows.iter().filter(|row| row.recordatorio.as_deref() == Some("incierto")).count(), 1);
    assert_eq!(rows.iter().filter(|row| row.recordatorio.as_deref() == Some("enviado")).count(), 3);
}
