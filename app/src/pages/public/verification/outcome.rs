//! What was found, in words that a merchant understands: first what it means, then what to do.

use contract::Timestamp;
use contract::verification::{CodeAnswer, DocumentState, FileAnswer, IssuedDocument};
use leptos::prelude::*;

use crate::components::icon::{Glyph, Icon};
use crate::pages::public::frame::{Contact, WayOut};

/// How an outcome looks.
#[derive(Clone, Copy)]
enum Look {
    Good,
    Doubtful,
    Bad,
}

/// What a code leads to; nothing while nothing was asked.
#[component]
pub(super) fn CodeOutcome(answer: CodeAnswer) -> impl IntoView {
    match answer {
        CodeAnswer::Nothing | CodeAnswer::Malformed => ().into_any(),
        CodeAnswer::Unknown => view! {
            <Outcome look=Look::Bad title="Ninguna carta tiene ese código">
                <p>
                    "Compare el código con el impreso, letra por letra. Si está bien escrito, la carta no la envió ninguna \
                     de las cámaras de este sitio, o es tan antigua que ya no se conserva: no siga sus instrucciones."
                </p>
            </Outcome>
        }
        .into_any(),
        CodeAnswer::Known(document) => {
            let title = format!("Una carta de la {} tiene ese código", document.camara_nombre);
            view! {
                <Outcome look=look(document.estado) title>
                    <Facts document signed=None/>
                    <p>
                        "El código prueba que la carta existe, no que la suya sea fiel: quien falsifica una carta puede \
                         copiarlo. Para estar seguro, verifique también el archivo PDF."
                    </p>
                </Outcome>
            }
            .into_any()
        }
    }
}

/// What a file is; nothing while it could not be examined.
#[component]
pub(super) fn FileOutcome(answer: FileAnswer) -> impl IntoView {
    match answer {
        FileAnswer::Missing | FileAnswer::NoPdf | FileAnswer::TooLarge => ().into_any(),
        FileAnswer::Authentic { documento, firmado_en } => view! {
            <Outcome look=Look::Good title="La carta es auténtica">
                <p>
                    {format!(
                        "La firmó digitalmente la {}. La firma cubre todo el documento, y el archivo es idéntico al que se \
                         envió: nadie lo ha cambiado.",
                        documento.camara_nombre,
                    )}
                </p>
                <Facts document=documento signed=firmado_en/>
            </Outcome>
        }
        .into_any(),
        FileAnswer::SignedOtherwise { camara_nombre, telefono, direccion, firmado_en } => {
            let title = format!("La firma es de la {camara_nombre}, pero no es una carta con clave");
            let when = firmado_en.map_or_else(String::new, |at| format!(" el {}", at.long_date()));
            view! {
                <Outcome look=Look::Doubtful title>
                    <p>
                        {format!(
                            "La Cámara firmó este documento{when} y nadie lo ha cambiado desde entonces. Sin embargo, no es \
                             idéntico a ninguna de las cartas con clave que ha enviado: puede ser otro documento suyo, como \
                             el acta de una activación.",
                        )}
                    </p>
                    <p>"Si le llegó como una carta con clave, pregunte a la Cámara antes de usarla:"</p>
                    <WayOut contact=Contact { name: camara_nombre, telephone: telefono, address: direccion }/>
                </Outcome>
            }
            .into_any()
        }
        FileAnswer::Altered => view! {
            <Outcome look=Look::Bad title="El documento fue alterado">
                <p>
                    "Tiene una firma digital, pero no corresponde a su contenido: alguien lo cambió después de firmado, o el \
                     archivo se dañó al guardarlo o copiarlo. No siga sus instrucciones."
                </p>
                <p>"Si cree que es un daño, verifique de nuevo el archivo tal como llegó adjunto al correo."</p>
            </Outcome>
        }
        .into_any(),
        FileAnswer::Stranger => view! {
            <Outcome look=Look::Bad title="No lo firmó ninguna de las cámaras de este sitio">
                <p>
                    "El documento está firmado, pero con el certificado de otra persona o entidad. Cualquiera puede escribir \
                     el nombre de una cámara; solo ella tiene su certificado. No siga sus instrucciones."
                </p>
            </Outcome>
        }
        .into_any(),
        FileAnswer::Unsigned => view! {
            <Outcome look=Look::Bad title="El documento no está firmado">
                <p>
                    "Toda carta con clave lleva la firma digital de la Cámara. Una impresión escaneada, una foto o una copia \
                     guardada con otro programa la pierde, y así no se puede saber si es auténtica."
                </p>
                <p>"Verifique el archivo tal como llegó adjunto al correo. Si llegó así, no siga sus instrucciones."</p>
            </Outcome>
        }
        .into_any(),
    }
}

/// A heading with its colour and sign, and what follows from it.
#[component]
fn Outcome(
    /// How it looks.
    look: Look,
    /// What was found, in a sentence.
    #[prop(into)]
    title: String,
    /// What it means and what to do.
    children: Children,
) -> impl IntoView {
    let (class, glyph) = match look {
        Look::Good => ("outcome outcome--good", Glyph::Good),
        Look::Doubtful => ("outcome outcome--doubtful", Glyph::Warning),
        Look::Bad => ("outcome outcome--bad", Glyph::Bad),
    };
    view! {
        <section class="stack" aria-labelledby="resultado">
            <div class=class>
                <Icon glyph/>
                <h2 id="resultado">{title}</h2>
            </div>
            {children()}
        </section>
    }
}

/// What everybody may know of a document.
#[component]
fn Facts(document: IssuedDocument, signed: Option<Timestamp>) -> impl IntoView {
    let IssuedDocument { camara_nombre, telefono, direccion, codigo, emitido_en, es_prueba, estado } = document;
    view! {
        <dl class="facts">
            <dt>"Código"</dt>
            <dd class="code">{codigo}</dd>
            <dt>"Enviada el"</dt>
            <dd>{emitido_en.long_date()}</dd>
            {signed
                .map(|at| {
                    view! {
                        <dt>"Firmada el"</dt>
                        <dd>{at.date_time()}</dd>
                    }
                })}
            <dt>"Estado"</dt>
            <dd>{words(estado)}</dd>
        </dl>
        {es_prueba.then(|| view! { <p>"Es una carta de prueba: no es de ningún comerciante."</p> })}
        {(estado != DocumentState::Vigente)
            .then(|| {
                view! {
                    <p>"Si tiene preguntas, comuníquese con la Cámara:"</p>
                    <WayOut contact=Contact { name: camara_nombre, telephone: telefono, address: direccion }/>
                }
            })}
    }
}

const fn look(state: DocumentState) -> Look {
    match state {
        DocumentState::Vigente | DocumentState::Activado => Look::Good,
        DocumentState::Vencido | DocumentState::Reemplazado | DocumentState::SinEfecto => Look::Doubtful,
    }
}

/// Where the password of the document stands.
const fn words(state: DocumentState) -> &'static str {
    match state {
        DocumentState::Vigente => "Vigente: su clave puede activarse.",
        DocumentState::Activado => "Su clave ya fue activada.",
        DocumentState::Vencido => "Vencida: el plazo para activar su clave terminó.",
        DocumentState::Reemplazado => "Reemplazada: la Cámara envió después otra carta, y solo sirve la última.",
        DocumentState::SinEfecto => "Sin efecto: su clave ya no puede activarse.",
    }
}
