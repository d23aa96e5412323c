//! The SMS half of «Probar conexión»: a harmless text to a mobile of one's own.

use contract::sms::SmsReport;
use leptos::prelude::*;

use crate::api::console::sms::try_sms;
use crate::components::failure::Refusal;
use crate::components::field::TextField;
use crate::components::icon::{Glyph, Icon};
use crate::components::task::task;
use crate::text::{self, SMS_TAKEN, sms_fault};

/// Nothing is sent before the button is pressed.
#[component]
pub fn SmsTrial() -> impl IntoView {
    let mobile = RwSignal::new(String::new());
    let reports = RwSignal::new(Vec::<SmsReport>::new());
    let trial = task(try_sms, move |found| {
        reports.try_set(found);
    });
    let items = move || reports.get().into_iter().map(|report| view! { <ReportItem report/> }).collect_view();
    view! {
        <form
            class="stack"
            on:submit=move |event| {
                event.prevent_default();
                reports.set(Vec::new());
                trial.run(mobile.get_untracked());
            }
        >
            <h3>"Probar los SMS"</h3>
            <p>
                "Se envía un texto inofensivo por cada proveedor de la cámara. Cuesta un SMS por proveedor y cuenta en el \
                cupo diario."
            </p>
            <TextField
                name="celular-prueba"
                label="Celular que recibe la prueba"
                hint="Diez dígitos, por ejemplo el suyo."
                kind="tel"
                inputmode="numeric"
                value=mobile
            />
            <div>
                <button class="button" type="submit" aria-disabled=move || trial.busy.get().then_some("true")>
                    {move || if trial.busy.get() { "Enviando…" } else { "Enviar SMS de prueba" }}
                </button>
            </div>
            <ol class="steps" aria-live="polite" hidden=move || reports.read().is_empty()>
                {items}
            </ol>
            <Refusal error=trial.error/>
        </form>
    }
}

/// What people call a provider.
fn name(provider: &str) -> &'static str {
    match provider {
        "http" => "Pasarela HTTP",
        "smpp" => "SMSC del operador (SMPP)",
        "http-contingencia" => "Contingencia: pasarela HTTP",
        "smpp-contingencia" => "Contingencia: SMSC del operador (SMPP)",
        _ => "Buzón de demostración",
    }
}

#[component]
fn ReportItem(report: SmsReport) -> impl IntoView {
    let (class, glyph, word) = match report.falla {
        None => ("steps__item steps__item--good", Glyph::Good, "Bien"),
        Some(_) => ("steps__item steps__item--bad", Glyph::Bad, "Falló"),
    };
    let (what, remedy) = match report.falla {
        None => (SMS_TAKEN.to_owned(), None),
        Some(fault) => {
            let (what, remedy) = sms_fault(fault, &report.variables);
            (what, Some(remedy))
        }
    };
    let remedy = remedy.map(|text| {
        view! {
            <p class="steps__remedy">
                <strong>"Qué hacer: "</strong>
                {text}
            </p>
        }
    });
    view! {
        <li class=class>
            <span class="steps__mark"><Icon glyph/></span>
            <p class="steps__name">{name(&report.proveedor)}</p>
            <p class="steps__time">{format!("{word}, {} ms", text::number(report.milisegundos))}</p>
            <p class="steps__detail">{what}</p>
            {remedy}
        </li>
    }
}
