//! The program itself, as processes that can be killed.

use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStderr, Command};

use crate::sending::world::World;

/// Longer than anything here takes, so that a test that hangs says where.
const PATIENCE: Duration = Duration::from_secs(120);

/// A running `clave-segura`.
pub struct Node {
    child: Child,
    stderr: Lines<BufReader<ChildStderr>>,
}

impl Node {
    /// Starts the program over the world's database, configuration and key, so many seconds ahead.
    pub fn start(world: &World, arguments: &[&str], ahead_seconds: i64, point: Option<&str>) -> Self {
        let mut command = Command::new(binary());
        command
            .args(arguments)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("TMPDIR", world.dir.path())
            .env("DATABASE_URL", &world.test_db.url)
            .env("CONFIG_DIR", world.dir.path())
            .env("CLAVE_MAESTRA_FILE", world.key_file())
            .env("LISTEN", "127.0.0.1:0")
            .env("LEPTOS_SITE_ROOT", "target/site")
            .env("CLAVE_SEGURA_RELOJ_SEGUNDOS", ahead_seconds.to_string())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        if let Some(point) = point {
            command.env("CLAVE_SEGURA_PUNTO", point);
        }
        let mut child = command.spawn().unwrap();
        let stderr = BufReader::new(child.stderr.take().unwrap()).lines();
        Self { child, stderr }
    }

    /// Waits for a line on standard error that holds this; false when the process ended before.
    pub async fn said(&mut self, text: &str) -> bool {
        let reading = async {
            while let Ok(Some(line)) = self.stderr.next_line().await {
                if line.contains(text) {
                    return true;
                }
            }
            false
        };
        tokio::time::timeout(PATIENCE, reading).await.unwrap_or_else(|_| panic!("never said {text}"))
    }

    /// `kill -9`.
    pub async fn kill(mut self) {
        self.child.kill().await.unwrap();
    }

    /// SIGTERM, and how the process ended.
    pub async fn terminate(self) -> ExitStatus {
        let id = self.child.id().unwrap().to_string();
        let sent = Command::new("kill").args(["-TERM", &id]).status().await.unwrap();
        assert!(sent.success());
        self.ended().await.0
    }

    /// Waits for its end: how, and what it said last.
    pub async fn ended(mut self) -> (ExitStatus, String) {
        let mut rest = String::new();
        let ending = async {
            let _ = self.stderr.get_mut().read_to_string(&mut rest).await;
            self.child.wait().await.unwrap()
        };
        let status = tokio::time::timeout(PATIENCE, ending).await.expect("the process does not end");
        (status, rest)
    }
}

/// The program built beside this test.
pub fn binary() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let path = test.parent().unwrap().parent().unwrap().join("clave-segura");
    assert!(path.is_file(), "build the program first: cargo build --workspace --all-targets");
    path
}
