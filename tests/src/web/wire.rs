//! A client that speaks as slowly and as badly as a test wants.

use std::time::{Duration, Instant};

use server::config::WebLimits;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::support::site::TestSite;

/// Longer than anything here takes; whoever waits so long has failed.
const PATIENCE: Duration = Duration::from_secs(15);

/// Limits that a test can wait for.
pub fn impatient() -> WebLimits {
    WebLimits {
        head: Duration::from_millis(600),
        body: Duration::from_millis(600),
        idle: Duration::from_millis(900),
        window: Duration::from_millis(600),
        grace: Duration::from_millis(800),
        ..WebLimits::default()
    }
}

/// The site once more, under limits of the test's own.
pub struct Door {
    pub address: String,
    stop: Option<oneshot::Sender<()>>,
    pub served: JoinHandle<()>,
}

impl Door {
    pub async fn open(site: &TestSite, limits: WebLimits) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let (stop, stopped) = oneshot::channel();
        let app = site.app.clone();
        let served = tokio::spawn(async move {
            server::web::serve(listener, app, limits, async move {
                let _ = stopped.await;
            })
            .await;
        });
        Self { address, stop: Some(stop), served }
    }

    pub async fn call(&self) -> Wire {
        Wire { stream: TcpStream::connect(&self.address).await.unwrap(), begun: Instant::now() }
    }

    /// A client whose socket takes two kilobytes at a time.
    pub async fn call_with_a_small_ear(&self) -> Wire {
        let socket = tokio::net::TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(2 * 1024).unwrap();
        Wire { stream: socket.connect(self.address.parse().unwrap()).await.unwrap(), begun: Instant::now() }
    }

    pub fn stop(&mut self) {
        let _ = self.stop.take().unwrap().send(());
    }
}

/// One connection.
pub struct Wire {
    stream: TcpStream,
    pub begun: Instant,
}

impl Wire {
    pub async fn say(&mut self, text: &str) {
        // A connection that is gone is found out by whoever reads.
        let _ = self.stream.write_all(text.as_bytes()).await;
    }

    /// A request to a page without cookies.
    pub async fn get(&mut self, path: &str) {
        self.say(&format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")).await;
    }

    /// Everything until the server hangs up, and how long the connection lived.
    pub async fn until_the_end(mut self) -> (String, Duration) {
        let mut text = Vec::new();
        let read = timeout(PATIENCE, self.stream.read_to_end(&mut text)).await;
        let _ = read.expect("the server hangs up");
        (String::from_utf8_lossy(&text).into_owned(), self.begun.elapsed())
    }

    /// One answer with a Content-Length, whole.
    pub async fn answer(&mut self) -> String {
        let mut text = String::new();
        let read = async {
            let mut buffer = [0; 4096];
            loop {
                let count = self.stream.read(&mut buffer).await.unwrap_or(0);
                text.push_str(&String::from_utf8_lossy(&buffer[..count]));
                if count == 0 || is_whole(&text) {
                    return;
                }
            }
        };
        timeout(PATIENCE, read).await.expect("an answer");
        text
    }

    /// What comes within a moment: an answer to `Expect`, or nothing.
    pub async fn glance(&mut self) -> String {
        let mut buffer = [0; 4096];
        let read = timeout(Duration::from_millis(300), self.stream.read(&mut buffer)).await;
        String::from_utf8_lossy(&buffer[..read.map_or(0, Result::unwrap)]).into_owned()
    }

    /// Whether the server has hung up within this time.
    pub async fn ends_within(&mut self, time: Duration) -> bool {
        let mut buffer = [0; 64];
        let read = async { while self.stream.read(&mut buffer).await.unwrap_or(0) > 0 {} };
        timeout(time, read).await.is_ok()
    }
}

fn is_whole(text: &str) -> bool {
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
    length.is_some_and(|length: usize| body.len() >= length)
}
