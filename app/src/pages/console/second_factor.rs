//! The pages of the second step: a code, an application to be set up, the recovery codes. Rendered whole,
//! with plain forms and no script; what they show once stays nowhere.

use leptos::prelude::*;

use crate::components::alert::Alert;
use crate::components::status::Tone;
use crate::shell::document_without_script;

/// Why the code before was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It was wrong, or used already.
    Code,
    /// Too many were wrong.
    Wait,
    /// Something unexpected.
    Fault,
}

impl Refusal {
    /// Reads the word of the address.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "codigo" => Some(Self::Code),
            "espera" => Some(Self::Wait),
            "falla" => Some(Self::Fault),
            _ => None,
        }
    }

    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Code => (
                "El código no es correcto.",
                "Cada código sirve una sola vez y cambia cada 30 segundos. Espere el siguiente y digítelo. Verifique \
                también que la hora de su teléfono sea automática.",
            ),
            Self::Wait => ("Hubo demasiados intentos fallidos.", "Espere unos minutos antes de intentarlo de nuevo."),
            Self::Fault => (
                "No fue posible verificar el código por un error inesperado.",
                "Intente de nuevo en unos minutos; si se repite, informe al administrador.",
            ),
        }
    }
}

/// The code that the log-in waits for.
#[must_use]
pub fn code(refusal: Option<Refusal>) -> String {
    page("Verificación en dos pasos", refusal, move || {
        view! {
            <p>"Su clave es correcta. Para terminar de ingresar, digite el código de su aplicación de autenticación."</p>
            <form class="form" method="post" action="/consola/segundo-factor">
                <div class="field">
                    <label class="field__label" for="codigo">"Código"</label>
                    <p class="field__hint" id="codigo-ayuda">
                        "Los 6 dígitos que muestra la aplicación o, si no tiene su teléfono, uno de sus códigos de \
                        recuperación."
                    </p>
                    {code_input()}
                </div>
                <button class="button button--primary button--wide" type="submit">"Ingresar"</button>
            </form>
            <form method="post" action="/consola/salir">
                <button class="button button--quiet button--wide" type="submit">"Ingresar con otro usuario"</button>
            </form>
        }
        .into_any()
    })
}

/// An application to be set up: the QR code, the secret for those who type it, and the first code.
#[must_use]
pub fn enrol(side: i32, path: String, secret: &str, required: bool, refusal: Option<Refusal>) -> String {
    let secret = secret.to_owned();
    page("Active la verificación en dos pasos", refusal, move || {
        let why = if required {
            "Su cámara exige un segundo paso para ingresar. Configúrelo ahora; toma un minuto."
        } else {
            "Desde ahora, además de su clave, se le pedirá un código que solo tiene su teléfono."
        };
        let leave = if required {
            view! {
                <form method="post" action="/consola/salir">
                    <button class="button button--quiet button--wide" type="submit">"Salir sin configurarlo"</button>
                </form>
            }
            .into_any()
        } else {
            view! { <a class="button button--quiet button--wide" href="/consola/mi-cuenta">"Volver sin activarlo"</a> }
                .into_any()
        };
        view! {
            <p>{why}</p>
            <ol class="steps-list">
                <li>
                    "Instale en su teléfono una aplicación de autenticación (por ejemplo Google Authenticator, \
                    Microsoft Authenticator o Aegis)."
                </li>
                <li>"En la aplicación, agregue una cuenta y escanee este código."</li>
            </ol>
            <svg
                class="qr"
                width="240"
                height="240"
                viewBox=format!("0 0 {side} {side}")
                role="img"
                aria-label="Código QR para la aplicación de autenticación"
                shape-rendering="crispEdges"
            >
                <rect width=side height=side fill="#fff"></rect>
                <path d=path fill="#000"></path>
            </svg>
            <p id="secreto-rotulo">"Si no puede escanearlo, escriba esta clave en la aplicación:"</p>
            <p class="secret" aria-labelledby="secreto-rotulo"><code>{secret}</code></p>
            <form class="form" method="post" action="/consola/segundo-factor/inscripcion">
                <div class="field">
                    <label class="field__label" for="codigo">"Código que muestra la aplicación"</label>
                    <p class="field__hint" id="codigo-ayuda">"Son 6 dígitos y cambian cada 30 segundos."</p>
                    {code_input()}
                </div>
                <button class="button button--primary button--wide" type="submit">"Activar"</button>
            </form>
            {leave}
        }
        .into_any()
    })
}

