//! What a person can do with batches and their mails. Made once a page: a refusal stays to be read
//! while the figures around it move.

use contract::sending::UncertainChoice;
use leptos::prelude::*;

use super::Opened;
use super::live::Live;
use crate::api::console::sending::{cancel, pause, resume, retry, settle_uncertain};
use crate::components::task::{Task, task};
use crate::pages::console::layout::Told;

/// What can be done with a batch.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// Stops it.
    Pause,
    /// Goes on with it.
    Resume,
    /// Ends it.
    Cancel,
}

/// The actions, and where their dialogs are opened.
#[derive(Clone, Copy)]
pub(super) struct Desk {
    /// What moves.
    pub live: Live,
    /// The dialog that is open.
    pub(super) opened: RwSignal<Option<Opened>>,
    /// An order to a batch.
    pub(super) order: Task<(i64, Order)>,
    /// Another try for a refused mail.
    pub again: Task<i64>,
    /// «Dar por enviado».
    pub take_as_sent: Task<i64>,
}

impl Desk {
    /// The page's.
    #[must_use]
    pub(super) fn new(live: Live, opened: RwSignal<Option<Opened>>) -> Self {
        let told = expect_context::<Told>();
        let order = task(
            |(id, order): (i64, Order)| async move {
                match order {
                    Order::Pause => pause(id).await,
                    Order::Resume => resume(id).await,
                    Order::Cancel => cancel(id).await,
                }
            },
            move |batch| live.replace(&batch),
        );
        let again = task(retry, move |()| {
            told.say("El correo volvió a quedar por enviar.");
            live.refresh_now();
        });
        let take_as_sent = task(
            |id| settle_uncertain(id, UncertainChoice::DarPorEnviado),
            move |()| {
                told.say("El correo se dio por enviado.");
                live.refresh_now();
            },
        );
        Self { live, opened, order, again, take_as_sent }
    }
}
