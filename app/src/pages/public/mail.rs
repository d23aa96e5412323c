//! One captured mail of the demo.

use contract::mailbox::CapturedMailBody;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::frame::PublicFrame;
use super::linkify::{Piece, pieces};
use super::refusal::Refused;
use crate::api::public::correo;

/// `/buzon/correo/:id`.
#[component]
pub fn MailPage() -> impl IntoView {
    let params = use_params_map();
    let mail = Resource::new_blocking(move || params.read().get("id").unwrap_or_default(), correo);
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match mail.await {
                    Ok(mail) => view! { <Mail mail/> }.into_any(),
                    Err(error) => view! { <Refused error/> }.into_any(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Mail(mail: CapturedMailBody) -> impl IntoView {
    let CapturedMailBody { resumen, de, texto } = mail;
    let attachments = resumen
        .adjuntos
        .iter()
        .enumerate()
        .map(|(index, name)| {
            let href = format!("/buzon/correo/{}/adjunto/{index}", resumen.id);
            view! { <li><a class="standalone" href=href>{name.clone()}</a></li> }
        })
        .collect::<Vec<_>>();
    let body = pieces(&texto)
        .into_iter()
        .map(|piece| match piece {
            Piece::Words(words) => words.to_owned().into_any(),
            Piece::Address(href) => view! { <a href=href.to_owned()>{href.to_owned()}</a> }.into_any(),
        })
        .collect::<Vec<_>>();
    view! {
        // The subject is a stranger's text, and leptos_meta writes a title unescaped: it stays out of it.
        <PublicFrame title="Correo · Buzón de demostración">
            <p><a class="standalone" href="/buzon">"Volver al buzón"</a></p>
            <article class="card mail">
                <h1 class="mail__subject">{resumen.asunto.clone()}</h1>
                <dl class="facts">
                    <dt>"De"</dt>
                    <dd>{de}</dd>
                    <dt>"Para"</dt>
                    <dd>{resumen.para.clone()}</dd>
                    <dt>"Recibido"</dt>
                    <dd><time datetime=resumen.recibido_en.iso()>{resumen.recibido_en.date_time()}</time></dd>
                </dl>
                {(!attachments.is_empty())
                    .then(|| {
                        view! {
                            <section aria-labelledby="adjuntos">
                                <h2 id="adjuntos" class="mail__part">"Adjuntos"</h2>
                                <ul class="mail__files">{attachments}</ul>
                            </section>
                        }
                    })}
                <hr/>
                <div class="mail__body">{body}</div>
            </article>
        </PublicFrame>
    }
}
