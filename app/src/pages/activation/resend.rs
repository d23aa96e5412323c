//! «Reenviar PIN», with the server's countdown.

use std::time::Duration;

use contract::Timestamp;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::comfort::{SendOnce, alive};
use super::text::{RESEND_ID, clock_with_seconds, minutes_and_seconds, seconds_left};
use crate::api::activation::Reenviar;

/// The button, and from when it works. The server decides in any case; without JavaScript the page
/// names the hour, with it the seconds run.
#[component]
pub fn Resend(
    /// The chamber's code as in the address.
    chamber: String,
    /// The server's clock.
    now: Timestamp,
    /// From when; `None`: no more may be asked for.
    from: Option<Timestamp>,
) -> impl IntoView {
    let Some(from) = from else {
        return view! {
            <p class="muted">
                "Ya no se pueden pedir más PIN. Si el último no le llega, comuníquese con la cámara de comercio."
            </p>
        }
        .into_any();
    };
    let sent = SendOnce::new();
    let alive = alive();
    let left = countdown(seconds_left(now, from));
    let held = move || alive.get() && left.get() > 0;
    let on_submit = move |event: SubmitEvent| {
        if held() { event.prevent_default() } else { sent.on_submit(&event) }
    };
    let waiting = move || match (left.get(), alive.get()) {
        (0, _) => "Ya puede pedir otro PIN.".to_owned(),
        (seconds, true) => format!("Podrá pedir otro en {}.", minutes_and_seconds(seconds)),
        (_, false) => format!("Podrá pedir otro desde las {} (hora de Colombia).", clock_with_seconds(from)),
    };
    // Heard once when the time has come; a running clock would never let the reader finish.
    let announced = move || if alive.get() && left.get() == 0 { "Ya puede pedir otro PIN." } else { "" };
    view! {
        <form class="resend" method="post" action=Reenviar::PATH on:submit=on_submit>
            <input type="hidden" name="camara" value=chamber/>
            <p id="espera">"¿No le llegó el PIN? " <span class="resend__clock">{waiting}</span></p>
            <p class="visually-hidden" aria-live="polite">{announced}</p>
            <button
                type="submit"
                class="button"
                id=RESEND_ID
                aria-describedby="espera"
                aria-disabled=move || if held() { Some("true") } else { sent.busy() }
            >
                "Reenviar PIN"
            </button>
        </form>
    }
    .into_any()
}

/// Seconds that run down in the browser, by its clock's difference and not by counting ticks, which
/// a sleeping telephone skips.
fn countdown(seconds: i64) -> ReadSignal<i64> {
    let (left, set_left) = signal(seconds);
    Effect::new(move |_| {
        if seconds == 0 {
            return;
        }
        let begun = js_sys::Date::now();
        let ticking = StoredValue::new_local(None::<IntervalHandle>);
        let tick = move || {
            // Whole seconds: what is cut off is less than one.
            #[allow(clippy::cast_possible_truncation)]
            let passed = ((js_sys::Date::now() - begun) / 1000.0) as i64;
            let rest = (seconds - passed).max(0);
            set_left.set(rest);
            if rest == 0 {
                ticking.with_value(|handle| {
                    if let Some(handle) = handle {
                        handle.clear()
                    }
                });
            }
        };
        ticking.set_value(set_interval_with_handle(tick, Duration::from_secs(1)).ok());
        on_cleanup(move || {
            ticking.try_with_value(|handle| {
                if let Some(handle) = handle {
                    handle.clear()
                }
            });
        });
    });
    left
}
