//! The server's own loop of connections: axum's has no defence against clients that are slow on
//! purpose. Only HTTP/1.1 is spoken, as every proxy speaks it to what stands behind it.

mod activity;
mod crowd;
mod io;

use std::convert::Infallible;
use std::future::Future;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::ConnectInfo;
use http::{Request, Response};
use hyper::body::{Frame, Incoming, SizeHint};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::time::{sleep, sleep_until, timeout};
use tower::ServiceExt;

use activity::Verdict;
pub(super) use activity::{Activity, AwaitsBody, is_slow};
use crowd::{Crowd, Ticket};
use io::Watched;

use crate::config::WebLimits;
use crate::startup::App;

/// The most that a request's head may take, and a connection's buffers.
const HEAD_BYTES: usize = 16 * 1024;
const BUFFER_BYTES: usize = 64 * 1024;

/// Rest after an accept that failed for want of files: without it the loop would only turn.
const BREATH: Duration = Duration::from_millis(50);

/// Serves the site until `stop`; then nothing is accepted any more, connections without a request close,
/// and requests under way get [`WebLimits::grace`] to end.
pub async fn serve(listener: TcpListener, app: App, limits: WebLimits, stop: impl Future<Output = ()>) {
    let crowd = Arc::new(Crowd::new(limits, app.settings.globals.trusted_proxies.clone()));
    let site = super::router(app);
    let (closing, _) = watch::channel(false);
    let mut stop = pin!(stop);
    loop {
        let accepted = tokio::select! {
            biased;
            () = &mut stop => break,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, peer)) => {
                // Dropping the stream is the whole answer to one too many.
                if let Some(ticket) = crowd.admit(peer.ip(), Instant::now()) {
                    tokio::spawn(attend(stream, peer, ticket, site.clone(), limits, closing.subscribe()));
                }
            }
            Err(error) => {
                tracing::debug!(%error, "accept failed");
                crowd.make_room();
                sleep(BREATH).await;
            }
        }
    }
    drop(listener);
    closing.send_replace(true);
    crowd.cut_waiting();
    if timeout(limits.grace, closing.closed()).await.is_err() {
        crowd.cut_all();
    }
}

/// One connection, from its first byte to its last.
async fn attend(
    stream: TcpStream,
    peer: SocketAddr,
    ticket: Ticket,
    site: Router,
    limits: WebLimits,
    mut closing: watch::Receiver<bool>,
) {
    // Small answers must not wait for a full packet.
    let _ = stream.set_nodelay(true);
    let activity = Arc::clone(ticket.activity());
    let answering = Arc::clone(&activity);
    let service = service_fn(move |request| answer(site.clone(), Arc::clone(&answering), limits, peer, request));
    let io = TokioIo::new(Watched { stream, activity: Arc::clone(&activity) });
    let mut builder = http1::Builder::new();
    // The head's time is measured here, together with everything else a connection may take.
    builder.header_read_timeout(None).max_header_size(HEAD_BYTES).max_buf_size(BUFFER_BYTES);
    let mut connection = pin!(builder.serve_connection(io, service));

    let mut look = pin!(sleep_until((Instant::now() + limits.head.min(limits.idle)).into()));
    let mut told = false;
    loop {
        tokio::select! {
            ended = connection.as_mut() => {
                if let Err(error) = ended {
                    tracing::trace!(%error, "connection ended");
                }
                return;
            }
            () = activity.cut() => return,
            () = look.as_mut() => match activity.judge(Instant::now(), &limits) {
                Verdict::Cut => return,
                Verdict::LookAgain(at) => look.as_mut().reset(at.into()),
            },
            _ = closing.changed(), if !told => {
                told = true;
                connection.as_mut().graceful_shutdown();
            }
        }
    }
}

async fn answer(
    site: Router,
    activity: Arc<Activity>,
    limits: WebLimits,
    peer: SocketAddr,
    request: Request<Incoming>,
) -> Result<Response<Answer>, Infallible> {
    let under_way = activity.begin_request();
    let mut request = request.map(Body::new);
    request.extensions_mut().insert(ConnectInfo(peer));
    request.extensions_mut().insert(activity);
    request.extensions_mut().insert(limits);
    let response = site.oneshot(request).await?;
    Ok(response.map(|body| Answer { body, _under_way: under_way }))
}

/// An answer's body; with it the request ends.
struct Answer {
    body: Body,
    _under_way: activity::UnderWay,
}

impl HttpBody for Answer {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
