//! An SMSC on a socket of its own, with the moods of a real one.

use std::net::SocketAddr;
use std::str::FromStr;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rusmpp::pdus::{BindTransmitterResp, DeliverSm, SubmitSm, SubmitSmResp};
use rusmpp::tokio_codec::CommandCodec;
use rusmpp::types::COctetString;
use rusmpp::values::{Npi, Ton};
use rusmpp::{Command, CommandStatus, Pdu};
use server::config::{BindMode, FIRST, SmppSms};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, WriteHalf};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_util::bytes::BytesMut;
use tokio_util::codec::{Decoder, Encoder};

pub const PASSWORD: &str = "secreta1";

/// What it does with an SMS.
#[derive(Clone, Copy, PartialEq)]
pub enum Mood {
    /// Takes it; its identifier is made of the text's last three letters.
    Take,
    /// Takes it, and answers with the header alone.
    TakeInSilence,
    /// Refuses it, with the header alone as 3.4 has it.
    Refuse(CommandStatus),
    /// Says nothing.
    Stall,
    /// Hangs up.
    HangUp,
    /// Answers `generic_nack`.
    Nack,
    /// Takes it and unbinds.
    TakeAndUnbind,
    /// Writes what is no PDU.
    Babble,
    /// Answers when so many are there, the last one first.
    Gather(usize),
}

pub struct State {
    pub mood: Mutex<Mood>,
    /// Whether it answers `enquire_link`.
    pub alive: AtomicBool,
    /// Writes its PDUs in pieces of three octets.
    pub in_pieces: AtomicBool,
    /// Sends a `deliver_sm` and an `enquire_link` of its own before each answer.
    pub talkative: AtomicBool,
    pub connections: AtomicUsize,
    pub enquired: AtomicUsize,
    /// Answers to what it sent by itself.
    pub acknowledged: AtomicUsize,
    /// Every PDU it got, whole.
    pub frames: Mutex<Vec<Vec<u8>>>,
    pub submits: Mutex<Vec<SubmitSm>>,
}

pub struct Smsc {
    pub address: SocketAddr,
    pub state: Arc<State>,
    open: JoinSet<()>,
}

impl Smsc {
    pub async fn open() -> Self {
        Self::open_at("127.0.0.1:0".parse().unwrap(), None).await
    }

    pub async fn open_at(address: SocketAddr, tls: Option<native_tls::TlsAcceptor>) -> Self {
        let state = Arc::new(State {
            mood: Mutex::new(Mood::Take),
            alive: AtomicBool::new(true),
            in_pieces: AtomicBool::default(),
            talkative: AtomicBool::default(),
            connections: AtomicUsize::default(),
            enquired: AtomicUsize::default(),
            acknowledged: AtomicUsize::default(),
            frames: Mutex::default(),
            submits: Mutex::default(),
        });
        let listener = TcpListener::bind(address).await.unwrap();
        let address = listener.local_addr().unwrap();
        let mut open = JoinSet::new();
        open.spawn(listen(listener, Arc::clone(&state), tls));
        Self { address, state, open }
    }

    /// Goes away with all its connections, and comes back at the same place when opened again.
    pub async fn close(mut self) -> SocketAddr {
        self.open.shutdown().await;
        self.address
    }

    pub fn mood(&self, mood: Mood) {
        *self.state.mood.lock().unwrap() = mood;
    }

    pub fn connections(&self) -> usize {
        self.state.connections.load(Ordering::SeqCst)
    }

    pub fn submits(&self) -> Vec<SubmitSm> {
        self.state.submits.lock().unwrap().clone()
    }

    /// How a chamber would be configured for it.
    pub fn settings(&self) -> SmppSms {
        SmppSms {
            prefix: FIRST,
            host: self.address.ip().to_string(),
            port: self.address.port(),
            tls: None,
            mode: BindMode::Transmitter,
            system_id: COctetString::from_str("camara55").unwrap(),
            password: COctetString::from_str(PASSWORD).unwrap(),
            system_type: COctetString::from_str("VMA").unwrap(),
            source: COctetString::from_str("CAMARA").unwrap(),
            source_ton: Ton::Alphanumeric,
            source_npi: Npi::Unknown,
            enquire_every: Duration::from_secs(30),
            patience: Duration::from_secs(5),
        }
    }
}

async fn listen(listener: TcpListener, state: Arc<State>, tls: Option<native_tls::TlsAcceptor>) {
    // Its connections end with it.
    let mut connections = JoinSet::new();
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        let (state, tls) = (Arc::clone(&state), tls.clone());
        connections.spawn(async move {
            state.connections.fetch_add(1, Ordering::SeqCst);
            match tls {
                None => serve(stream, state).await,
                Some(tls) => match tokio_native_tls::TlsAcceptor::from(tls).accept(stream).await {
                    Ok(stream) => serve(stream, state).await,
                    Err(_) => Some(()),
                },
            };
        });
    }
}

