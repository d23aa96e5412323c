//! The second screen: the PIN that came by SMS (manual, section 10).

use contract::Timestamp;
use leptos::html::Input;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::check::compact_pin;
use super::comfort::SendOnce;
use super::field::FieldError;
use super::resend::Resend;
use super::summary::Summary;
use super::text::{Message, PIN_ID, clock};
use super::webotp::await_pin;
use crate::api::activation::{Abandonar, Confirmar};
use crate::components::status::Tone;
use crate::pages::public::frame::{Contact, PublicFrame};

/// What the second screen shows.
pub struct PinParts {
    /// The chamber's code as in the address.
    pub chamber: String,
    /// The chamber.
    pub contact: Contact,
    /// The answer to the last action.
    pub message: Option<Message>,
    /// The mobile, masked.
    pub mobile: String,
    /// The server's clock.
    pub now: Timestamp,
    /// Until when the PIN is good.
    pub expires: Timestamp,
    /// From when another may be asked for; `None`: no more.
    pub resend_from: Option<Timestamp>,
}

/// The PIN's field and its three buttons.
#[component]
pub fn Pin(
    /// What it shows.
    parts: PinParts,
) -> impl IntoView {
    let PinParts { chamber, contact, message, mobile, now, expires, resend_from } = parts;
    let failed = message.as_ref().is_some_and(|m| m.tone == Tone::Bad);
    let error = RwSignal::new(message.as_ref().and_then(|m| m.beside(PIN_ID)));
    let expired = expires <= now;
    view! {
        <PublicFrame title="PIN de activación" error=failed contact=contact.clone()>
            {message.map(|message| view! { <Summary message contact=contact.clone()/> })}
            <div class="stack stack--tight">
                <p class="step">"Paso 2 de 2"</p>
                <h1>"Digite el PIN de activación"</h1>
            </div>
            <div class="letter">
                <p>
                    "Para terminar el proceso de activación de su contraseña preasignada le hemos enviado a su número \
                     celular " <strong class="nowrap">{mobile}</strong>
                    " un PIN de activación. Por favor digítelo a continuación."
                </p>
            </div>
            <PinForm chamber=chamber.clone() error expires=(!expired).then_some(expires)/>
            <Resend chamber now from=resend_from/>
            <div class="letter">
                <p>
                    "El PIN de activación puede tardar unos minutos en llegar. Por favor espere sin salir de esta \
                     pantalla. Tan pronto digite el PIN oprima el botón ACTIVAR. Si usted desea abandonar el proceso, \
                     oprima el botón ABANDONAR: de inmediato la solicitud de activación quedará cancelada."
                </p>
            </div>
        </PublicFrame>
    }
}

#[component]
fn PinForm(chamber: String, error: RwSignal<Option<String>>, expires: Option<Timestamp>) -> impl IntoView {
    let sent = SendOnce::new();
    let field = NodeRef::<Input>::new();
    // Blanks that come with a pasted message go at once; nothing else is touched.
    let tidy = move |_| {
        if let Some(field) = field.get_untracked() {
            let typed = field.value();
            let pin = compact_pin(&typed);
            if pin != typed {
                field.set_value(&pin);
            }
        }
    };
    Effect::new(move |_| {
        await_pin(move |pin| {
            if let Some(field) = field.get_untracked() {
                field.set_value(&pin);
            }
        });
    });
    let described = move || {
        if error.read().is_some() { format!("{PIN_ID}-ayuda {PIN_ID}-error") } else { format!("{PIN_ID}-ayuda") }
    };
    view! {
        <form
            class="form card"
            method="post"
            action=Confirmar::PATH
            novalidate=true
            on:submit=move |event| sent.on_submit(&event)
        >
            <input type="hidden" name="camara" value=chamber/>
            <div class="field" class:field--wrong=move || error.read().is_some()>
                <label class="field__label" for=PIN_ID>"PIN de activación"</label>
                <p class="field__hint" id=format!("{PIN_ID}-ayuda")>
                    "Son 6 números. "
                    {expires
                        .map(|at| {
                            view! {
                                "Sirve hasta las " <time datetime=at.iso()>{clock(at)}</time> " (hora de Colombia)."
                            }
                        })}
                </p>
                <FieldError id=PIN_ID error/>
                <input
                    class="field__control field__control--pin"
                    id=PIN_ID
                    name="pin"
                    type="text"
                    inputmode="numeric"
                    autocomplete="one-time-code"
                    spellcheck="false"
                    aria-describedby=described
                    aria-invalid=move || error.read().is_some().then_some("true")
                    aria-required="true"
                    node_ref=field
                    on:input=tidy
                />
            </div>
            <div class="actions">
                <button type="submit" class="button button--primary" aria-disabled=move || sent.busy()>
                    "Activar"
                </button>
                <button
                    type="submit"
                    class="button"
                    formaction=Abandonar::PATH
                    aria-disabled=move || sent.busy()
                >
                    "Abandonar"
                </button>
            </div>
        </form>
    }
}
