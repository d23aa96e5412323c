//! The public pages through their real router, over a service that only remembers: what a browser
//! without JavaScript is sent, and where its forms lead.

mod files;
mod journey;
mod mailbox;
mod stage;
