//! A mail server that misbehaves by a seed, stops dead at a chosen moment, and remembers for whom it
//! took a mail.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

/// A moment at which the server stops and says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// Some of the content came, not all of it.
    InTheBody,
    /// The dot came and the mail is taken, but nothing is answered.
    BeforeTheReply,
    /// The reply is on its way.
    AfterTheReply,
}

#[derive(Clone)]
pub struct Sink {
    pub port: u16,
    shared: Arc<Shared>,
}

struct Shared {
    received: Mutex<BTreeMap<String, u32>>,
    chance: Mutex<StdRng>,
    faults: bool,
    hold: Mutex<Option<(Moment, u32)>>,
    reached: Notify,
}

/// What the server does with one mail.
enum Mood {
    Takes,
    /// Answers so at RCPT, at DATA or after the dot.
    Refuses(&'static str, &'static str),
    /// Takes it and hangs up instead of answering.
    DropsAfterDot,
    Hesitates,
}

impl Sink {
    /// Serves on a port of its own; with `faults` every third mail meets one.
    pub async fn start(seed: u64, faults: bool, hold: Option<(Moment, u32)>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let shared = Arc::new(Shared {
            received: Mutex::default(),
            chance: Mutex::new(StdRng::seed_from_u64(seed)),
            faults,
            hold: Mutex::new(hold),
            reached: Notify::new(),
        });
        let sink = Self { port, shared: shared.clone() };
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(converse(stream, shared.clone()));
            }
        });
        sink
    }

    /// Ends when the moment to stop at has come.
    pub async fn stopped(&self) {
        self.shared.reached.notified().await;
    }

    /// From now on the server stops no more.
    pub fn go_on(&self) {
        *self.shared.hold.lock().unwrap() = None;
    }

    /// How often a mail was taken for each address.
    pub fn received(&self) -> BTreeMap<String, u32> {
        self.shared.received.lock().unwrap().clone()
    }
}

impl Shared {
    fn mood(&self) -> Mood {
        if !self.faults {
            return Mood::Takes;
        }
        match self.chance.lock().unwrap().random_range(0..24) {
            0 => Mood::Refuses("RCPT", "450 4.2.0 luego"),
            1 => Mood::Refuses("RCPT", "550 5.1.1 no existe"),
            2 => Mood::Refuses("RCPT", "452 4.3.1 lleno"),
            3 => Mood::Refuses("DATA", "421 4.3.2 ocupado"),
            4 => Mood::Refuses("DOT", "451 4.3.0 luego"),
            5 => Mood::Refuses("DOT", "554 5.6.0 contenido"),
            6 => Mood::Refuses("DOT", "421 4.3.2 cierro"),
            7 => Mood::DropsAfterDot,
            8 => Mood::Hesitates,
            _ => Mood::Takes,
        }
    }

    fn take(&self, recipient: &str) {
        *self.received.lock().unwrap().entry(recipient.to_owned()).or_default() += 1;
    }

    /// Stops for ever when this is the moment, for this mail.
    async fn hold(&self, moment: Moment) {
        {
            let mut hold = self.hold.lock().unwrap();
            let Some((wanted, after)) = hold.as_mut() else { return };
            if *wanted != moment {
                return;
            }
            *after = after.saturating_sub(1);
            if *after > 0 {
                return;
            }
            *hold = None;
        }
        self.reached.notify_one();
        std::future::pending::<()>().await;
    }
}

async fn converse(stream: TcpStream, shared: Arc<Shared>) -> Option<()> {
    let mut io = BufReader::new(stream);
    say(&mut io, "220 sumidero ESMTP").await?;
    let (mut recipient, mut mood) = (String::new(), Mood::Takes);
    loop {
        let line = read(&mut io).await?;
        let verb = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
        let refused = |mood: &Mood, at: &str| match mood {
            Mood::Refuses(phase, reply) if *phase == at => Some(*reply),
            _ => None,
        };
        match verb.as_str() {
            "EHLO" | "HELO" => say(&mut io, "250 sumidero").await?,
            "QUIT" => return say(&mut io, "221 adiós").await,
            "RCPT" => {
                recipient = line.split(['<', '>']).nth(1)?.to_owned();
                mood = shared.mood();
                say(&mut io, refused(&mood, "RCPT").unwrap_or("250 ok")).await?;
            }
            "DATA" => {
                if let Some(reply) = refused(&mood, "DATA") {
                    say(&mut io, reply).await?;
                    return None;
                }
                say(&mut io, "354 adelante").await?;
                body(&mut io, &shared).await?;
                if let Some(reply) = refused(&mood, "DOT") {
                    say(&mut io, reply).await?;
                    if reply.starts_with("421") {
                        return None;
                    }
                    continue;
                }
                shared.take(&recipient);
                shared.hold(Moment::BeforeTheReply).await;
                match mood {
                    Mood::DropsAfterDot => return None,
                    Mood::Hesitates => tokio::time::sleep(Duration::from_millis(150)).await,
                    Mood::Takes | Mood::Refuses(..) => {}
                }
                say(&mut io, "250 2.0.0 tomado").await?;
                shared.hold(Moment::AfterTheReply).await;
            }
            _ => say(&mut io, "250 ok").await?,
        }
    }
}

async fn body(io: &mut BufReader<TcpStream>, shared: &Shared) -> Option<()> {
    let mut lines = 0;
    loop {
        let line = read(io).await?;
        lines += 1;
        if lines == 40 {
            shared.hold(Moment::InTheBody).await;
        }
        if line == "." {
            return Some(());
        }
    }
}

async fn read(io: &mut BufReader<TcpStream>) -> Option<String> {
    let mut line = Vec::new();
    let count = io.read_until(b'\n', &mut line).await.ok()?;
    (count > 0).then(|| String::from_utf8_lossy(&line).trim_end().to_owned())
}

async fn say(io: &mut BufReader<TcpStream>, line: &str) -> Option<()> {
    io.write_all(format!("{line}\r\n").as_bytes()).await.ok()?;
    io.flush().await.ok()
}
