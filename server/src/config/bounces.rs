//! `REBOTES_*`: where the chamber's delivery-status notifications come back, and how often they are
//! read. Nothing here stops sending: a chamber without it only learns nothing of what came back.

use std::path::PathBuf;

use contract::Email;
use zeroize::Zeroizing;

use super::{Encryption, Fault, Variables};

/// Reading of bounces, completely configured.
#[derive(Clone, Debug)]
pub struct Bounces {
    /// Where they lie.
    pub source: BounceSource,
    /// `REBOTES_MINUTOS`: how often the server looks, 1–1440.
    pub minutes: i64,
}

/// Where notifications lie.
#[derive(Clone, Debug)]
pub enum BounceSource {
    /// `REBOTES_CARPETA`: a folder of .eml files or a Maildir; a relative path counts from `CONFIG_DIR`.
    Folder(PathBuf),
    /// `REBOTES_IMAP_*`.
    Imap(ImapAccount),
}

/// A mailbox on a server (`REBOTES_IMAP_*`).
#[derive(Clone)]
pub struct ImapAccount {
    /// `REBOTES_IMAP_SERVIDOR`.
    pub server: String,
    /// `REBOTES_IMAP_PUERTO`.
    pub port: u16,
    /// `REBOTES_IMAP_ENCRIPTION`, in the words of `MASIVOS_SMTP_ENCRIPTION`.
    pub encryption: Encryption,
    /// `REBOTES_IMAP_CUENTA`.
    pub account: String,
    /// `REBOTES_IMAP_CLAVE`.
    pub password: Zeroizing<String>,
    /// `REBOTES_IMAP_BUZON`.
    pub mailbox: String,
    /// `REBOTES_IMAP_CA`: a certificate in PEM to trust besides the system's.
    pub extra_ca: Option<PathBuf>,
}

/// `REBOTES_DIRECCION`: the address to which bounces come back (VERP). Each mail's own goes out as
/// `local+TOKEN@domain`, with the token of its Message-ID.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BounceAddress {
    local: String,
    domain: String,
}

/// A local part holds at most 64 letters (RFC 5321 §4.5.3.1.1), of which the token and its sign take 44.
const MAX_LOCAL: usize = 64 - 44;

impl BounceAddress {
    /// An address short enough to take the token in.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let address = Email::parse(text)?;
        let (local, domain) = address.as_str().split_once('@')?;
        let fits = local.len() <= MAX_LOCAL && !local.contains('+');
        fits.then(|| Self { local: local.to_owned(), domain: domain.to_owned() })
    }

    /// The address of the mail with this token.
    #[must_use]
    pub fn with_token(&self, token: &str) -> String {
        format!("{}+{token}@{}", self.local, self.domain)
    }

    /// The token, when `address` is one of ours, in whatever case servers on the way left it.
    #[must_use]
    pub fn token_of<'a>(&self, address: &'a str) -> Option<&'a str> {
        let (local, domain) = address.rsplit_once('@')?;
        let (name, token) = local.split_once('+')?;
        let ours = name.eq_ignore_ascii_case(&self.local) && domain.eq_ignore_ascii_case(&self.domain);
        (ours && is_token(token)).then_some(token)
    }
}

