//! The manual's five actions: first those of the process, apart from them the two that delete.

use contract::campaign::{CampaignView, Deletion};
use contract::staff::{Permission, StaffView};
use leptos::prelude::*;

use super::Opened;
use super::export::Export;
use crate::pages::console::layout::refusal_for;

/// The two groups.
#[component]
pub fn Actions(
    /// Who acts.
    staff: StaffView,
    /// On what.
    view: CampaignView,
    /// Where the dialog is opened.
    opened: RwSignal<Option<Opened>>,
) -> impl IntoView {
    let year = view.ano;
    let (freshness, factor) = (view.frescura, view.factor);
    let operate = refusal_for(&staff, Permission::Operate);
    let destroy = refusal_for(&staff, Permission::Destroy);
    view! {
        <div class="columns">
            <section class="card" aria-labelledby="proceso-titulo">
                <h2 id="proceso-titulo">"Proceso"</h2>
                <ul class="actions">
                    <Action
                        id="seleccionar"
                        name="Seleccionar"
                        class="button"
                        explanation="Selecciona los comerciantes que cumplen y les pre-asigna una contraseña aleatoria \
                        de 10 caracteres. Antes muestra cuántos son y por qué quedan por fuera los demás."
                        forbidden=operate
                        act=move || opened.set(Some(Opened::Select { year, freshness }))
                    />
                    <Export year forbidden=operate/>
                    <li class="actions__item">
                        <a
                            class="button"
                            href="/consola/documento-muestra"
                            target="_blank"
                            rel="external noopener"
                            aria-describedby="documento-muestra-explicacion"
                        >
                            "Ver documento de muestra"
                        </a>
                        <p class="actions__help" id="documento-muestra-explicacion">
                            "Abre en otra pestaña el PDF como lo recibirán los comerciantes, con un comerciante \
                            inventado y sin validez."
                        </p>
                    </li>
                    <Action
                        id="probar-conexion"
                        name="Probar conexión"
                        class="button"
                        explanation="Comprueba paso por paso el servidor de correo de la cámara, sin enviar nada, y dice \
                        qué corregir si algo falla."
                        forbidden=operate
                        act=move || opened.set(Some(Opened::Diagnosis))
                    />
                    <Action
                        id="enviar"
                        name="Enviar"
                        class="button button--primary"
                        explanation="Envía los correos con el PDF firmado, de 1 a 500 por vez, o 2 correos de prueba. \
                        Antes dice exactamente qué va a ocurrir."
                        forbidden=operate
                        act=move || opened.set(Some(Opened::Send { year, factor }))
                    />
                </ul>
            </section>
            <section class="card" aria-labelledby="limpieza-titulo">
                <h2 id="limpieza-titulo">"Limpieza"</h2>
                <ul class="actions">
                    <Action
                        id="borrar-no-activados"
                        name="Borrar No Activados"
                        class="button"
                        explanation="Borra las contraseñas pre-asignadas del año, con excepción de las activadas."
                        forbidden=destroy
                        act=move || opened.set(Some(Opened::Erase { year, kind: Deletion::BorrarNoActivados }))
                    />
                    <Action
                        id="blanquear"
                        name="Blanquear"
                        class="button"
                        explanation="Borra todas las contraseñas pre-asignadas del año, también las activadas y las de \
                        prueba. Los usuarios verificados no se tocan."
                        forbidden=destroy
                        act=move || opened.set(Some(Opened::Erase { year, kind: Deletion::Blanquear }))
                    />
                </ul>
            </section>
        </div>
    }
}

/// One action: its button, and what it does or why it cannot be done.
#[component]
fn Action(
    id: &'static str,
    name: &'static str,
    class: &'static str,
    explanation: &'static str,
    forbidden: Option<&'static str>,
    act: impl Fn() + Send + Sync + 'static,
) -> impl IntoView {
    let help = format!("{id}-explicacion");
    view! {
        <li class="actions__item">
            <button
                id=id
                class=class
                type="button"
                disabled=forbidden.is_some()
                aria-describedby=help.clone()
                on:click=move |_| act()
            >
                {name}
            </button>
            <p class="actions__help" id=help>
                {explanation} {forbidden.map(|why| view! { " " <strong>{why}</strong> })}
            </p>
        </li>
    }
}
