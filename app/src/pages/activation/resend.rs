//! «Reenviar PIN», with the server's countdown.

use contract::Timestamp;
use contract::instant::minutes_and_seconds;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::text::{RESEND_ID, clock_with_seconds, seconds_left};
use crate::api::activation::Reenviar;

/// The button, and from when it works. The server decides in any case; without the client the page
/// names the hour, with it the seconds run. All three sayings stand here, and the client shows the one
/// that is due.
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
    let seconds = seconds_left(now, from);
    let waiting = (seconds > 0).then(|| {
        view! {
            <span class="resend__clock" data-espera-hora="">
                {format!("Podrá pedir otro desde las {} (hora de Colombia).", clock_with_seconds(from))}
            </span>
            <span class="resend__clock" data-segundos=seconds hidden=true>
                "Podrá pedir otro en " <span data-espera-reloj="">{minutes_and_seconds(seconds)}</span> "."
            </span>
        }
    });
    view! {
        <form class="resend" method="post" action=Reenviar::PATH>
            <input type="hidden" name="camara" value=chamber/>
            <p id="espera">
                "¿No le llegó el PIN? "
                {waiting}
                <span class="resend__clock" data-espera-ya="" hidden={seconds > 0}>"Ya puede pedir otro PIN."</span>
            </p>
            <p class="visually-hidden" aria-live="polite" data-espera-voz=""></p>
            <button type="submit" class="button" id=RESEND_ID aria-describedby="espera">"Reenviar PIN"</button>
        </form>
    }
    .into_any()
}
