//! What one process grants its clients: connections, patience, speed.

use std::time::Duration;

use super::{Fault, Variables};

/// The bounds of a connection and of what comes over it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WebLimits {
    /// `CONEXIONES_MAXIMAS`: connections at the same time, 64–65,536.
    pub connections: usize,
    /// `CONEXIONES_POR_RED`: the same of one network (an IPv4 address, a /64 of IPv6), 16–65,536. This
    /// machine and trusted proxies are no network in this sense.
    pub connections_a_network: usize,
    /// `ESPERA_CABECERA_SEGUNDOS`: from the first byte of a request (or the connection) to the end of its
    /// head, 2–60.
    pub head: Duration,
    /// `ESPERA_CUERPO_SEGUNDOS`: a form's whole body, counted while it is waited for, 5–120.
    pub body: Duration,
    /// `ESPERA_INACTIVA_SEGUNDOS`: an open connection without a request, 5–300.
    pub idle: Duration,
    /// `CARGA_MINIMA_KB`: an upload slower than so many kB a second is cut off, 1–1,024.
    pub upload_rate: u64,
    /// What is looked at to measure a rate.
    pub window: Duration,
    /// An answer read more slowly than so many bytes a second is cut off.
    pub answer_rate: u64,
    /// How long requests under way may take to end when the server stops.
    pub grace: Duration,
}

impl Default for WebLimits {
    fn default() -> Self {
        Self {
            connections: 2_048,
            connections_a_network: 256,
            head: Duration::from_secs(10),
            body: Duration::from_secs(20),
            idle: Duration::from_secs(60),
            upload_rate: 8 * 1024,
            window: Duration::from_secs(20),
            answer_rate: 512,
            grace: Duration::from_secs(20),
        }
    }
}

impl WebLimits {
    pub(super) fn read(env: &Variables, faults: &mut Vec<Fault>) -> Self {
        let default = Self::default();
        let mut number = |name: &str, low: u64, high: u64| env.whole(name, low, high, "entorno", faults);
        let connections = number("CONEXIONES_MAXIMAS", 64, 65_536).map_or(default.connections, |n| n as usize);
        let of_network = number("CONEXIONES_POR_RED", 16, 65_536).map_or(default.connections_a_network, |n| n as usize);
        let mut seconds =
            |name: &str, default: Duration, low, high| number(name, low, high).map_or(default, Duration::from_secs);
        Self {
            connections,
            connections_a_network: of_network,
            head: seconds("ESPERA_CABECERA_SEGUNDOS", default.head, 2, 60),
            body: seconds("ESPERA_CUERPO_SEGUNDOS", default.body, 5, 120),
            idle: seconds("ESPERA_INACTIVA_SEGUNDOS", default.idle, 5, 300),
            upload_rate: number("CARGA_MINIMA_KB", 1, 1_024).map_or(default.upload_rate, |kb| kb * 1024),
            ..default
        }
    }

    /// The same for a process that may open only so many files: a third is left for the database, mail
    /// and the rest, so that no flood of connections takes them away.
    #[must_use]
    pub fn within_files(self, files: usize) -> Self {
        Self { connections: self.connections.min((files / 3 * 2).max(64)), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_hold_within_their_bounds_only() {
        let read = |pairs: &[(&str, &str)]| {
            let mut faults = Vec::new();
            (WebLimits::read(&Variables::from_pairs(pairs), &mut faults), faults.len())
        };
        let default = WebLimits::default();
        assert_eq!(read(&[]), (default, 0));
        let (set, faults) =
            read(&[("CONEXIONES_MAXIMAS", "500"), ("ESPERA_CABECERA_SEGUNDOS", "5"), ("CARGA_MINIMA_KB", "1")]);
        assert_eq!((set.connections, set.head, set.upload_rate, faults), (500, Duration::from_secs(5), 1024, 0));
        for pair in [
            ("CONEXIONES_MAXIMAS", "63"),
            ("CONEXIONES_POR_RED", "70000"),
            ("ESPERA_CUERPO_SEGUNDOS", "0"),
            ("ESPERA_INACTIVA_SEGUNDOS", "-1"),
        ] {
            assert_eq!(read(&[pair]), (default, 1), "{pair:?}");
        }
        assert_eq!(default.within_files(1024).connections, 682);
        assert_eq!(default.within_files(1_000_000).connections, default.connections);
    }
}
