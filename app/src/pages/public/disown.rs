//! `/no-fui-yo/:camara/:codigo`: where the confirmation's link leads. Opening it changes nothing and
//! says nothing of the merchant; its one button is a plain form.

use contract::disown::{DisownState, DisownView};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_params_map;

use super::frame::{Contact, PublicFrame, WayOut};
use super::refusal::Refused;
use crate::api::disown::{Suspender, ver_enlace};
use crate::components::icon::{Glyph, Icon};

/// The page.
#[component]
pub fn DisownPage() -> impl IntoView {
    let params = use_params_map();
    let asked = move || {
        let params = params.read();
        (params.get("camara").unwrap_or_default(), params.get("codigo").unwrap_or_default())
    };
    let link = Resource::new_blocking(asked, |(camara, codigo)| ver_enlace(camara, codigo));
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                let (camara, codigo) = asked();
                match link.await {
                    Ok(view) => view! { <Link view camara codigo/> }.into_any(),
                    Err(error) => view! { <Refused error/> }.into_any(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Link(view: DisownView, camara: String, codigo: String) -> impl IntoView {
    let DisownView { camara_nombre, telefono, direccion, enlace } = view;
    let contact = Contact { name: camara_nombre.clone(), telephone: telefono, address: direccion };
    match enlace {
        DisownState::Offered => view! {
            <PublicFrame title="¿No fue usted quien activó la clave?" contact=contact.clone()>
                <h1>"¿No fue usted quien activó la clave?"</h1>
                <div class="letter">
                    <p>
                        {format!(
                            "Este enlace vino en el correo que confirma la activación de una clave de usuario verificado \
                             en la {camara_nombre}.",
                        )}
                    </p>
                    <p>
                        <strong>"Si usted no la activó, "</strong>
                        "suspéndala con este botón: desde ese momento no podrá firmar ningún trámite, y así quedará hasta \
                         que la Cámara lo revise."
                    </p>
                    <p>
                        <strong>"Si fue usted, "</strong>
                        "no tiene que hacer nada: cierre esta página. Abrirla no cambió nada."
                    </p>
                </div>
                <form class="actions" method="post" action=Suspender::PATH>
                    <input type="hidden" name="camara" value=camara/>
                    <input type="hidden" name="codigo" value=codigo/>
                    <button type="submit" class="button button--primary">"No fui yo: suspender la clave"</button>
                </form>
                <Help contact/>
            </PublicFrame>
        }
        .into_any(),
        DisownState::Frozen => view! {
            <PublicFrame title="La clave quedó suspendida" contact=contact.clone()>
                <div class="outcome outcome--good">
                    <Icon glyph=Glyph::Lock/>
                    <h1>"La clave quedó suspendida"</h1>
                </div>
                <div class="letter">
                    <p>
                        "Desde este momento no puede firmar ningún trámite, y nadie puede activarla de nuevo por internet. \
                         La Cámara ya lo sabe y lo revisará."
                    </p>
                    <p>"Usted no tiene que hacer nada más en esta página."</p>
                </div>
                <Help contact/>
            </PublicFrame>
        }
        .into_any(),
        DisownState::Useless => view! {
            <PublicFrame title="Este enlace no sirve" error=true contact=contact.clone()>
                <h1>"Este enlace no sirve"</h1>
                <div class="letter">
                    <p>
                        "Puede estar incompleto, haberse vencido o haberse usado antes. Ábralo de nuevo desde el correo de \
                         confirmación, tal como llegó."
                    </p>
                    <p>
                        "Si alguien activó una clave a su nombre y no fue usted, comuníquese de inmediato con la cámara de \
                         comercio: ella puede suspenderla."
                    </p>
                </div>
                <Help contact/>
            </PublicFrame>
        }
        .into_any(),
        DisownState::Wait { hasta } => view! {
            <PublicFrame title="Espere un momento" error=true contact=contact.clone()>
                <h1>"Espere un momento"</h1>
                <div class="letter">
                    <p>
                        "Desde su red se abrieron demasiados enlaces que no sirven. Vuelva a abrir el suyo después del "
                        <time datetime=hasta.iso()>{hasta.date_time()}</time>
                        ", o comuníquese ya con la cámara de comercio: ella también puede suspender la clave."
                    </p>
                </div>
                <Help contact/>
            </PublicFrame>
        }
        .into_any(),
    }
}

/// Every outcome ends with a way out.
#[component]
fn Help(contact: Contact) -> impl IntoView {
    view! {
        <section class="card" aria-labelledby="ayuda">
            <h2 id="ayuda">"Hable con la Cámara"</h2>
            <p>"Este es su teléfono publicado, para confirmar que esta página es suya o contar lo que pasó:"</p>
            <WayOut contact/>
        </section>
    }
}
