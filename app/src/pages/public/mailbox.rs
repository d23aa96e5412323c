//! The demo's mailbox: what merchants would have received.

use contract::mailbox::{CapturedMail, CapturedSms};
use leptos::prelude::*;

use super::frame::PublicFrame;
use super::refusal::Refused;
use crate::api::public::{Mailbox, buzon};

/// `/buzon`.
#[component]
pub fn MailboxPage() -> impl IntoView {
    let mailbox = Resource::new_blocking(|| (), |()| buzon());
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match mailbox.await {
                    Ok(mailbox) => view! { <Messages mailbox/> }.into_any(),
                    Err(error) => view! { <Refused error/> }.into_any(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Messages(mailbox: Mailbox) -> impl IntoView {
    let mails = mailbox.correos.into_iter().map(|mail| view! { <MailEntry mail/> }).collect::<Vec<_>>();
    let texts = mailbox.mensajes.into_iter().map(|sms| view! { <SmsEntry sms/> }).collect::<Vec<_>>();
    view! {
        <PublicFrame title="Buzón de demostración">
            <div class="cluster cluster--apart">
                <h1>"Buzón de demostración"</h1>
                <a class="button" href="/buzon">"Actualizar"</a>
            </div>
            <p class="muted">
                "Los correos y mensajes de esta demostración no salen de este equipo. Aquí se ven los 100 más recientes \
                 de cada clase."
            </p>
            <div class="mailbox">
                <section class="card card--flush" aria-labelledby="correos">
                    <h2 id="correos" class="mailbox__head">"Correos"</h2>
                    {if mails.is_empty() {
                        view! { <p class="mailbox__none muted">"Todavía no ha llegado ningún correo."</p> }.into_any()
                    } else {
                        view! { <ul class="mailbox__list">{mails}</ul> }.into_any()
                    }}
                </section>
                <section class="card card--flush" aria-labelledby="mensajes">
                    <h2 id="mensajes" class="mailbox__head">"Mensajes de texto"</h2>
                    {if texts.is_empty() {
                        view! { <p class="mailbox__none muted">"Todavía no ha llegado ningún mensaje."</p> }.into_any()
                    } else {
                        view! { <ul class="mailbox__list">{texts}</ul> }.into_any()
                    }}
                </section>
            </div>
        </PublicFrame>
    }
}

#[component]
fn MailEntry(mail: CapturedMail) -> impl IntoView {
    let attachments = match mail.adjuntos.len() {
        0 => String::new(),
        1 => " · 1 adjunto".to_owned(),
        n => format!(" · {n} adjuntos"),
    };
    view! {
        <li class="message">
            <a class="message__title" href=format!("/buzon/correo/{}", mail.id)>{mail.asunto}</a>
            <span class="message__who">"Para " {mail.para}</span>
            <span class="message__when muted">
                <time datetime=mail.recibido_en.iso()>{mail.recibido_en.date_time()}</time>
                {attachments}
            </span>
        </li>
    }
}

#[component]
fn SmsEntry(sms: CapturedSms) -> impl IntoView {
    view! {
        <li class="message">
            <span class="message__who">"Al " {sms.celular}</span>
            <p class="message__text">{sms.texto}</p>
            <span class="message__when muted">
                <time datetime=sms.enviado_en.iso()>{sms.enviado_en.date_time()}</time>
            </span>
        </li>
    }
}
