//! The digest of a file while it is read: which extract a selection goes back to, without keeping it.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use sha2::{Digest, Sha256};
use tokio::io::{AsyncRead, ReadBuf};

/// A reader that digests what passes.
pub(super) struct Digesting<R> {
    inner: R,
    digest: Running,
}

/// The digest of what has passed so far.
#[derive(Clone, Default)]
pub(super) struct Running(Arc<Mutex<Sha256>>);

impl<R> Digesting<R> {
    /// Around a reader, with its digest.
    pub(super) fn new(inner: R) -> (Self, Running) {
        let digest = Running::default();
        (Self { inner, digest: digest.clone() }, digest)
    }
}

impl Running {
    /// As hexadecimal text.
    pub(super) fn hex(&self) -> String {
        let digest = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone().finalize();
        digest.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

impl<R: AsyncRead + Unpin> AsyncRead for Digesting<R> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        ready!(Pin::new(&mut self.inner).poll_read(cx, buf))?;
        let mut digest = self.digest.0.lock().unwrap_or_else(PoisonError::into_inner);
        digest.update(&buf.filled()[before..]);
        Poll::Ready(Ok(()))
    }
}
