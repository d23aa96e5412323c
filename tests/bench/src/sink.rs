//! A mail server that takes everything and keeps nothing.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Serves until killed; says its port first.
pub async fn serve() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    println!("{}", listener.local_addr().unwrap().port());
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(async move { converse(stream).await });
    }
}

async fn converse(mut stream: TcpStream) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    stream.write_all(b"220 sumidero\r\n").await?;
    let mut buffer = Vec::with_capacity(256 * 1024);
    loop {
        buffer.clear();
        if !read_until(&mut stream, &mut buffer, b"\r\n").await? {
            return Ok(());
        }
        match buffer.get(..4) {
            Some(b"DATA") => {
                stream.write_all(b"354 go\r\n").await?;
                buffer.clear();
                if !read_until(&mut stream, &mut buffer, b"\r\n.\r\n").await? {
                    return Ok(());
                }
                stream.write_all(b"250 2.0.0 ok\r\n").await?;
            }
            Some(b"QUIT") => return stream.write_all(b"221 bye\r\n").await,
            _ => stream.write_all(b"250 ok\r\n").await?,
        }
    }
}

async fn read_until(stream: &mut TcpStream, buffer: &mut Vec<u8>, end: &[u8]) -> std::io::Result<bool> {
    while !buffer.ends_with(end) {
        if stream.read_buf(buffer).await? == 0 {
            return Ok(false);
        }
    }
    Ok(true)
}
