//! A conversation with a server that may be anything: bounded in every direction.

use contract::diagnosis::StepFault;
use lettre::transport::smtp::extension::ClientId;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};

use super::{Seen, Stop};

/// The longest line read (RFC 5321 §4.5.3.1.5 has 512).
const MAX_LINE: u64 = 2048;

/// The most lines of one answer.
const MAX_LINES: usize = 64;

/// What of an answer is shown.
const SHOWN: usize = 200;

pub(super) trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}

/// An open conversation and what EHLO offered.
pub(super) struct Talk {
    io: BufReader<Box<dyn Stream>>,
    offers: Vec<String>,
}

/// A reply: its code and its lines.
pub(super) struct Answer {
    pub(super) code: u16,
    lines: Vec<String>,
}

impl Answer {
    /// As it is shown.
    pub(super) fn words(&self) -> String {
        format!("{} {}", self.code, self.lines.join(" ")).chars().take(SHOWN).collect()
    }

    pub(super) fn stop(&self, fault: StepFault) -> Stop {
        Stop::new(fault, self.words())
    }
}

fn broken() -> Stop {
    Stop::new(StepFault::Broken, "")
}

impl Talk {
    /// Waits for the greeting and says EHLO.
    pub(super) async fn begin(stream: Box<dyn Stream>) -> Seen<Self> {
        let mut talk = Self { io: BufReader::new(stream), offers: Vec::new() };
        let greeting = talk.read().await?;
        match greeting.code {
            220 => {}
            400..=499 => return Err(greeting.stop(StepFault::Throttled)),
            500..=599 => return Err(greeting.stop(StepFault::GreetingRefused)),
            _ => return Err(greeting.stop(StepFault::NotSmtp)),
        }
        talk.hello().await?;
        Ok((talk, greeting.words()))
    }

    /// The same conversation over TLS: nothing said before counts any more.
    pub(super) async fn begin_again(stream: Box<dyn Stream>) -> Result<Self, Stop> {
        let mut talk = Self { io: BufReader::new(stream), offers: Vec::new() };
        talk.hello().await?;
        Ok(talk)
    }

    async fn hello(&mut self) -> Result<(), Stop> {
        let answer = self.ask(&format!("EHLO {}", ClientId::default())).await?;
        match answer.code {
            250 => self.offers = answer.lines.into_iter().skip(1).map(|line| line.to_ascii_uppercase()).collect(),
            400..=499 => return Err(answer.stop(StepFault::Throttled)),
            _ => return Err(answer.stop(StepFault::GreetingRefused)),
        }
        Ok(())
    }

    pub(super) fn offers_starttls(&self) -> bool {
        self.offers.iter().any(|offer| offer == "STARTTLS")
    }

    /// The kinds of authentication offered.
    pub(super) fn mechanisms(&self) -> Vec<String> {
        let lists = self.offers.iter().filter_map(|offer| offer.strip_prefix("AUTH"));
        let names = lists.flat_map(|list| list.split([' ', '=']).filter(|name| !name.is_empty()));
        names.map(str::to_owned).collect()
    }

    /// Says a line and reads its answer.
    pub(super) async fn ask(&mut self, line: &str) -> Result<Answer, Stop> {
        let said = async {
            self.io.write_all(line.as_bytes()).await?;
            self.io.write_all(b"\r\n").await?;
            self.io.flush().await
        };
        said.await.map_err(|_| broken())?;
        self.read().await
    }

    /// Says good-bye; how it is answered matters to nobody.
    pub(super) async fn quit(mut self) {
        let _ = tokio::time::timeout(std::time::Duration::from_secs(2), self.ask("QUIT")).await;
    }

    /// The bare stream; `None` when the server has said more than it was asked: what came in the clear
    /// must not be taken for something said under TLS.
    pub(super) fn into_stream(self) -> Option<Box<dyn Stream>> {
        self.io.buffer().is_empty().then(|| self.io.into_inner())
    }

    async fn read(&mut self) -> Result<Answer, Stop> {
        let mut lines = Vec::new();
        loop {
            let line = self.line().await?;
            let code = line.get(..3).and_then(|digits| digits.parse::<u16>().ok()).filter(|code| *code >= 100);
            let more = line.as_bytes().get(3).copied();
            let (Some(code), Some(b'-' | b' ') | None) = (code, more) else {
                return Err(Stop::new(StepFault::NotSmtp, line.chars().take(SHOWN).collect::<String>()));
            };
            lines.push(line.get(4..).unwrap_or_default().to_owned());
            if more != Some(b'-') {
                return Ok(Answer { code, lines });
            }
            if lines.len() == MAX_LINES {
                return Err(Stop::new(StepFault::NotSmtp, ""));
            }
        }
    }

    async fn line(&mut self) -> Result<String, Stop> {
        let mut bytes = Vec::new();
        let mut limited = (&mut self.io).take(MAX_LINE);
        limited.read_until(b'\n', &mut bytes).await.map_err(|_| broken())?;
        if bytes.is_empty() {
            return Err(broken());
        }
        Ok(String::from_utf8_lossy(&bytes).trim_end().to_owned())
    }
}
