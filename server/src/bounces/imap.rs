//! Notifications in a mailbox on a server (IMAP4rev1), which people may read as well.
//!
//! Only mails that say `multipart/report` in their header are fetched whole; nothing else is touched.
//! A notification of ours becomes `\Seen`. Any other stays unseen for whoever reads the mailbox, and
//! gets the keyword [`KEYWORD`] so that it is not fetched again; a server that keeps no keywords gives
//! it to us each time, newest first and at most [`MOST`] a time.

use std::collections::VecDeque;
use std::fmt::Debug;
use std::future::Future;
use std::time::Duration;

use async_imap::error::Error;
use async_imap::types::{Fetch, Flag};
use async_imap::{Client, Session};
use futures::TryStreamExt;
use native_tls::{Certificate, TlsConnector};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;

use super::mime::Entity;
use super::{Handling, Letter, MAX_BYTES, MailboxFault, Place};
use crate::config::{Encryption, ImapAccount};

/// Marks what was looked at and is not ours.
const KEYWORD: &str = "ClaveSeguraVisto";

/// Mails looked at in one run.
const MOST: usize = 1_000;

/// Headers asked for at once.
const AT_ONCE: usize = 100;

/// For name, connection, TLS and greeting together.
const CONNECT: Duration = Duration::from_secs(30);

/// For each command.
const COMMAND: Duration = Duration::from_secs(60);

/// A connection, encrypted or not.
trait Wire: AsyncRead + AsyncWrite + Unpin + Send + Debug {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send + Debug> Wire for T {}

/// A mailbox open for reading.
pub struct Imap {
    session: Session<Box<dyn Wire>>,
    keywords: bool,
    waiting: VecDeque<u32>,
}

impl Imap {
    pub(super) async fn open(account: &ImapAccount) -> Result<Self, MailboxFault> {
        let client = tokio::time::timeout(CONNECT, connect(account)).await.map_err(|_| MailboxFault::Slow)??;
        let login = client.login(&account.account, account.password.as_str());
        let session = tokio::time::timeout(COMMAND, login).await.map_err(|_| MailboxFault::Slow)?;
        let mut session = session.map_err(|(error, _)| refused(&error, MailboxFault::Login))?;
        let opened = tokio::time::timeout(COMMAND, session.select(&account.mailbox)).await;
        let mailbox = opened.map_err(|_| MailboxFault::Slow)?;
        let mailbox = mailbox.map_err(|error| refused(&error, MailboxFault::NoMailbox))?;
        let keywords = mailbox.permanent_flags.contains(&Flag::MayCreate);
        let query = if keywords { format!("UNSEEN UNKEYWORD {KEYWORD}") } else { "UNSEEN".to_owned() };
        let mut unseen: Vec<u32> = timed(session.uid_search(query)).await?.into_iter().collect();
        unseen.sort_unstable_by(|one, other| other.cmp(one));
        let mut waiting = VecDeque::new();
        for some in unseen.chunks(AT_ONCE) {
            waiting.extend(reports(&mut session, some).await?);
            if waiting.len() >= MOST {
                break;
            }
        }
        waiting.truncate(MOST);
        Ok(Self { session, keywords, waiting })
    }

    pub(super) async fn next(&mut self) -> Result<Option<Letter>, MailboxFault> {
        while let Some(uid) = self.waiting.pop_front() {
            let found = fetch(&mut self.session, &uid.to_string(), "(UID RFC822.SIZE)").await?;
            let Some(size) = found.iter().find(|one| one.uid == Some(uid)).and_then(|one| one.size) else {
                // Somebody deleted it meanwhile.
                continue;
            };
            if u64::from(size) > MAX_BYTES {
                return Ok(Some(Letter { raw: None, place: Place::Uid(uid) }));
            }
            let found = fetch(&mut self.session, &uid.to_string(), "(UID BODY.PEEK[])").await?;
            let Some(raw) = found.iter().filter(|one| one.uid == Some(uid)).find_map(Fetch::body) else { continue };
            return Ok(Some(Letter { raw: Some(raw.to_vec()), place: Place::Uid(uid) }));
        }
        Ok(None)
    }

