//! A password of the merchant's own, where the chamber asks for one (`EXIGIR_CAMBIO_CLAVE`).

use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::field::{FieldError, Reveal, described, field_class};
use super::summary::Summary;
use super::text::{Message, NEW_ID, REPEATED_ID};
use crate::api::activation::{Abandonar, Elegir};
use crate::components::status::Tone;
use crate::pages::public::frame::{Comfort, Contact, PublicFrame};

/// Two fields, what a good password is, and the two buttons.
#[component]
pub fn ChoosePassword(
    /// The chamber's code as in the address.
    chamber: String,
    /// The chamber.
    contact: Contact,
    /// The answer to the last action.
    message: Option<Message>,
) -> impl IntoView {
    let failed = message.as_ref().is_some_and(|m| m.tone == Tone::Bad);
    let beside = |id| message.as_ref().and_then(|m| m.beside(id));
    let (wrong_new, wrong_repeated) = (beside(NEW_ID), beside(REPEATED_ID));
    view! {
        <PublicFrame title="Su contraseña" error=failed contact=contact.clone()>
            {message.map(|message| view! { <Summary message contact/> })}
            <div class="stack stack--tight">
                <p class="step">"Último paso"</p>
                <h1>"Elija su propia contraseña"</h1>
            </div>
            <div class="letter">
                <p>
                    "Sus datos fueron verificados. La clave que recibió por correo ya no le servirá: desde ahora usará \
                     una contraseña que solo usted conoce."
                </p>
            </div>
            <form class="form card" method="post" action=Elegir::PATH novalidate=true>
                <input type="hidden" name="camara" value=chamber/>
                <NewPassword
                    id=NEW_ID
                    label="Contraseña nueva"
                    hint="Al menos 10 caracteres. Sirve una frase de varias palabras; no use su nombre, su número de \
                          identificación ni su celular."
                    error=wrong_new
                />
                <NewPassword id=REPEATED_ID label="Contraseña nueva, otra vez" hint="La misma, para estar seguros." error=wrong_repeated/>
                <div class="actions">
                    <button type="submit" class="button button--primary">
                        "Guardar mi contraseña"
                    </button>
                    <button type="submit" class="button" formaction=Abandonar::PATH>
                        "Abandonar"
                    </button>
                </div>
            </form>
            <Comfort/>
        </PublicFrame>
    }
}

#[component]
fn NewPassword(id: &'static str, label: &'static str, hint: &'static str, error: Option<String>) -> impl IntoView {
    let wrong = error.is_some();
    view! {
        <div class=field_class(wrong)>
            <label class="field__label" for=id>{label}</label>
            <p class="field__hint" id=format!("{id}-ayuda")>{hint}</p>
            <FieldError id error/>
            <div class="field__row">
                <input
                    class="field__control"
                    id=id
                    name=id
                    type="password"
                    autocomplete="new-password"
                    autocapitalize="none"
                    spellcheck="false"
                    aria-describedby=described(id, wrong)
                    aria-invalid=wrong.then_some("true")
                    aria-required="true"
                />
                <Reveal id/>
            </div>
        </div>
    }
}
