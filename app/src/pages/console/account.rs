//! `/consola/mi-cuenta`: one's own password, second factor and open sessions. Plain forms: what they
//! change gives the browser another session, and the page is loaded anew.

use contract::staff::{AccountView, OwnSession};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::layout::{Breadcrumb, Loading};
use crate::api::console::session::account;
use crate::components::alert::Alert;
use crate::components::failure::loaded;
use crate::components::icon::Glyph;
use crate::components::status::{Status, Tone};
use crate::text;

/// The page.
#[component]
pub fn AccountPage() -> impl IntoView {
    let data = Resource::new_blocking(|| (), |()| account());
    let query = use_query_map();
    let notice = Memo::new(move |_| query.read().get("aviso").unwrap_or_default());
    view! {
        <Title text="Mi cuenta"/>
        <Breadcrumb steps=&["Mi cuenta"]/>
        <h1>"Mi cuenta"</h1>
        {move || explanation(&notice.get())}
        <PasswordCard/>
        <Suspense fallback=Loading>
            {move || Suspend::new(async move {
                loaded(data.await, |account| {
                    let sessions = account.sesiones.clone();
                    view! {
                        <FactorCard account/>
                        <SessionsCard sessions/>
                    }
                })
            })}
        </Suspense>
    }
}

fn explanation(notice: &str) -> Option<AnyView> {
    let (tone, title, next) = match notice {
        "clave" => (Tone::Good, "Su clave quedó cambiada.", "Sus demás sesiones se cerraron."),
        "sesiones" => (Tone::Good, "Sus demás sesiones quedaron cerradas.", "Solo sigue abierta esta."),
        "sin-segundo-factor" => (
            Tone::Good,
            "La verificación en dos pasos quedó retirada.",
            "Sus demás sesiones se cerraron y los códigos de recuperación ya no sirven.",
        ),
        "clave-errada" => {
            (Tone::Bad, "La clave actual no es correcta.", "No se cambió nada. Digítela de nuevo con cuidado.")
        }
        "clave-o-codigo" => (
            Tone::Bad,
            "La clave o el código no son correctos.",
            "No se cambió nada. Cada código sirve una sola vez: espere el siguiente y digítelo.",
        ),
        "clave-debil" => {
            (Tone::Bad, "La clave nueva no sirve.", text::invalid_field(contract::error::Field::NewPassword))
        }
        "distintas" => {
            (Tone::Bad, "Las dos claves nuevas no son iguales.", "No se cambió nada. Digítelas de nuevo con cuidado.")
        }
        "espera" => {
            (Tone::Bad, "Hubo demasiados intentos fallidos.", "Espere unos minutos antes de intentarlo de nuevo.")
        }
        "exigido" => (
            Tone::Bad,
            "Su cámara exige la verificación en dos pasos.",
            "Si cambió de teléfono, solicite al administrador que la restablezca y configúrela de nuevo.",
        ),
        "ya-activo" => (Tone::Info, "La verificación en dos pasos ya estaba activa.", "No se cambió nada."),
        "falla" => (
            Tone::Bad,
            "No se completó la acción por un error inesperado.",
            "Intente de nuevo en unos minutos; si se repite, informe al administrador.",
        ),
        _ => return None,
    };
    Some(
        view! {
            <Alert tone title live=true>
                <p>{next}</p>
            </Alert>
        }
        .into_any(),
    )
}

/// A password field of a plain form.
#[component]
fn SecretField(
    /// Its id, of its own on the page.
    id: &'static str,
    /// Its name in the form.
    name: &'static str,
    /// What is to be typed.
    label: &'static str,
    /// `current-password` or `new-password`.
    autocomplete: &'static str,
    /// How.
    #[prop(optional)]
    hint: Option<&'static str>,
) -> impl IntoView {
    let hint_id = format!("{id}-ayuda");
    let described = hint.is_some().then(|| hint_id.clone());
    view! {
        <div class="field">
            <label class="field__label" for=id>{label}</label>
            {hint.map(|text| view! { <p class="field__hint" id=hint_id>{text}</p> })}
            <input
                class="field__control"
                id=id
                name=name
                type="password"
                autocomplete=autocomplete
                aria-describedby=described
                required
            />
        </div>
    }
}