    pub(super) async fn mark(&mut self, uid: u32, handling: Handling) -> Result<(), MailboxFault> {
        let flag = match handling {
            Handling::Done => "\\Seen",
            Handling::NotOurs if self.keywords => KEYWORD,
            Handling::NotOurs => return Ok(()),
        };
        let command = format!("+FLAGS.SILENT ({flag})");
        let stored = timed(async {
            let answers = self.session.uid_store(uid.to_string(), command).await?;
            answers.try_collect::<Vec<_>>().await
        });
        stored.await.map(drop)
    }

    pub(super) async fn close(mut self) {
        let _ = tokio::time::timeout(Duration::from_secs(5), self.session.logout()).await;
    }
}

/// Which of these mails are reports, by the type in their header; in the same order.
async fn reports(session: &mut Session<Box<dyn Wire>>, uids: &[u32]) -> Result<Vec<u32>, MailboxFault> {
    let set = uids.iter().map(u32::to_string).collect::<Vec<_>>().join(",");
    let found = fetch(session, &set, "(UID BODY.PEEK[HEADER.FIELDS (CONTENT-TYPE)])").await?;
    let is_report = |one: &Fetch| {
        let header = String::from_utf8_lossy(one.header().unwrap_or_default()).into_owned();
        Entity::read(&header).kind() == "multipart/report"
    };
    let found: Vec<u32> = found.iter().filter(|one| is_report(one)).filter_map(|one| one.uid).collect();
    Ok(uids.iter().copied().filter(|uid| found.contains(uid)).collect())
}

async fn fetch(session: &mut Session<Box<dyn Wire>>, set: &str, what: &str) -> Result<Vec<Fetch>, MailboxFault> {
    timed(async { session.uid_fetch(set, what).await?.try_collect().await }).await
}

async fn timed<T>(command: impl Future<Output = Result<T, Error>>) -> Result<T, MailboxFault> {
    let answer = tokio::time::timeout(COMMAND, command).await.map_err(|_| MailboxFault::Slow)?;
    answer.map_err(|error| refused(&error, MailboxFault::Unreachable))
}

/// The server's no is `no`; anything else is the connection's. Its words stay here: they may hold
/// the account.
const fn refused(error: &Error, no: MailboxFault) -> MailboxFault {
    match error {
        Error::No(_) | Error::Bad(_) | Error::Validate(_) => no,
        _ => MailboxFault::Unreachable,
    }
}

/// Connects, encrypts as configured and waits for the greeting.
async fn connect(account: &ImapAccount) -> Result<Client<Box<dyn Wire>>, MailboxFault> {
    let plain = TcpStream::connect((account.server.as_str(), account.port)).await;
    let plain = plain.map_err(|_| MailboxFault::Unreachable)?;
    let wire: Box<dyn Wire> = match account.encryption {
        Encryption::Implicit => Box::new(encrypt(account, plain).await?),
        Encryption::None => Box::new(plain),
        Encryption::StartTls => {
            let mut client = Client::new(plain);
            greeted(&mut client).await?;
            let command = client.run_command_and_check_ok("STARTTLS", None).await;
            command.map_err(|_| MailboxFault::Tls)?;
            // Encrypted, the server greets no second time.
            return Ok(Client::new(Box::new(encrypt(account, client.into_inner()).await?)));
        }
    };
    let mut client = Client::new(wire);
    greeted(&mut client).await?;
    Ok(client)
}

async fn greeted<T: AsyncRead + AsyncWrite + Unpin + Send + Debug>(client: &mut Client<T>) -> Result<(), MailboxFault> {
    let greeting = client.read_response().await.map_err(|_| MailboxFault::Unreachable)?;
    greeting.map(drop).ok_or(MailboxFault::Unreachable)
}

async fn encrypt(
    account: &ImapAccount,
    plain: TcpStream,
) -> Result<tokio_native_tls::TlsStream<TcpStream>, MailboxFault> {
    let mut builder = TlsConnector::builder();
    if let Some(path) = &account.extra_ca {
        let pem = tokio::fs::read(path).await.map_err(|_| MailboxFault::Tls)?;
        builder.add_root_certificate(Certificate::from_pem(&pem).map_err(|_| MailboxFault::Tls)?);
    }
    let connector = tokio_native_tls::TlsConnector::from(builder.build().map_err(|_| MailboxFault::Tls)?);
    connector.connect(&account.server, plain).await.map_err(|_| MailboxFault::Tls)
}
