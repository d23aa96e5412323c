//! Integration tests: campaign.

mod deletion;
mod desk;
mod export;
mod funnel;
mod selection;
