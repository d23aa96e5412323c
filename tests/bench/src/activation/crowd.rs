//! A thousand connections that say nothing, or a letter a second, while a merchant activates.

use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::task::JoinHandle;

/// Connections that stay; they end with this.
pub struct Crowd(Vec<JoinHandle<()>>);

impl Crowd {
    /// Half of them idle, half of them sending their headers a letter a second.
    pub async fn gather(address: &str, count: usize) -> Self {
        let mut members = Vec::with_capacity(count);
        for index in 0..count {
            let address = address.to_owned();
            members.push(tokio::spawn(async move { stay(&address, index % 2 == 0).await }));
        }
        tokio::time::sleep(Duration::from_secs(2)).await;
        Self(members)
    }
}

impl Drop for Crowd {
    fn drop(&mut self) {
        self.0.iter().for_each(JoinHandle::abort);
    }
}

/// Whoever is thrown out comes back.
async fn stay(address: &str, idle: bool) {
    loop {
        let Ok(mut stream) = TcpStream::connect(address).await else { return };
        let letters =
            b"GET /activacion/55 HTTP/1.1\r\nHost: claves.example\r\nX-Slow: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
        if idle {
            _ = stream.readable().await;
        } else {
            for letter in letters.iter().cycle() {
                if stream.write_all(&[*letter]).await.is_err() {
                    break;
                }
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