/// The recovery codes, once.
#[must_use]
pub fn recovery_codes(codes: &[&str]) -> String {
    let items = codes.iter().map(|code| (*code).to_owned()).collect::<Vec<_>>();
    page("Guarde sus códigos de recuperación", None, move || {
        let items = items.into_iter().map(|code| view! { <li><code>{code}</code></li> }).collect_view();
        view! {
            <Alert tone=Tone::Good title="La verificación en dos pasos quedó activa."/>
            <p>
                "Si pierde su teléfono, cada uno de estos códigos le permite ingresar una sola vez. Imprímalos o \
                guárdelos en un lugar seguro, distinto de su teléfono: "
                <strong>"no se mostrarán de nuevo"</strong> "."
            </p>
            <ol class="codes">{items}</ol>
            <a class="button button--primary button--wide" href="/consola">"Ya los guardé, continuar"</a>
        }
        .into_any()
    })
}

/// A form came after its session was over.
#[must_use]
pub fn session_over() -> String {
    page("Su sesión terminó", None, || {
        view! {
            <p>"Por seguridad la sesión se cierra tras un tiempo sin actividad. No se realizó ningún cambio."</p>
            <a class="button button--primary button--wide" href="/consola/ingresar">"Ingresar de nuevo"</a>
        }
        .into_any()
    })
}

fn code_input() -> impl IntoView {
    view! {
        <input
            class="field__control"
            id="codigo"
            name="codigo"
            autocomplete="one-time-code"
            autocapitalize="characters"
            spellcheck="false"
            maxlength="20"
            aria-describedby="codigo-ayuda"
            autofocus
            required
        />
    }
}

fn page(title: &'static str, refusal: Option<Refusal>, content: impl FnOnce() -> AnyView) -> String {
    let shown = if refusal.is_some() { "Error: verificación en dos pasos" } else { title };
    document_without_script(shown, "/pkg/consola.css", "console", move || {
        let refusal = refusal.map(|refusal| {
            let (title, next) = refusal.words();
            view! {
                <Alert tone=Tone::Bad title live=true>
                    <p>{next}</p>
                </Alert>
            }
        });
        view! {
            <main class="entry" id="contenido">
                <div class="entry__brand">
                    <p class="entry__name">"Clave Segura"</p>
                    <p class="muted">"Generador de Contraseñas Seguras para las cámaras de comercio"</p>
                </div>
                <div class="card">
                    <h1>{title}</h1>
                    {refusal}
                    {content()}
                </div>
            </main>
        }
        .into_any()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_whole_documents_without_script_or_inline_style() {
        let pages = [
            code(Some(Refusal::Code)),
            enrol(29, "M4,4h1v1h-1z".to_owned(), "ABCD EFGH", true, None),
            recovery_codes(&["ABCDE-FGHJK"]),
            session_over(),
        ];
        for page in &pages {
            assert!(page.starts_with("<!DOCTYPE html><html lang=\"es-CO\">") && page.ends_with("</html>"), "{page}");
            assert!(!page.contains("<script") && !page.contains(" style=") && !page.contains(" on"), "{page}");
        }
        assert!(pages[0].contains("El código no es correcto.") && pages[0].contains("Error: "));
        assert!(pages[1].contains("ABCD EFGH") && pages[1].contains("viewBox=\"0 0 29 29\""));
        assert!(pages[2].contains("<code>ABCDE-FGHJK</code>"));
    }
}