/// Letters of a Message-ID's own part as `secrets::random_token` makes it.
fn is_token(text: &str) -> bool {
    text.len() == 43 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

/// `REBOTES_DIRECCION`, when it is set and usable.
pub(super) fn address(vars: &Variables, file: &str, faults: &mut Vec<Fault>) -> Option<BounceAddress> {
    let text = vars.get("REBOTES_DIRECCION")?;
    let address = BounceAddress::parse(text);
    if address.is_none() {
        let remedy = format!(
            "escriba un correo sin «+» y con {MAX_LOCAL} letras o menos antes de la arroba, por ejemplo rebotes@camara.org.co"
        );
        faults.push(Fault::in_file(file, "REBOTES_DIRECCION", remedy));
    }
    address
}

impl Bounces {
    /// What is configured; `None` when nothing is, or not all that is needed (each a fault).
    pub(super) fn read(
        vars: &Variables,
        file: &str,
        relative: &dyn Fn(&str) -> PathBuf,
        faults: &mut Vec<Fault>,
    ) -> Option<Self> {
        let minutes = match vars.get("REBOTES_MINUTOS").map(str::parse::<i64>) {
            None => 15,
            Some(Ok(minutes)) if (1..=1_440).contains(&minutes) => minutes,
            Some(_) => {
                faults.push(Fault::in_file(file, "REBOTES_MINUTOS", "escriba un número entero entre 1 y 1440"));
                15
            }
        };
        let folder = vars.get("REBOTES_CARPETA").map(relative);
        let imap = IMAP.iter().any(|name| vars.get(name).is_some());
        let source = match folder {
            Some(folder) => {
                if imap {
                    let remedy = "se lee esta carpeta y no el buzón: deje REBOTES_CARPETA o REBOTES_IMAP_*, no ambas";
                    faults.push(Fault::in_file(file, "REBOTES_CARPETA", remedy));
                }
                if !folder.is_dir() {
                    let remedy = format!("no existe la carpeta {}", folder.display());
                    faults.push(Fault::in_file(file, "REBOTES_CARPETA", remedy));
                }
                BounceSource::Folder(folder)
            }
            None if imap => BounceSource::Imap(account(vars, file, relative, faults)?),
            None => return None,
        };
        Some(Self { source, minutes })
    }
}

const IMAP: [&str; 7] = [
    "REBOTES_IMAP_SERVIDOR",
    "REBOTES_IMAP_PUERTO",
    "REBOTES_IMAP_ENCRIPTION",
    "REBOTES_IMAP_CUENTA",
    "REBOTES_IMAP_CLAVE",
    "REBOTES_IMAP_BUZON",
    "REBOTES_IMAP_CA",
];

fn account(
    vars: &Variables,
    file: &str,
    relative: &dyn Fn(&str) -> PathBuf,
    faults: &mut Vec<Fault>,
) -> Option<ImapAccount> {
    let before = faults.len();
    let mut need = |name: &str, remedy: &str| {
        let value = vars.get(name);
        if value.is_none() {
            faults.push(Fault::in_file(file, name, remedy));
        }
        value.unwrap_or_default().to_owned()
    };
    let server = need("REBOTES_IMAP_SERVIDOR", "escriba el nombre del servidor IMAP del buzón de rebotes");
    let account = need("REBOTES_IMAP_CUENTA", "escriba la cuenta del buzón de rebotes");
    let password = need("REBOTES_IMAP_CLAVE", "escriba la contraseña del buzón de rebotes");
    let port = vars.get("REBOTES_IMAP_PUERTO").and_then(|text| text.parse().ok()).filter(|port| *port != 0_u16);
    if port.is_none() {
        faults.push(Fault::in_file(file, "REBOTES_IMAP_PUERTO", "escriba el puerto, por ejemplo 993 o 143"));
    }
    let encryption = Encryption::parse(vars.get("REBOTES_IMAP_ENCRIPTION"));
    if encryption.is_none() {
        faults.push(Fault::in_file(file, "REBOTES_IMAP_ENCRIPTION", "escriba ssl, tls o déjela vacía"));
    }
    let (port, encryption) = (port?, encryption?);
    let complete = faults.len() == before;
    complete.then(|| ImapAccount {
        server,
        port,
        encryption,
        account,
        password: Zeroizing::new(password),
        mailbox: vars.get("REBOTES_IMAP_BUZON").unwrap_or("INBOX").to_owned(),
        extra_ca: vars.get("REBOTES_IMAP_CA").map(relative),
    })
}

impl std::fmt::Debug for ImapAccount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ImapAccount({}:{}, {:?})", self.server, self.port, self.encryption)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> (Option<Bounces>, Vec<String>) {
        let mut faults = Vec::new();
        let vars = Variables::from_pairs(pairs);
        let bounces = Bounces::read(&vars, "common55.env", &|text| std::env::temp_dir().join(text), &mut faults);
        (bounces, faults.into_iter().map(|fault| fault.variable).collect())
    }

    #[test]
    fn nothing_set_is_no_fault_and_each_missing_part_is_one() {
        assert!(matches!(read(&[]), (None, faults) if faults.is_empty()));
        let (none, faults) = read(&[("REBOTES_IMAP_SERVIDOR", "imap.camara.org.co")]);
        assert!(none.is_none());
        assert_eq!(faults, ["REBOTES_IMAP_CUENTA", "REBOTES_IMAP_CLAVE", "REBOTES_IMAP_PUERTO"]);
        assert_eq!(read(&[("REBOTES_MINUTOS", "0")]).1, ["REBOTES_MINUTOS"]);
        assert_eq!(read(&[("REBOTES_CARPETA", "no-existe-esta")]).1, ["REBOTES_CARPETA"]);
    }

    #[test]
    fn a_whole_account_is_read_and_its_password_never_shown() {
        let (bounces, faults) = read(&[
            ("REBOTES_IMAP_SERVIDOR", "imap.camara.org.co"),
            ("REBOTES_IMAP_PUERTO", "993"),
            ("REBOTES_IMAP_ENCRIPTION", "SSL"),
            ("REBOTES_IMAP_CUENTA", "rebotes"),
            ("REBOTES_IMAP_CLAVE", "muy secreta"),
            ("REBOTES_MINUTOS", "5"),
        ]);
        assert_eq!(faults, Vec::<String>::new());
        let bounces = bounces.unwrap();
        assert!(!format!("{bounces:?}").contains("secreta"));
        let BounceSource::Imap(account) = bounces.source else { panic!("{bounces:?}") };
        assert_eq!((account.encryption, account.mailbox.as_str(), bounces.minutes), (Encryption::Implicit, "INBOX", 5));
    }

    #[test]
    fn the_bounce_address_carries_a_token_and_gives_it_back() {
        let address = BounceAddress::parse("Rebotes@camara.org.co").unwrap();
        let token = crate::secrets::random_token();
        let own = address.with_token(&token);
        assert_eq!(own, format!("rebotes+{token}@camara.org.co"));
        assert!(own.split('@').next().unwrap().len() <= 64);
        assert_eq!(address.token_of(&own.replace("rebotes", "REBOTES")), Some(token.as_str()));
        for other in
            [format!("otra+{token}@camara.org.co"), format!("rebotes+{token}@x.co"), "rebotes+x@camara.org.co".into()]
        {
            assert_eq!(address.token_of(&other), None, "{other}");
        }
        assert_eq!(BounceAddress::parse("un-nombre-demasiado-largo@camara.org.co"), None);
        assert_eq!(BounceAddress::parse("rebotes+x@camara.org.co"), None);
    }
}
