//! What the environment says for the whole process.

use std::net::SocketAddr;
use std::path::PathBuf;

use super::{Fault, Network, Variables, WebLimits};

/// The process' own settings.
#[derive(Clone)]
pub struct Globals {
    /// `DATABASE_URL`: `sqlite://…` or `postgres://…` (may hold a password: never printed).
    pub database_url: String,
    /// `PUBLIC_URL`: the address that links in mails are built from.
    pub public_url: PublicUrl,
    /// `LISTEN`: address and port.
    pub listen: SocketAddr,
    /// `CONFIG_DIR`: the folder of the CommonXX files.
    pub config_dir: PathBuf,
    /// `CLAVE_MAESTRA_FILE`: 32 bytes in base64, one key a line, the current one first.
    pub master_key_file: PathBuf,
    /// `LEPTOS_SITE_ROOT`: the built site.
    pub site_root: PathBuf,
    /// `PROXIES_CONFIABLES`: addresses and networks whose `X-Forwarded-For` counts.
    pub trusted_proxies: Vec<Network>,
    /// `METRICAS_REDES`: addresses and networks that may read `/metrics`, besides this machine.
    pub metrics_readers: Vec<Network>,
    /// What connections and requests may take.
    pub web: WebLimits,
}

/// The public address, without a slash at its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl(String);

impl PublicUrl {
    /// `http://` or `https://` and a host; no path, query or fragment.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let url = text.trim().trim_end_matches('/');
        let uri: http::Uri = url.parse().ok()?;
        let web = matches!(uri.scheme_str(), Some("http" | "https"));
        let bare = matches!(uri.path(), "" | "/") && uri.query().is_none();
        (web && bare && uri.host().is_some_and(|host| !host.is_empty())).then(|| Self(url.to_owned()))
    }

    /// The address, for instance `https://claves.ccas.org.co`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether browsers reach it by TLS: decides `Secure` and `__Host-` for cookies.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.0.starts_with("https://")
    }

    /// Host without port.
    #[must_use]
    pub fn host(&self) -> String {
        self.0.parse::<http::Uri>().ok().and_then(|uri| uri.host().map(str::to_owned)).unwrap_or_default()
    }

    /// Whether it names this very machine: the demo's mailbox is refused otherwise.
    #[must_use]
    pub fn is_local(&self) -> bool {
        is_this_machine(&self.host())
    }

    /// Whether a request's `Host` means this site: the public host under any port, since a proxy may
    /// listen on another one; where that is this machine, any of its names.
    #[must_use]
    pub fn is_called(&self, host: &str) -> bool {
        let Ok(authority) = host.parse::<http::uri::Authority>() else { return false };
        let asked = authority.host();
        !host.contains('@') && (asked.eq_ignore_ascii_case(&self.host()) || (self.is_local() && is_this_machine(asked)))
    }
}

fn is_this_machine(host: &str) -> bool {
    matches!(host, "localhost" | "127.0.0.1" | "[::1]")
}

impl Globals {
    /// Reads the environment. A wrong value becomes a fault and its default is used, so that all
    /// faults can be listed at once; the server does not start with any.
    #[must_use]
    pub fn read(env: &Variables) -> (Self, Vec<Fault>) {
        let mut faults = Vec::new();
        let path = |name: &str, default: &str| PathBuf::from(env.get(name).unwrap_or(default));

        let database_url = env.get("DATABASE_URL").unwrap_or("sqlite://var/clave-segura.db").to_owned();
        if !["sqlite:", "postgres://", "postgresql://"].iter().any(|scheme| database_url.starts_with(scheme)) {
            faults.push(Fault::global("DATABASE_URL", "use sqlite://RUTA o postgres://USUARIO:CLAVE@SERVIDOR/BASE"));
        }
        let public_text = env.get("PUBLIC_URL").unwrap_or("http://127.0.0.1:8080");
        let public_url = PublicUrl::parse(public_text).unwrap_or_else(|| {
            faults.push(Fault::global(
                "PUBLIC_URL",
                "escriba la dirección pública completa, por ejemplo https://claves.camara.org.co",
            ));
            PublicUrl("http://127.0.0.1:8080".to_owned())
        });
        if !public_url.is_https() && !public_url.is_local() {
            faults.push(Fault::global("PUBLIC_URL", "use https: por esta dirección viajan claves"));
        }
        let listen = env.get("LISTEN").unwrap_or("127.0.0.1:8080").parse().unwrap_or_else(|_| {
            faults.push(Fault::global("LISTEN", "escriba dirección y puerto, por ejemplo 127.0.0.1:8080"));
            SocketAddr::from(([127, 0, 0, 1], 8080))
        });
        let mut addresses = |name: &str| {
            let mut list = Vec::new();
            for text in env.get(name).unwrap_or_default().split([',', ' ']).filter(|part| !part.is_empty()) {
                match Network::parse(text) {
                    Some(network) => list.push(network),
                    None => faults
                        .push(Fault::global(name, "escriba direcciones IP o redes (10.0.0.0/8) separadas por comas")),
                }
            }
            list
        };
        let trusted_proxies = addresses("PROXIES_CONFIABLES");
        let metrics_readers = addresses("METRICAS_REDES");
        if !matches!(env.get("LOG_FORMATO"), None | Some("texto" | "json")) {
            faults.push(Fault::global("LOG_FORMATO", "escriba texto o json"));
        }
        let globals = Self {
            database_url,
            public_url,
            listen,
            config_dir: path("CONFIG_DIR", "var/config"),
            master_key_file: path("CLAVE_MAESTRA_FILE", "var/clave-maestra"),
            site_root: path("LEPTOS_SITE_ROOT", "target/site"),
            trusted_proxies,
            metrics_readers,
            web: WebLimits::read(env, &mut faults),
        };
        if let Err(fault) = crate::secrets::KeyRing::read(&globals.master_key_file) {
            faults.push(Fault::global("CLAVE_MAESTRA_FILE", fault.remedy()));
        }
        faults.extend(readable_by_others("entorno", "CLAVE_MAESTRA_FILE", &globals.master_key_file));
        (globals, faults)
    }
}

/// A warning when a key file can be read by others than its owner.
pub(super) fn readable_by_others(file: &str, variable: &str, path: &std::path::Path) -> Option<Fault> {
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::metadata(path).ok()?.permissions().mode();
    let remedy = format!("otros usuarios pueden leer {}; ejecute: chmod 600 {0}", path.display());
    (mode & 0o077 != 0).then(|| Fault::in_file(file, variable, remedy).as_warning())
}

impl std::fmt::Debug for Globals {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Globals")
            .field("public_url", &self.public_url)
            .field("listen", &self.listen)
            .finish_non_exhaustive()
    }
}
