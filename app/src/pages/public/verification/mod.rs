//! `/verificar`: two plain forms, one for the code that is printed on a document and one for the file
//! itself; what they find stands above them.

mod outcome;

use contract::console::PublicSite;
use contract::verification::{CodeAnswer, FileAnswer};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use serde::{Deserialize, Serialize};

use self::outcome::{CodeOutcome, FileOutcome};
use super::frame::{Contact, PublicFrame};
use super::refusal::Refused;
use crate::api::public::verify_code;
use crate::pages::activation::field::{FieldError, described, field_class};

/// The page's address; a file is posted to it.
pub const PATH: &str = "/verificar";

/// What was asked.
#[derive(Clone, Serialize, Deserialize)]
enum Answer {
    Code(CodeAnswer),
    File(FileAnswer),
}

/// The page. An answer about a file comes from whoever took the file.
#[component]
pub fn VerificationPage() -> impl IntoView {
    let query = use_query_map();
    let typed = move || query.read().get("codigo").unwrap_or_default();
    let shown = use_context::<FileAnswer>();
    let answer = Resource::new_blocking(typed, move |typed| {
        let shown = shown.clone();
        async move {
            match shown {
                Some(answer) => Ok(Answer::File(answer)),
                None => verify_code(&typed).await.map(Answer::Code),
            }
        }
    });
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match answer.await {
                    Ok(answer) => view! { <Verification answer typed=typed()/> }.into_any(),
                    Err(error) => view! { <Refused error/> }.into_any(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Verification(answer: Answer, typed: String) -> impl IntoView {
    let (code_error, file_error) = faults(&answer);
    let (code_wrong, file_wrong) = (code_error.is_some(), file_error.is_some());
    let outcome = match answer {
        Answer::Code(answer) => view! { <CodeOutcome answer/> }.into_any(),
        Answer::File(answer) => view! { <FileOutcome answer/> }.into_any(),
    };
    // Nobody writes more than a code with blanks between its letters.
    let typed: String = typed.chars().take(64).collect();
    let chambers = use_context::<PublicSite>().unwrap_or_default().camaras;
    let whose = if chambers.len() == 1 { "la Cámara" } else { "una cámara de comercio" };
    view! {
        <PublicFrame title="Verifique un documento" error=code_wrong || file_wrong contact=Contact::known("")>
            <div class="stack">
                <h1>"Verifique un documento"</h1>
                <p>
                    {format!(
                        "Confirme que la carta con su clave la envió {whose} y que nadie la cambió en el camino. No se le \
                         pedirá ningún dato personal.",
                    )}
                </p>
            </div>
            {outcome}
            <section class="card" aria-labelledby="por-archivo">
                <h2 id="por-archivo">"Con el archivo PDF"</h2>
                <p>
                    "Es la forma segura: se revisa la firma digital y que no falte ni sobre nada. El archivo no se guarda."
                </p>
                <form class="form" method="post" action=PATH enctype="multipart/form-data">
                    <div class=field_class(file_wrong)>
                        <label class="field__label" for="archivo">"Archivo de la carta"</label>
                        <p class="field__hint" id="archivo-ayuda">
                            "El PDF tal como llegó adjunto al correo, sin guardarlo con otro programa."
                        </p>
                        <input
                            class="field__control"
                            id="archivo"
                            name="archivo"
                            type="file"
                            accept="application/pdf,.pdf"
                            aria-describedby=described("archivo", file_wrong)
                            aria-invalid=file_wrong.then_some("true")
                        />
                        <FieldError id="archivo" error=file_error/>
                    </div>
                    <div class="actions">
                        <button type="submit" class="button button--primary">"Verificar el archivo"</button>
                    </div>
                </form>
            </section>
            <section class="card" aria-labelledby="por-codigo">
                <h2 id="por-codigo">"Con el código impreso"</h2>
                <p>"Dice si la carta existe y si su clave todavía sirve, pero no si su copia es fiel."</p>
                <form class="form" method="get" action=PATH>
                    <div class=field_class(code_wrong)>
                        <label class="field__label" for="codigo">"Código de verificación"</label>
                        <p class="field__hint" id="codigo-ayuda">
                            "Está junto al cuadro QR: cuatro grupos de cuatro letras y números. No es su clave."
                        </p>
                        <input
                            class="field__control code-field"
                            id="codigo"
                            name="codigo"
                            type="text"
                            value=typed
                            autocomplete="off"
                            autocapitalize="characters"
                            spellcheck="false"
                            aria-describedby=described("codigo", code_wrong)
                            aria-invalid=code_wrong.then_some("true")
                        />
                        <FieldError id="codigo" error=code_error/>
                    </div>
                    <div class="actions">
                        <button type="submit" class="button">"Verificar el código"</button>
                    </div>
                </form>
            </section>
        </PublicFrame>
    }
}

/// What is wrong with the code or the file, beside its field.
fn faults(answer: &Answer) -> (Option<String>, Option<String>) {
    let (code, file) = match answer {
        Answer::Code(CodeAnswer::Malformed) => {
            (Some("El código tiene 16 letras y números. Revise que esté completo y vuelva a digitarlo."), None)
        }
        Answer::File(FileAnswer::Missing) => (None, Some("Elija el archivo PDF que quiere verificar.")),
        Answer::File(FileAnswer::NoPdf) => {
            (None, Some("El archivo no es un PDF. Elija el que llegó adjunto al correo, no una foto ni una captura."))
        }
        Answer::File(FileAnswer::TooLarge) => (
            None,
            Some("El archivo es más grande que cualquier carta de la Cámara. Elija el que llegó adjunto al correo."),
        ),
        Answer::Code(_) | Answer::File(_) => (None, None),
    };
    (code.map(str::to_owned), file.map(str::to_owned))
}