#[component]
fn PasswordCard() -> impl IntoView {
    view! {
        <section class="card" aria-labelledby="cambio-clave">
            <h2 id="cambio-clave">"Cambio de clave"</h2>
            <form class="form" method="post" action="/consola/mi-cuenta/clave">
                <SecretField id="clave-actual" name="clave" label="Clave actual" autocomplete="current-password"/>
                <SecretField
                    id="clave-nueva"
                    name="clave_nueva"
                    label="Clave nueva"
                    autocomplete="new-password"
                    hint="Al menos 12 caracteres. Varias palabras sin relación entre sí forman una buena clave."
                />
                <SecretField
                    id="clave-repetida"
                    name="clave_repetida"
                    label="Repita la clave nueva"
                    autocomplete="new-password"
                />
                <div>
                    <button class="button button--primary" type="submit">"Cambiar la clave"</button>
                </div>
            </form>
        </section>
    }
}

#[component]
fn FactorCard(account: AccountView) -> impl IntoView {
    let content = match account.segundo_factor_desde {
        None => view! {
            <p>
                "Con la verificación en dos pasos, quien conozca su clave no puede ingresar sin su teléfono. \
                Necesita una aplicación de autenticación."
            </p>
            <form class="form" method="post" action="/consola/mi-cuenta/segundo-factor">
                <SecretField id="clave-activar" name="clave" label="Clave actual" autocomplete="current-password"/>
                <div>
                    <button class="button button--primary" type="submit">"Activar la verificación en dos pasos"</button>
                </div>
            </form>
        }
        .into_any(),
        Some(since) => {
            let left = text::count(account.codigos_de_recuperacion, "código sin usar", "códigos sin usar");
            let few = (account.codigos_de_recuperacion < 3).then(|| {
                view! {
                    <Alert tone=Tone::Warn title="Le quedan pocos códigos de recuperación">
                        <p>"Para obtener otros, retire la verificación en dos pasos y actívela de nuevo."</p>
                    </Alert>
                }
            });
            let remove = if account.segundo_factor_exigido {
                view! { <p class="muted">"Su cámara exige la verificación en dos pasos; no se puede retirar."</p> }
                    .into_any()
            } else {
                view! { <RemoveFactor/> }.into_any()
            };
            view! {
                <p><Status tone=Tone::Good glyph=Glyph::Good word="Activa"/></p>
                <dl class="facts">
                    <dt>"Desde"</dt>
                    <dd>{since.date_time()}</dd>
                    <dt>"Códigos de recuperación"</dt>
                    <dd>{left}</dd>
                </dl>
                {few}
                {remove}
            }
            .into_any()
        }
    };
    view! {
        <section class="card" aria-labelledby="dos-pasos">
            <h2 id="dos-pasos">"Verificación en dos pasos"</h2>
            {content}
        </section>
    }
}

#[component]
fn RemoveFactor() -> impl IntoView {
    view! {
        <form class="form" method="post" action="/consola/mi-cuenta/sin-segundo-factor">
            <SecretField id="clave-retirar" name="clave" label="Clave actual" autocomplete="current-password"/>
            <div class="field">
                <label class="field__label" for="codigo-retirar">"Código de la aplicación o de recuperación"</label>
                <input
                    class="field__control field__control--short"
                    id="codigo-retirar"
                    name="codigo"
                    autocomplete="one-time-code"
                    maxlength="20"
                    spellcheck="false"
                    required
                />
            </div>
            <div>
                <button class="button" type="submit">"Retirar la verificación en dos pasos"</button>
            </div>
        </form>
    }
}

#[component]
fn SessionsCard(sessions: Vec<OwnSession>) -> impl IntoView {
    let others = sessions.len() > 1;
    let rows = sessions
        .into_iter()
        .map(|session| {
            let which = if session.esta { "Esta sesión" } else { "Otra sesión" };
            view! {
                <tr>
                    <th scope="row">{which}</th>
                    <td>{session.desde.date_time()}</td>
                    <td>{session.ultimo_uso.date_time()}</td>
                </tr>
            }
        })
        .collect_view();
    let end = others.then(|| {
        view! {
            <form class="form" method="post" action="/consola/mi-cuenta/sesiones">
                <SecretField id="clave-sesiones" name="clave" label="Clave actual" autocomplete="current-password"/>
                <div>
                    <button class="button" type="submit">"Cerrar las demás sesiones"</button>
                </div>
            </form>
        }
    });
    view! {
        <section class="card" aria-labelledby="sesiones">
            <h2 id="sesiones">"Sesiones abiertas"</h2>
            <div class="table-box" role="group" tabindex="0" aria-label="Lista de sesiones abiertas">
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">"Sesión"</th>
                            <th scope="col">"Desde"</th>
                            <th scope="col">"Último uso"</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            {end}
        </section>
    }
}
