//! An address, or a network written as CIDR.

use std::net::IpAddr;

/// A network: an address and how many of its leading bits count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    prefix: u32,
}

impl Network {
    /// `10.0.0.7`, `10.0.0.0/8`, `2001:db8::/32`. An IPv4 address written as IPv6 counts as IPv4, as the
    /// addresses of connections do.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text, None),
        };
        let written: IpAddr = address.parse().ok()?;
        let address = written.to_canonical();
        let bits = bits(address);
        let prefix = match prefix {
            None => bits,
            // With a mapped address nobody can say what the prefix was meant for.
            Some(_) if address != written => return None,
            Some(digits) if digits.len() <= 3 && digits.bytes().all(|byte| byte.is_ascii_digit()) => {
                digits.parse().ok().filter(|prefix| *prefix <= bits)?
            }
            Some(_) => return None,
        };
        Some(Self { address, prefix })
    }

    /// Whether the address lies in it.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(own), IpAddr::V4(other)) => {
                leading(u128::from(own.to_bits()), u128::from(other.to_bits()), 32) >= self.prefix
            }
            (IpAddr::V6(own), IpAddr::V6(other)) => leading(own.to_bits(), other.to_bits(), 128) >= self.prefix,
            _ => false,
        }
    }
}

/// Whether any of the networks holds the address.
#[must_use]
pub fn covers(networks: &[Network], address: IpAddr) -> bool {
    networks.iter().any(|network| network.contains(address))
}

const fn bits(address: IpAddr) -> u32 {
    if address.is_ipv4() { 32 } else { 128 }
}

/// How many leading bits two addresses of this many bits share.
const fn leading(one: u128, other: u128, bits: u32) -> u32 {
    (one ^ other).leading_zeros() - (128 - bits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn networks_are_read_and_hold_what_they_say() {
        let holds = |network: &str, address: &str| Network::parse(network).unwrap().contains(address.parse().unwrap());
        assert!(holds("10.0.0.0/8", "10.255.1.2") && !holds("10.0.0.0/8", "11.0.0.1"));
        assert!(holds("10.0.0.7", "10.0.0.7") && !holds("10.0.0.7", "10.0.0.6"));
        assert!(holds("10.0.0.7", "::ffff:10.0.0.7"));
        assert!(holds("2001:db8::/32", "2001:db8:1::1") && !holds("2001:db8::/32", "2001:db9::1"));
        assert!(holds("0.0.0.0/0", "8.8.8.8") && !holds("0.0.0.0/0", "2001:db8::1"));
        for bad in [
            "",
            "/",
            "10.0.0.0/33",
            "10.0.0.0/-1",
            "10.0.0.0/+8",
            "10.0.0/8",
            "::ffff:10.0.0.0/104",
            "x/8",
            "2001:db8::/129",
            "10.0.0.0/8/8",
        ] {
            assert_eq!(Network::parse(bad), None, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn a_network_holds_exactly_what_shares_its_leading_bits(address: u32, other: u32, prefix in 0_u32..=32) {
            let text = format!("{}/{prefix}", IpAddr::from(address.to_be_bytes()));
            let network = Network::parse(&text).unwrap();
            let mask = u32::MAX.checked_shl(32 - prefix).unwrap_or(0);
            prop_assert!(network.contains(IpAddr::from(address.to_be_bytes())));
            prop_assert_eq!(network.contains(IpAddr::from(other.to_be_bytes())), address & mask == other & mask);
        }

        #[test]
        fn whatever_is_written_is_read_without_a_fault(text in "\\PC{0,40}") {
            let _ = Network::parse(&text);
        }
    }
}
