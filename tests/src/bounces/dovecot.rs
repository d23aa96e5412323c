//! A real IMAP server, thrown away afterwards: Debian's Dovecot with a configuration of its own on a
//! free port of 127.0.0.1, and a Maildir that tests deliver to and look into.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use openssl::pkcs12::Pkcs12;
use server::config::{Encryption, ImapAccount};

use crate::support::tls;

/// Letters that IMAP must quote, and one beyond ASCII.
pub const PASSWORD: &str = r#"clave\del"buzón"#;

pub struct Dovecot {
    child: Child,
    dir: tempfile::TempDir,
    plain: u16,
    encrypted: u16,
}

impl Drop for Dovecot {
    fn drop(&mut self) {
        if !matches!(self.child.try_wait(), Ok(None)) {
            return;
        }
        // Its master ends what it started; killed, it could not.
        let _ = Command::new("kill").arg(self.child.id().to_string()).status();
        let _ = self.child.wait();
    }
}

impl Dovecot {
    /// Starts it and waits until it listens; a port taken meanwhile by another process gets a second
    /// and a third try.
    pub fn start() -> Self {
        (0..3).find_map(|_| Self::try_start()).expect("Dovecot found no free port")
    }

    fn try_start() -> Option<Self> {
        let program = ["/usr/sbin/dovecot", "/usr/bin/dovecot", "/usr/local/sbin/dovecot"];
        let program = program.into_iter().find(|path| Path::new(path).exists());
        let program = program.expect("Dovecot is missing: scripts/tools.sh test installs it");
        let dir = tempfile::tempdir().unwrap();
        fs::set_permissions(dir.path(), Permissions::from_mode(0o755)).unwrap();
        let (p12, pem) = tls::server(&["localhost"]);
        let key = Pkcs12::from_der(&p12).unwrap().parse2("x").unwrap().pkey.unwrap();
        fs::write(dir.path().join("key.pem"), key.private_key_to_pem_pkcs8().unwrap()).unwrap();
        fs::write(dir.path().join("ca.pem"), pem).unwrap();
        // Root may read no mail in Dovecot: then it belongs to nobody, else to whoever runs the test.
        let (uid, gid, user) = (id("-u"), id("-g"), id("-un"));
        let root = uid == "0";
        for name in ["run", "mail", "mail/new", "mail/cur", "mail/tmp"] {
            let path = dir.path().join(name);
            fs::create_dir(&path).unwrap();
            if root && name != "run" {
                std::os::unix::fs::chown(&path, Some(65_534), Some(65_534)).unwrap();
            }
        }
        let owner = if root { "uid=65534 gid=65534".to_owned() } else { format!("uid={uid} gid={gid}") };
        let rootless = format!(
            "default_internal_user = {user}\ndefault_login_user = {user}\ndefault_internal_group = {}\n\
             service anvil {{\n  chroot =\n}}\nservice imap-login {{\n  chroot =\n}}\nservice stats {{\n  chroot =\n}}\n",
            id("-gn")
        );
        let (plain, encrypted) = (free_port(), free_port());
        let home = dir.path().display();
        let config = format!(
            "base_dir = {home}/run\nstate_dir = {home}/run\nlog_path = {home}/log\nprotocols = imap\nlisten = 127.0.0.1\n\
             ssl = yes\nssl_cert = <{home}/ca.pem\nssl_key = <{home}/key.pem\ndisable_plaintext_auth = no\n\
             first_valid_uid = 0\nmail_location = maildir:{home}/mail\nauth_failure_delay = 0\n{}\
             passdb {{\n  driver = static\n  args = password={PASSWORD}\n}}\n\
             userdb {{\n  driver = static\n  args = {owner} home={home}\n}}\n\
             service imap-login {{\n  inet_listener imap {{\n    port = {plain}\n  }}\n  inet_listener imaps {{\n    \
             port = {encrypted}\n  }}\n}}\n",
            if root { "" } else { &rootless }
        );
        fs::write(dir.path().join("dovecot.conf"), config).unwrap();
        let child = Command::new(program)
            .args(["-F", "-c"])
            .arg(dir.path().join("dovecot.conf"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut server = Self { child, dir, plain, encrypted };
        let begun = Instant::now();
        loop {
            // Its master says so once it listens; whoever answers at the port may be another's.
            let log = fs::read_to_string(server.dir.path().join("log")).unwrap_or_default();
            if log.contains("starting up") {
                return Some(server);
            }
            assert!(begun.elapsed() < Duration::from_secs(30), "Dovecot does not start: {log}");
            if server.child.try_wait().unwrap().is_some() {
                assert!(log.contains("already in use"), "Dovecot ended: {log}");
                return None;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    pub fn account(&self, encryption: Encryption) -> ImapAccount {
        ImapAccount {
            server: "localhost".to_owned(),
            port: if encryption == Encryption::Implicit { self.encrypted } else { self.plain },
            encryption,
            account: "rebotes".to_owned(),
            password: PASSWORD.to_owned().into(),
            mailbox: "INBOX".to_owned(),
            extra_ca: Some(self.dir.path().join("ca.pem")),
        }
    }

    /// Delivers a mail as a mail server does.
    pub fn deliver(&self, name: &str, raw: &[u8]) {
        let (tmp, new) = (self.mail().join("tmp").join(name), self.mail().join("new").join(name));
        fs::write(&tmp, raw).unwrap();
        if id("-u") == "0" {
            std::os::unix::fs::chown(&tmp, Some(65_534), Some(65_534)).unwrap();
        }
        fs::rename(tmp, new).unwrap();
    }

    /// Each mail and its flags as they stand on the disk, by name: `S` is seen, a small letter a keyword.
    pub fn flags(&self) -> Vec<(String, String)> {
        let mut mails = Vec::new();
        for folder in ["new", "cur"] {
            for entry in fs::read_dir(self.mail().join(folder)).unwrap() {
                let name = entry.unwrap().file_name().into_string().unwrap();
                let (name, flags) = name.split_once(":2,").unwrap_or((name.as_str(), ""));
                let name = name.split(',').next().unwrap_or_default();
                mails.push((name.to_owned(), flags.to_owned()));
            }
        }
        mails.sort();
        mails
    }

    fn mail(&self) -> PathBuf {
        self.dir.path().join("mail")
    }
}

fn id(what: &str) -> String {
    let output = Command::new("id").arg(what).output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}
