//! A mailbox on a real server, which people read as well.

use server::bounces::MailboxFault;
use server::config::{BounceSource, Encryption, ImapAccount};
use server::services::bounces::{BounceFault, BounceReport};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::dovecot::Dovecot;
use super::{desk, id_of, samples, sent};
use crate::sending::world::World;

async fn read(world: &World, account: ImapAccount) -> Result<BounceReport, BounceFault> {
    desk(world).read(&BounceSource::Imap(account)).await
}

async fn fault(world: &World, account: ImapAccount) -> MailboxFault {
    match read(world, account).await {
        Err(BounceFault::Mailbox(fault)) => fault,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn notifications_of_ours_become_seen_and_everything_else_stays_unseen_for_people() {
    let world = sent(3, &[]).await;
    let dovecot = Dovecot::start();
    let postfix = |id: &str| samples::postfix(id, "x@correo.com.co", "failed", "5.1.1", "no");
    dovecot.deliver("1", postfix(&id_of(&world, 0).await).as_bytes());
    dovecot.deliver("2", samples::exchange(&id_of(&world, 1).await, "x@correo.com.co").as_bytes());
    dovecot.deliver("3", postfix("<ajeno@camara.org.co>").as_bytes());
    dovecot.deliver("4", samples::vacation(&id_of(&world, 2).await).as_bytes());
    dovecot.deliver("5", samples::receipt(&id_of(&world, 2).await).as_bytes());
    let big = format!("{}{}", postfix(&id_of(&world, 2).await), "x".repeat(77).as_str().repeat(40_000));
    dovecot.deliver("6", big.as_bytes());

    let report = read(&world, dovecot.account(Encryption::None)).await.unwrap();
    let expected = BounceReport {
        leidos: 5,
        rebotados: 2,
        suprimidos: 2,
        sin_correspondencia: 1,
        otros: 2,
        ..BounceReport::default()
    };
    assert_eq!(report, expected);
    let flags = dovecot.flags();
    let flags: Vec<_> = flags.iter().map(|(name, flags)| (name.as_str(), flags.as_str())).collect();
    // The vacation answer was not even fetched: it has no mark at all.
    assert_eq!(flags, [("1", "S"), ("2", "S"), ("3", "a"), ("4", ""), ("5", "a"), ("6", "a")]);
    assert_eq!(world.rows().await[2].estado, "enviado");

    // Nothing is read twice; what comes later is.
    assert_eq!(read(&world, dovecot.account(Encryption::None)).await.unwrap(), BounceReport::default());
    dovecot.deliver("7", samples::gmail_over_quota(&id_of(&world, 2).await, "x@correo.com.co").as_bytes());
    let report = read(&world, dovecot.account(Encryption::None)).await.unwrap();
    assert_eq!((report.leidos, report.rebotados, report.suprimidos), (1, 1, 0));
}

#[tokio::test]
async fn the_mailbox_is_read_over_starttls_and_tls_and_only_with_a_trusted_certificate() {
    let world = sent(2, &[]).await;
    let dovecot = Dovecot::start();
    for (index, encryption) in [Encryption::StartTls, Encryption::Implicit].into_iter().enumerate() {
        let raw = samples::postfix(&id_of(&world, index).await, "x@correo.com.co", "failed", "5.1.1", "no");
        dovecot.deliver(&index.to_string(), raw.as_bytes());
        let untrusted = ImapAccount { extra_ca: None, ..dovecot.account(encryption) };
        assert_eq!(fault(&world, untrusted).await, MailboxFault::Tls);
        let other_name = ImapAccount { server: "127.0.0.1".to_owned(), ..dovecot.account(encryption) };
        assert_eq!(fault(&world, other_name).await, MailboxFault::Tls);
        assert_eq!(read(&world, dovecot.account(encryption)).await.unwrap().rebotados, 1, "{encryption:?}");
    }
}

#[tokio::test]
async fn each_wrong_setting_is_told_apart() {
    let world = sent(1, &[]).await;
    let dovecot = Dovecot::start();
    let right = || dovecot.account(Encryption::None);
    let wrong = ImapAccount { password: "otra".to_owned().into(), ..right() };
    assert_eq!(fault(&world, wrong).await, MailboxFault::Login);
    let wrong = ImapAccount { mailbox: "NoExiste".to_owned(), ..right() };
    assert_eq!(fault(&world, wrong).await, MailboxFault::NoMailbox);
    let wrong = ImapAccount { account: "rebotes\r\nx LOGOUT".to_owned(), ..right() };
    assert_eq!(fault(&world, wrong).await, MailboxFault::Login);

    // A port where nobody answers, and one that breaks off in the middle of the conversation.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let broken = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        stream.write_all(b"* OK hola\r\n").await.unwrap();
        let mut command = [0_u8; 200];
        assert!(stream.read(&mut command).await.unwrap() > 0);
    });
    let breaks = ImapAccount { port, ..right() };
    assert_eq!(fault(&world, breaks.clone()).await, MailboxFault::Unreachable);
    broken.await.unwrap();
    assert_eq!(fault(&world, breaks).await, MailboxFault::Unreachable);
}
