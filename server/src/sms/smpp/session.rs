//! One bound session: requests out, whatever the SMSC sends in.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::Poll;

use contract::ChamberCode;
use futures::{Stream, StreamExt};
use rusmpp::pdus::{BindTransceiver, BindTransmitter, DeliverSmResp, SubmitSm, SubmitSmResp};
use rusmpp::values::InterfaceVersion;
use rusmpp::{CommandId, CommandStatus};
use rusmppc::error::Error;
use rusmppc::{Client, ConnectionBuilder, Event};
use tokio::task::AbortHandle;

use super::wire::Wire;
use crate::config::{BindMode, SmppSms};
use crate::sms::SmsError;

/// More than any answer to what is sent here; a longer PDU ends the session.
const LONGEST_PDU: usize = 16 * 1024;

pub(super) struct Session {
    client: Client,
    /// Requests handed to the connection whose answer has not come.
    waiting: Arc<AtomicUsize>,
    answered: AtomicBool,
    /// The reader of what the SMSC sends by itself; it ends with the session.
    reader: AbortHandle,
}

impl Drop for Session {
    fn drop(&mut self) {
        self.reader.abort();
    }
}

/// Counts one request for as long as it lives.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn begin(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(count)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Session {
    /// Speaks SMPP over a connection and binds as `SMS_SMPP_*` say.
    pub(super) async fn bind(settings: &SmppSms, wire: Box<dyn Wire>, camara: ChamberCode) -> Result<Self, SmsError> {
        // The library checks for version 5.0; operators speak 3.4. Time-outs are ours, see `send`.
        let (client, events, connection) = ConnectionBuilder::new()
            .max_command_length(LONGEST_PDU)
            .enquire_link_interval(settings.enquire_every)
            .enquire_link_response_timeout(settings.patience)
            .no_response_timeout()
            .disable_interface_version_check()
            .no_spawn()
            .connected(wire);
        let waiting = Arc::new(AtomicUsize::new(1));
        tokio::spawn(drive(connection, Arc::clone(&waiting)));
        let reader = tokio::spawn(read(events, client.clone(), camara)).abort_handle();
        let session = Self { client, waiting, answered: AtomicBool::new(false), reader };
        session.log_in(settings).await?;
        session.waiting.fetch_sub(1, Ordering::Relaxed);
        Ok(session)
    }

    async fn log_in(&self, settings: &SmppSms) -> Result<(), SmsError> {
        let bound = match settings.mode {
            BindMode::Transmitter => {
                let bind = BindTransmitter::builder()
                    .system_id(settings.system_id.clone())
                    .password(settings.password.clone())
                    .system_type(settings.system_type.clone())
                    .interface_version(InterfaceVersion::Smpp3_4)
                    .build();
                self.client.bind_transmitter(bind).await.map(drop)
            }
            BindMode::Transceiver => {
                let bind = BindTransceiver::builder()
                    .system_id(settings.system_id.clone())
                    .password(settings.password.clone())
                    .system_type(settings.system_type.clone())
                    .interface_version(InterfaceVersion::Smpp3_4)
                    .build();
                self.client.bind_transceiver(bind).await.map(drop)
            }
        };
        match bound {
            Ok(()) => Ok(()),
            // Some SMSC leave the body out even when they accept.
            Err(Error::UnexpectedResponse { response })
                if response.status() == CommandStatus::EsmeRok && response.id() != CommandId::GenericNack =>
            {
                Ok(())
            }
            Err(Error::UnexpectedResponse { response }) => Err(SmsError::Bind(response.status().into())),
            Err(_) => Err(SmsError::Unreachable),
        }
    }

    /// Sends one SMS and waits for its answer, for as long as the caller does.
    pub(super) async fn submit(&self, submit: SubmitSm) -> Result<SubmitSmResp, Error> {
        let _waiting = Waiting::begin(&self.waiting);
        let answer = self.client.submit_sm(submit).await;
        if matches!(answer, Ok(_) | Err(Error::UnexpectedResponse { .. })) {
            self.answered.store(true, Ordering::Relaxed);
        }
        answer
    }

    /// Whether it can still take requests.
    pub(super) fn is_active(&self) -> bool {
        self.client.is_active()
    }

    /// Whether the SMSC ever answered an SMS in it.
    pub(super) fn has_answered(&self) -> bool {
        self.answered.load(Ordering::Relaxed)
    }
}

/// Runs the connection. The library takes up to two requests each time it is woken and does not wake
/// itself for the rest: it is polled once more for each request under way, so that none waits for
/// another one's answer.
async fn drive(connection: impl Future<Output = ()>, waiting: Arc<AtomicUsize>) {
    let mut connection = pin!(connection);
    std::future::poll_fn(|context| {
        for _ in 0..=waiting.load(Ordering::Relaxed) {
            if connection.as_mut().poll(context).is_ready() {
                return Poll::Ready(());
            }
        }
        Poll::Pending
    })
    .await;
}

/// Acknowledges what the SMSC sends by itself. Nothing of it is kept: it may hold anything.
async fn read(mut events: impl Stream<Item = Event> + Unpin, client: Client, camara: ChamberCode) {
    while let Some(event) = events.next().await {
        let answered = match event {
            Event::Incoming(command) => match command.id() {
                CommandId::DeliverSm => {
                    client.deliver_sm_resp(command.sequence_number(), DeliverSmResp::default()).await
                }
                CommandId::Unbind => {
                    let said = client.unbind_resp(command.sequence_number()).await;
                    said.and(client.close().await)
                }
                // An answer that came after its request was given up, or something unknown.
                _ => Ok(()),
            },
            Event::Error(error) => Err(error),
        };
        if let Err(error) = answered {
            tracing::warn!(%camara, causa = cause(&error), "SMSC connection lost");
        }
    }
}

/// The kind of an error: the library's own text may hold whole PDUs.
const fn cause(error: &Error) -> &'static str {
    match error {
        Error::ConnectionClosed => "closed",
        Error::ConnectionClosedByPeer => "closed by the SMSC",
        Error::EnquireLinkTimeout { .. } => "enquire_link not answered",
        Error::Io(_) => "input or output failed",
        Error::Decode(_) => "unreadable PDU",
        _ => "other",
    }
}
