//! Ways out: left, abandoned, interrupted.

use contract::ChamberCode;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::Screen;
use crate::api::activation::Reiniciar;
use crate::pages::public::frame::{Comfort, Contact, PublicFrame, WayOut};

/// After «No aceptar y abandonar» (one neutral text, whatever the fields held) or «Abandonar».
#[component]
pub fn Exit(
    /// The chamber's code as in the address.
    chamber: String,
    /// The chamber.
    contact: Contact,
    /// «No aceptar y abandonar»; otherwise «Abandonar» on the PIN screen.
    refused: bool,
) -> impl IntoView {
    let title = if refused { "Usted salió del proceso" } else { "Solicitud de activación cancelada" };
    let text = if refused {
        view! {
            <p>
                "Si los cuatro datos que digitó correspondían a su clave preasignada, esta quedó cancelada y ya no puede \
                 activarse. Si dejó datos en blanco o alguno no correspondía, no se cambió nada."
            </p>
            <p>"Si más adelante desea inscribirse como usuario verificado, comuníquese con la cámara de comercio:"</p>
        }
        .into_any()
    } else {
        view! {
            <p>
                "La solicitud de activación quedó cancelada y el PIN que recibió ya no sirve. Su clave preasignada no se \
                 cambió: puede comenzar de nuevo con ella mientras esté vigente."
            </p>
            <p>"Si necesita ayuda, comuníquese con la cámara de comercio:"</p>
        }
        .into_any()
    };
    view! {
        <PublicFrame title contact=contact.clone()>
            <h1>{title}</h1>
            <div class="letter">{text}<WayOut contact/></div>
            <form class="actions" method="post" action=Reiniciar::PATH>
                <input type="hidden" name="camara" value=chamber/>
                <button type="submit" class="button">"Comenzar de nuevo"</button>
            </form>
            <Comfort/>
        </PublicFrame>
    }
}

/// A step failed for a reason of ours: nothing is lost, and the same page goes on from where it was.
#[component]
pub fn Interrupted(
    /// The chamber's code as in the address.
    chamber: String,
    /// The chamber.
    contact: Contact,
) -> impl IntoView {
    let again = ChamberCode::parse(&chamber).map_or_else(|| "/".to_owned(), |code| Screen::Form.path(code));
    view! {
        <PublicFrame title="No pudimos completar el paso" error=true contact=contact.clone()>
            <h1>"No pudimos completar el paso"</h1>
            <div class="letter">
                <p>
                    "Ocurrió una falla de nuestro lado. Espere un momento y continúe donde estaba; si un dato se pide otra \
                     vez, escríbalo de nuevo."
                </p>
                <p>"Si la falla continúa, comuníquese con la cámara de comercio:"</p>
                <WayOut contact/>
            </div>
            <div class="actions">
                <a class="button button--primary" href=again>"Continuar"</a>
            </div>
        </PublicFrame>
    }
}
