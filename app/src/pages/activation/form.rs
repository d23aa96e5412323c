//! The first screen: the manual's letter and the four fields (manual, section 10).

use contract::activation::check::name;
use contract::activation::{Draft, FormField};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::field::CredentialField;
use super::summary::Summary;
use super::text::Message;
use crate::api::activation::{Aceptar, Rehusar};
use crate::components::status::Tone;
use crate::pages::public::frame::{Comfort, Contact, PublicFrame};

/// What the first screen shows.
pub struct FormParts {
    /// The chamber's code as in the address.
    pub chamber: String,
    /// The chamber.
    pub contact: Contact,
    /// What was typed before.
    pub draft: Draft,
    /// The answer to the last action.
    pub message: Option<Message>,
    /// Whether a PIN follows.
    pub with_pin: bool,
}

/// The four fields and the two buttons.
#[component]
pub fn Form(
    /// What it shows.
    parts: FormParts,
) -> impl IntoView {
    let FormParts { chamber, contact, draft, message, with_pin } = parts;
    let failed = message.as_ref().is_some_and(|m| m.tone == Tone::Bad);
    let beside = |field| message.as_ref().and_then(|m| m.beside(name(field)));
    let errors = [FormField::Identificacion, FormField::Correo, FormField::Celular, FormField::Clave].map(beside);
    let [wrong_id, wrong_mail, wrong_mobile, wrong_password] = errors;
    view! {
        <PublicFrame title="Activación de su clave" error=failed contact=contact.clone()>
            {message.map(|message| view! { <Summary message contact/> })}
            <div class="stack stack--tight">
                {with_pin.then(|| view! { <p class="step">"Paso 1 de 2"</p> })}
                <h1>"Active su clave preasignada"</h1>
                // Who has read the letter, or comes back, need not scroll past it with a thumb.
                {(!failed).then(|| view! { <a class="standalone" href="#datos">"Ir a escribir mis datos"</a> })}
            </div>
            <Letter folded=failed with_pin/>
            // `novalidate`: the server's summary is the one road by which a fault is told.
            <form
                class="form card"
                method="post"
                action=Aceptar::PATH
                novalidate=true
                aria-labelledby="datos"
            >
                <h2 id="datos">"Sus datos"</h2>
                <input type="hidden" name="camara" value=chamber/>
                <CredentialField field=FormField::Identificacion value=draft.identificacion error=wrong_id/>
                <CredentialField field=FormField::Correo value=draft.correo error=wrong_mail/>
                <CredentialField field=FormField::Celular value=draft.celular error=wrong_mobile/>
                <CredentialField field=FormField::Clave error=wrong_password/>
                <div class="actions">
                    <button type="submit" class="button button--primary">"Aceptar y continuar"</button>
                    <button type="submit" class="button" formaction=Rehusar::PATH>"No aceptar y abandonar"</button>
                </div>
            </form>
            <Comfort/>
        </PublicFrame>
    }
}

/// The manual's letter. It is read before accepting; after an error it is folded, so that the
/// fields are near.
#[component]
fn Letter(folded: bool, with_pin: bool) -> impl IntoView {
    let text = view! {
        <div class="letter">
            <p>"Apreciado usuario:"</p>
            <p>
                "En cumplimiento de lo establecido en la Ley 527 de 1999 (Ley de Comercio Electrónico) y en el Decreto \
                 2364 de noviembre de 2012, que habilita en Colombia el uso de firmas electrónicas como alternativa a \
                 las firmas digitales para la realización de trámites en forma virtual, lo primero que debemos hacer \
                 para permitirle la presentación de trámites en forma NO PRESENCIAL es inscribirlo como Usuario \
                 Verificado."
            </p>
            <p>
                "Por ello hemos revisado la información que reposa en el Registro Público Mercantil y hemos detectado \
                 que usted se encuentra matriculado en este registro."
            </p>
            <p>
                "Con el ánimo de facilitarle el proceso de inscripción para que realice trámites en forma virtual ante \
                 nuestra organización, le hemos preasignado una contraseña, la cual le llegó a su correo electrónico."
            </p>
            <p>
                "Si usted desea continuar con el proceso de activar su contraseña, deberá digitar a continuación su \
                 identificación, su correo electrónico (el que tiene reportado al registro mercantil), su número de \
                 celular (el mismo que tiene reportado en el registro mercantil) y la contraseña que le llegó vía \
                 correo electrónico; finalmente oprima el botón ACEPTAR Y CONTINUAR."
            </p>
            <p>
                {if with_pin {
                    "Validaremos la información y, de estar correcta, le enviaremos a su número celular un SMS con un \
                     PIN de activación. "
                } else {
                    "Validaremos la información. "
                }}
                "De esta forma quedará activada su inscripción como usuario verificado y podrá realizar trámites en \
                 forma 100% virtual."
            </p>
            <p>
                "Si usted no desea continuar con el proceso, oprima el botón NO ACEPTAR Y ABANDONAR y el sistema \
                 cancelará la contraseña preasignada; para ello también debe digitar sus datos."
            </p>
            <p>
                "El servicio de registro como usuario verificado no tiene para usted ningún costo y le permitirá \
                 realizar ante nuestra organización cualquier trámite en forma virtual (renovaciones, mutaciones, \
                 cancelaciones, inscripción de actos y documentos, trámites ante el registro de proponentes, etc.)."
            </p>
        </div>
    };
    if folded {
        view! { <details class="fold"><summary>"Leer de nuevo la información del servicio"</summary>{text}</details> }
            .into_any()
    } else {
        text.into_any()
    }
}
