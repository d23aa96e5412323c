//! One conversation with the catcher.

use std::io;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

use super::{MAX_BYTES, Phase, Script, Store};
use crate::clock::Clock;

/// The longest command line (RFC 5321 §4.5.3.1.4, with room for AUTH).
const MAX_LINE: u64 = 4096;

/// Silence after which a conversation ends.
const IDLE: Duration = Duration::from_secs(300);

trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}

pub(super) struct Session {
    store: Store,
    clock: Clock,
    script: Script,
    authenticated: bool,
    encrypted: bool,
    from: Option<String>,
    to: Vec<String>,
}

enum Next {
    Go,
    Quit,
    StartTls,
}

impl Session {
    pub(super) fn new(store: Store, clock: Clock, script: Script) -> Self {
        Self { store, clock, script, authenticated: false, encrypted: false, from: None, to: Vec::new() }
    }

    pub(super) async fn run(mut self, stream: TcpStream) -> io::Result<()> {
        let behaviour = self.script.read();
        let mut io: BufReader<Box<dyn Stream>> = match behaviour.implicit_tls {
            Some(acceptor) => {
                self.encrypted = true;
                let stream = tokio_native_tls::TlsAcceptor::from(acceptor).accept(stream).await;
                BufReader::new(Box::new(stream.map_err(io::Error::other)?))
            }
            None => BufReader::new(Box::new(stream)),
        };
        if let Some(reply) = self.script.refuse(Phase::Greeting, &[]) {
            return say(&mut io, &reply).await;
        }
        say(&mut io, "220 buzon.local ESMTP").await?;
        loop {
            let Some(line) = read_line(&mut io).await? else { return Ok(()) };
            match self.command(&mut io, &line).await? {
                Next::Go => {}
                Next::Quit => return Ok(()),
                Next::StartTls => {
                    let Some(acceptor) = self.script.read().starttls else { return Ok(()) };
                    let acceptor = tokio_native_tls::TlsAcceptor::from(acceptor);
                    let stream = acceptor.accept(io.into_inner()).await.map_err(io::Error::other)?;
                    io = BufReader::new(Box::new(stream));
                    self.encrypted = true;
                }
            }
        }
    }

    async fn command(&mut self, io: &mut BufReader<Box<dyn Stream>>, line: &str) -> io::Result<Next> {
        let behaviour = self.script.read();
        let upper = line.to_ascii_uppercase();
        let must_encrypt = behaviour.starttls.is_some() && !self.encrypted;
        if upper.starts_with("EHLO") || upper.starts_with("HELO") {
            let mut lines = vec!["buzon.local".to_owned(), format!("SIZE {MAX_BYTES}"), "8BITMIME".to_owned()];
            if must_encrypt {
                lines.push("STARTTLS".to_owned());
            } else if behaviour.account.is_some() {
                lines.push("AUTH PLAIN LOGIN".to_owned());
            }
            let last = lines.len() - 1;
            for (index, text) in lines.iter().enumerate() {
                say(io, &format!("250{}{text}", if index == last { ' ' } else { '-' })).await?;
            }
        } else if upper == "STARTTLS" && must_encrypt {
            say(io, "220 2.0.0 go ahead").await?;
            return Ok(Next::StartTls);
        } else if upper == "QUIT" {
            say(io, "221 2.0.0 bye").await?;
            return Ok(Next::Quit);
        } else if upper == "RSET" || upper == "NOOP" {
            self.forget();
            say(io, "250 2.0.0 ok").await?;
        } else if must_encrypt {
            say(io, "530 5.7.0 must issue STARTTLS first").await?;
        } else if upper.starts_with("AUTH ") {
            return self.authenticate(io, &line[5..], behaviour.account).await;
        } else if upper.starts_with("MAIL FROM:") {
            if behaviour.account.is_some() && !self.authenticated {
                say(io, "530 5.7.0 authentication required").await?;
            } else {
                self.forget();
                self.from = Some(address(&line[10..]));
                return self.answer(io, Phase::MailFrom, "250 2.1.0 ok").await;
            }
        } else if upper.starts_with("RCPT TO:") && self.from.is_some() && self.to.len() < 100 {
            self.to.push(address(&line[8..]));
            return self.answer(io, Phase::RcptTo, "250 2.1.5 ok").await;
        } else if upper == "DATA" && !self.to.is_empty() {
            return self.data(io).await;
        } else {
            say(io, "503 5.5.1 not now").await?;
        }
        Ok(Next::Go)
    }

    fn forget(&mut self) {
        self.from = None;
        self.to.clear();
    }

    /// The script's refusal, or `yes`. A 421 ends the conversation.
    async fn answer(&mut self, io: &mut BufReader<Box<dyn Stream>>, phase: Phase, yes: &str) -> io::Result<Next> {
        let refusal = self.script.refuse(phase, &self.to);
        let reply = refusal.as_deref().unwrap_or(yes);
        if refusal.is_some() && phase == Phase::RcptTo {
            self.to.pop();
        }
        say(io, reply).await?;
        Ok(if reply.starts_with("421") { Next::Quit } else { Next::Go })
    }

