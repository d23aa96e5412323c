//! Pages without a session: home and the demo's mailbox.