/// One connection; `None` when the other side is gone.
async fn serve<S: AsyncRead + AsyncWrite + Send>(stream: S, state: Arc<State>) -> Option<()> {
    let (mut reader, mut writer) = tokio::io::split(stream);
    let mut gathered = Vec::new();
    loop {
        let command = read(&mut reader, &state).await?;
        let (sequence, status) = (command.sequence_number(), CommandStatus::EsmeRok);
        let answer = match command.pdu()? {
            Pdu::BindTransmitter(bind) => Some(bound(bind.password.as_str(), 0x8000_0002, sequence)),
            Pdu::BindTransceiver(bind) => Some(bound(bind.password.as_str(), 0x8000_0009, sequence)),
            Pdu::EnquireLink => {
                state.enquired.fetch_add(1, Ordering::SeqCst);
                let alive = state.alive.load(Ordering::SeqCst);
                alive.then(|| encode(Command::new(status, sequence, Pdu::EnquireLinkResp)))
            }
            Pdu::SubmitSm(submit) => {
                state.submits.lock().unwrap().push(submit.clone());
                if state.talkative.load(Ordering::SeqCst) {
                    write(&mut writer, &encode(Command::new(status, 77, DeliverSm::default())), &state).await?;
                    write(&mut writer, &encode(Command::new(status, 78, Pdu::EnquireLink)), &state).await?;
                }
                let mood = *state.mood.lock().unwrap();
                match mood {
                    Mood::Take => Some(taken(submit, sequence)),
                    Mood::TakeInSilence => Some(header(0x8000_0004, status, sequence)),
                    Mood::Refuse(status) => Some(header(0x8000_0004, status, sequence)),
                    Mood::Stall => None,
                    Mood::HangUp => return None,
                    Mood::Nack => Some(header(0x8000_0000, CommandStatus::EsmeRinvcmdid, sequence)),
                    Mood::TakeAndUnbind => Some([taken(submit, sequence), header(6, status, 79)].concat()),
                    Mood::Babble => Some(b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec()),
                    Mood::Gather(enough) => {
                        gathered.push(taken(submit, sequence));
                        (gathered.len() == enough).then(|| gathered.drain(..).rev().flatten().collect())
                    }
                }
            }
            Pdu::DeliverSmResp(_) | Pdu::EnquireLinkResp | Pdu::UnbindResp => {
                state.acknowledged.fetch_add(1, Ordering::SeqCst);
                None
            }
            _ => None,
        };
        if let Some(answer) = answer {
            write(&mut writer, &answer, &state).await?;
        }
    }
}

async fn read<R: AsyncRead + Unpin>(reader: &mut R, state: &State) -> Option<Command> {
    let length = reader.read_u32().await.ok()?;
    let mut frame = length.to_be_bytes().to_vec();
    frame.resize(length as usize, 0);
    reader.read_exact(&mut frame[4..]).await.ok()?;
    state.frames.lock().unwrap().push(frame.clone());
    CommandCodec::new().decode(&mut BytesMut::from(&frame[..])).unwrap()
}

async fn write<S: AsyncWrite>(writer: &mut WriteHalf<S>, pdu: &[u8], state: &State) -> Option<()> {
    let piece = if state.in_pieces.load(Ordering::SeqCst) { 3 } else { pdu.len() };
    for piece in pdu.chunks(piece) {
        writer.write_all(piece).await.ok()?;
        writer.flush().await.ok()?;
        if piece.len() < pdu.len() {
            // Apart on the wire, not only in the calls.
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }
    Some(())
}

fn bound(password: &str, id: u32, sequence: u32) -> Vec<u8> {
    if password != PASSWORD {
        return header(id, CommandStatus::EsmeRinvpaswd, sequence);
    }
    let system_id = COctetString::from_str("SMSC").unwrap();
    let mut pdu = encode(Command::new(CommandStatus::EsmeRok, sequence, BindTransmitterResp::new(system_id, None)));
    pdu[4..8].copy_from_slice(&id.to_be_bytes());
    pdu
}

fn taken(submit: &SubmitSm, sequence: u32) -> Vec<u8> {
    let text = submit.short_message().as_ref();
    let id = format!("id-{}", String::from_utf8_lossy(&text[text.len() - 3..]));
    let resp = SubmitSmResp::new(COctetString::from_str(&id).unwrap(), Vec::new());
    encode(Command::new(CommandStatus::EsmeRok, sequence, resp))
}

fn encode(command: Command) -> Vec<u8> {
    let mut bytes = BytesMut::new();
    CommandCodec::new().encode(&command, &mut bytes).unwrap();
    bytes.to_vec()
}

/// A PDU without a body.
fn header(id: u32, status: CommandStatus, sequence: u32) -> Vec<u8> {
    [16, id, status.into(), sequence].iter().flat_map(|field: &u32| field.to_be_bytes()).collect()
}
