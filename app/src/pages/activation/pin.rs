//! The second screen: the PIN that came by SMS (manual, section 10).

use contract::Timestamp;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::field::{FieldError, described, field_class};
use super::resend::Resend;
use super::summary::Summary;
use super::text::{Message, PIN_ID, clock};
use crate::api::activation::{Abandonar, Confirmar};
use crate::components::status::Tone;
use crate::pages::public::frame::{Comfort, Contact, PublicFrame};

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
    let error = message.as_ref().and_then(|m| m.beside(PIN_ID));
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
            <Comfort/>
        </PublicFrame>
    }
}

#[component]
fn PinForm(chamber: String, error: Option<String>, expires: Option<Timestamp>) -> impl IntoView {
    let wrong = error.is_some();
    view! {
        <form class="form card" method="post" action=Confirmar::PATH novalidate=true>
            <input type="hidden" name="camara" value=chamber/>
            <div class=field_class(wrong)>
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
                    aria-describedby=described(PIN_ID, wrong)
                    aria-invalid=wrong.then_some("true")
                    aria-required="true"
                />
            </div>
            <div class="actions">
                <button type="submit" class="button button--primary">"Activar"</button>
                <button type="submit" class="button" formaction=Abandonar::PATH>"Abandonar"</button>
            </div>
        </form>
    }
}
