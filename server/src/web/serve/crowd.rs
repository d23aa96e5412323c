//! All connections of a listener. When there are too many, the one that has waited longest without a whole
//! request goes: whoever only holds connections open keeps nobody out.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use super::activity::Activity;
use crate::config::{Network, WebLimits, covers};

/// Everybody who is connected.
pub(super) struct Crowd {
    limits: WebLimits,
    trusted: Vec<Network>,
    members: Mutex<Members>,
}

#[derive(Default)]
struct Members {
    last: u64,
    all: HashMap<u64, Member>,
    of_network: HashMap<IpAddr, usize>,
}

struct Member {
    activity: Arc<Activity>,
    /// `None` for this machine and trusted proxies, who bring everybody's requests.
    network: Option<IpAddr>,
}

/// A place in the crowd, given back when it is dropped.
pub(super) struct Ticket {
    crowd: Arc<Crowd>,
    id: u64,
    activity: Arc<Activity>,
}

impl Ticket {
    pub(super) fn activity(&self) -> &Arc<Activity> {
        &self.activity
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.crowd.lock().remove(self.id);
    }
}

impl Crowd {
    pub(super) fn new(limits: WebLimits, trusted: Vec<Network>) -> Self {
        Self { limits, trusted, members: Mutex::default() }
    }

    fn lock(&self) -> MutexGuard<'_, Members> {
        self.members.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place for a connection from this address; `None` when every other one is at work.
    pub(super) fn admit(self: &Arc<Self>, peer: IpAddr, now: Instant) -> Option<Ticket> {
        let peer = peer.to_canonical();
        let exempt = peer.is_loopback() || covers(&self.trusted, peer);
        let network = (!exempt).then(|| network_of(peer));
        let mut members = self.lock();
        if let Some(network) = network
            && members.of_network.get(&network).is_some_and(|open| *open >= self.limits.connections_a_network)
        {
            members.evict(|member| member.network == Some(network))?;
        }
        if members.all.len() >= self.limits.connections {
            members.evict(|_| true)?;
        }
        members.last += 1;
        let id = members.last;
        let activity = Arc::new(Activity::new(now));
        members.all.insert(id, Member { activity: Arc::clone(&activity), network });
        if let Some(network) = network {
            *members.of_network.entry(network).or_default() += 1;
        }
        Some(Ticket { crowd: Arc::clone(self), id, activity })
    }

    /// Ends the connection that has waited longest.
    pub(super) fn make_room(&self) {
        let _ = self.lock().evict(|_| true);
    }

    /// Ends every connection that has no request.
    pub(super) fn cut_waiting(&self) {
        for member in self.lock().all.values().filter(|member| member.activity.is_headless()) {
            member.activity.end();
        }
    }

    /// Ends every connection.
    pub(super) fn cut_all(&self) {
        for member in self.lock().all.values() {
            member.activity.end();
        }
    }
}

impl Members {
    /// Ends the one of these that has waited longest for a whole request; `None` when all have one.
    fn evict(&mut self, of: impl Fn(&Member) -> bool) -> Option<()> {
        let waiting = self.all.iter().filter(|(_, member)| of(member));
        let oldest = waiting.filter_map(|(id, member)| Some((member.activity.waiting_since()?, *id))).min()?;
        self.remove(oldest.1)?.end();
        Some(())
    }

    fn remove(&mut self, id: u64) -> Option<Arc<Activity>> {
        let member = self.all.remove(&id)?;
        if let Some(network) = member.network
            && let Some(open) = self.of_network.get_mut(&network)
        {
            *open -= 1;
            if *open == 0 {
                self.of_network.remove(&network);
            }
        }
        Some(member.activity)
    }
}

/// An IPv4 address, or the first of an IPv6 address' /64: what one subscriber has.
fn network_of(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64)),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn crowd(connections: usize, connections_a_network: usize) -> Arc<Crowd> {
        let limits = WebLimits { connections, connections_a_network, ..WebLimits::default() };
        Arc::new(Crowd::new(limits, vec![Network::parse("10.0.0.0/8").unwrap()]))
    }

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn the_one_that_waits_longest_goes_and_one_at_work_stays() {
        let (crowd, now) = (crowd(3, 100), Instant::now());
        let at = |seconds: u64| now + Duration::from_secs(seconds);
        let first = crowd.admit(address("190.0.0.1"), at(0)).unwrap();
        let second = crowd.admit(address("190.0.0.2"), at(1)).unwrap();
        let third = crowd.admit(address("190.0.0.3"), at(2)).unwrap();
        let _at_work = first.activity.begin_request();
        let fourth = crowd.admit(address("190.0.0.4"), at(3)).unwrap();
        let gone = |ticket: &Ticket| !crowd.lock().all.contains_key(&ticket.id);
        assert!(gone(&second) && !gone(&first) && !gone(&third));
        let _working = [&third, &fourth].map(|ticket| ticket.activity.begin_request());
        assert!(crowd.admit(address("190.0.0.5"), at(4)).is_none(), "everybody is at work");
        drop(first);
        assert!(crowd.admit(address("190.0.0.5"), at(4)).is_some());
    }

    #[test]
    fn a_form_that_does_not_come_to_its_end_counts_as_waiting_and_an_upload_does_not() {
        let (crowd, now) = (crowd(2, 100), Instant::now());
        let form = crowd.admit(address("190.0.0.1"), now).unwrap();
        let upload = crowd.admit(address("190.0.0.2"), now).unwrap();
        let _requests = [&form, &upload].map(|ticket| ticket.activity.begin_request());
        let _body = form.activity.await_body();
        let third = crowd.admit(address("190.0.0.3"), now + Duration::from_secs(1)).unwrap();
        assert!(crowd.lock().all.contains_key(&upload.id) && crowd.lock().all.contains_key(&third.id));
        assert!(!crowd.lock().all.contains_key(&form.id));
    }

    #[test]
    fn a_network_has_its_own_bound_and_proxies_have_none() {
        let (crowd, now) = (crowd(100, 2), Instant::now());
        let open = |text: &str| crowd.admit(address(text), now).unwrap();
        let mut kept = Vec::new();
        for host in 1..=5 {
            kept.push(open(&format!("2001:db8:1:2::{host}")));
            kept.push(open(&format!("2001:db8:1:{host}00::1")));
            kept.push(open("10.1.2.3"));
            kept.push(open("127.0.0.1"));
            kept.push(open("::1"));
        }
        let members = crowd.lock();
        assert_eq!(members.of_network[&address("2001:db8:1:2::")], 2);
        assert_eq!(members.all.len(), 2 + 5 + 15);
        drop(members);
        drop(kept);
        let members = crowd.lock();
        assert!(members.all.is_empty() && members.of_network.is_empty());
    }
}