    async fn authenticate(
        &mut self,
        io: &mut BufReader<Box<dyn Stream>>,
        argument: &str,
        account: Option<(String, String)>,
    ) -> io::Result<Next> {
        let (mechanism, initial) = argument.split_once(' ').unwrap_or((argument, ""));
        let given = match mechanism.to_ascii_uppercase().as_str() {
            "PLAIN" => {
                let response = if initial.is_empty() { ask(io, "").await? } else { initial.to_owned() };
                let decoded = decode(&response);
                let mut parts = decoded.split('\0').skip(1).map(str::to_owned);
                (parts.next().unwrap_or_default(), parts.next().unwrap_or_default())
            }
            "LOGIN" => {
                let name = if initial.is_empty() { ask(io, "VXNlcm5hbWU6").await? } else { initial.to_owned() };
                (decode(&name), decode(&ask(io, "UGFzc3dvcmQ6").await?))
            }
            _ => {
                say(io, "504 5.5.4 unknown mechanism").await?;
                return Ok(Next::Go);
            }
        };
        self.authenticated = account.is_none_or(|account| account == given);
        if self.authenticated {
            return self.answer(io, Phase::Auth, "235 2.7.0 welcome").await;
        }
        say(io, "535 5.7.8 wrong account or password").await?;
        Ok(Next::Go)
    }

    async fn data(&mut self, io: &mut BufReader<Box<dyn Stream>>) -> io::Result<Next> {
        if let Some(reply) = self.script.refuse(Phase::Data, &self.to) {
            say(io, &reply).await?;
            return Ok(if reply.starts_with("421") { Next::Quit } else { Next::Go });
        }
        say(io, "354 end with a dot").await?;
        let Some(raw) = read_body(io).await? else {
            say(io, "552 5.3.4 too big").await?;
            return Ok(Next::Quit);
        };
        let behaviour = self.script.read();
        let (delay, answers) = behaviour.after_dot(&self.to);
        tokio::time::sleep(delay).await;
        if let Some(reply) = self.script.refuse(Phase::Body, &self.to) {
            self.forget();
            say(io, &reply).await?;
            return Ok(if reply.starts_with("421") { Next::Quit } else { Next::Go });
        }
        let from = self.from.take().unwrap_or_default();
        self.store.add(self.clock.now(), from, std::mem::take(&mut self.to), raw);
        if !answers {
            return Ok(Next::Quit);
        }
        say(io, "250 2.0.0 kept").await?;
        Ok(Next::Go)
    }
}

fn address(argument: &str) -> String {
    let path = argument.trim().trim_start_matches('<');
    path.split(['>', ' ']).next().unwrap_or_default().to_lowercase()
}

fn decode(text: &str) -> String {
    let bytes = STANDARD.decode(text.trim()).unwrap_or_default();
    String::from_utf8_lossy(&bytes).into_owned()
}

async fn say(io: &mut BufReader<Box<dyn Stream>>, line: &str) -> io::Result<()> {
    io.write_all(format!("{line}\r\n").as_bytes()).await?;
    io.flush().await
}

async fn ask(io: &mut BufReader<Box<dyn Stream>>, challenge: &str) -> io::Result<String> {
    say(io, &format!("334 {challenge}")).await?;
    Ok(read_line(io).await?.unwrap_or_default())
}

/// A command line, `None` at the end or after a long silence.
async fn read_line(io: &mut BufReader<Box<dyn Stream>>) -> io::Result<Option<String>> {
    let mut line = Vec::new();
    let mut limited = io.take(MAX_LINE);
    let reading = limited.read_until(b'\n', &mut line);
    match tokio::time::timeout(IDLE, reading).await {
        Ok(Ok(count)) if count > 0 && line.ends_with(b"\n") => {
            Ok(Some(String::from_utf8_lossy(&line).trim_end().to_owned()))
        }
        Ok(Err(error)) => Err(error),
        _ => Ok(None),
    }
}

/// The body up to its dot, dots unstuffed; `None` when it is too big.
async fn read_body(io: &mut BufReader<Box<dyn Stream>>) -> io::Result<Option<Vec<u8>>> {
    let mut body = Vec::new();
    loop {
        let mut line = Vec::new();
        let mut limited = (&mut *io).take(MAX_BYTES as u64);
        let reading = limited.read_until(b'\n', &mut line);
        let count = tokio::time::timeout(IDLE, reading).await.map_err(io::Error::other)??;
        if count == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if line == b".\r\n" || line == b".\n" {
            return Ok(Some(body));
        }
        if body.len() + line.len() > MAX_BYTES {
            return Ok(None);
        }
        body.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
    }
}
