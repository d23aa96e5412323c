//! Where a request comes from, as the evidence of an activation keeps it.

use std::net::IpAddr;

/// The longest name of a browser that is kept.
const LONGEST_AGENT: usize = 300;

/// A request's network address and browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The network address.
    pub address: IpAddr,
    /// The browser, as it says itself; what is no printable letter is left out.
    pub agent: Option<String>,
}

impl Origin {
    /// An address with the browser's own name.
    #[must_use]
    pub fn new(address: IpAddr, agent: Option<&str>) -> Self {
        let printable = |text: &str| text.chars().filter(|c| !c.is_control()).take(LONGEST_AGENT).collect::<String>();
        Self { address, agent: agent.map(printable).filter(|agent| !agent.trim().is_empty()) }
    }
}

impl From<IpAddr> for Origin {
    fn from(address: IpAddr) -> Self {
        Self { address, agent: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_browser_calls_itself_is_kept_short_and_printable() {
        let address = IpAddr::from([190, 0, 0, 1]);
        let of = |agent: &str| Origin::new(address, Some(agent)).agent;
        assert_eq!(of("Mozilla/5.0\u{0}\r\n x"), Some("Mozilla/5.0 x".to_owned()));
        assert_eq!(of(&"a".repeat(9_999)).map(|agent| agent.len()), Some(LONGEST_AGENT));
        assert_eq!((of("  "), Origin::from(address).agent), (None, None));
    }
}
