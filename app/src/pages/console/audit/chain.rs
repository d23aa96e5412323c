//! How the trail's chain stands: its head, its last seal; verified when asked for, and downloaded for whoever
//! wants to verify it without us.

use contract::audit::{ChainReport, ChainState};
use leptos::prelude::*;

use crate::api::console::audit::{audit_state, verify_audit};
use crate::components::alert::Alert;
use crate::components::failure::{Refusal, loaded};
use crate::components::icon::Glyph;
use crate::components::status::{Status, Tone};
use crate::components::task::task;
use crate::pages::console::layout::Loading;
use crate::text;

/// The card.
#[component]
pub(super) fn Chain() -> impl IntoView {
    let state = Resource::new_blocking(|| (), |()| audit_state());
    let report = RwSignal::new(None::<ChainReport>);
    let check = task(|()| async { verify_audit().await }, move |found| report.set(Some(found)));
    view! {
        <section class="card" aria-labelledby="cadena-titulo">
            <h2 id="cadena-titulo">"Integridad"</h2>
            <Transition fallback=Loading>
                {move || Suspend::new(async move { loaded(state.await, |state| view! { <Standing state/> }) })}
            </Transition>
            <div class="cluster">
                <button
                    class="button"
                    type="button"
                    disabled=move || check.busy.get()
                    on:click=move |_| {
                        report.set(None);
                        check.run(());
                    }
                >
                    {move || if check.busy.get() { "Comprobando…" } else { "Comprobar la cadena" }}
                </button>
                <form method="post" action="/consola/auditoria/exportar">
                    <button class="button" type="submit" aria-describedby="exportar-auditoria">"Exportar"</button>
                </form>
            </div>
            <p class="muted small" id="exportar-auditoria">
                "La exportación trae todas las anotaciones y los sellos firmados, para que un tercero los compruebe sin \
                depender de este sistema. No contiene datos personales de los comerciantes."
            </p>
            <Refusal error=check.error/>
            <div role="status">{move || report.get().map(|report| view! { <Verdict report/> })}</div>
        </section>
    }
}

#[component]
fn Standing(state: ChainState) -> impl IntoView {
    let entries = text::count(u64::try_from(state.entradas).unwrap_or_default(), "anotación", "anotaciones");
    let sealed = state.sello.map(|seal| {
        view! {
            "Último sello firmado: del "
            {text::seal_day(&seal.dia)}
            ", hasta la anotación "
            {seal.secuencia}
            ", hecho el "
            <time datetime=seal.sellado_en.iso()>{seal.sellado_en.date_time()}</time>
            ". "
        }
    });
    let unsealed = sealed.is_none().then_some("Todavía no hay un sello firmado. ");
    view! {
        <p>
            {entries}
            ". "
            {sealed}
            {unsealed}
            {state
                .sello_atrasado
                .then(|| {
                    view! {
                        <Status tone=Tone::Warn glyph=Glyph::Warning word="Falta el sello de ayer"/>
                        " Revise que el certificado de firma esté vigente."
                    }
                })}
        </p>
    }
}

#[component]
fn Verdict(report: ChainReport) -> impl IntoView {
    let entries = text::count(u64::try_from(report.entradas).unwrap_or_default(), "anotación", "anotaciones");
    if report.holds() {
        let seals = text::count(report.sellos, "sello", "sellos");
        let facts = text::count(report.evidencias, "activación con evidencia", "activaciones con evidencia");
        return view! {
            <Alert tone=Tone::Good title="La cadena está íntegra">
                <p>{format!("Se comprobaron {entries}, {seals} y {facts}. El hash de la última anotación es:")}</p>
                <p class="break"><code>{report.hash}</code></p>
            </Alert>
        }
        .into_any();
    }
    let chain = report.falla.map(|flaw| view! { <li>"La cadena se rompe: " {text::chain_flaw(&flaw)} "."</li> });
    let facts = report
        .evidencias_rotas
        .into_iter()
        .map(|user| view! { <li>{format!("Usuario verificado N.º {user}: {}.", text::EVIDENCE_FLAW)}</li> })
        .collect_view();
    let seals = report
        .sellos_rotos
        .into_iter()
        .map(|seal| {
            view! { <li>"Sello del " {text::seal_day(&seal.dia)} ": " {text::seal_flaw(seal.falla)} "."</li> }
        })
        .collect_view();
    view! {
        <Alert tone=Tone::Bad title="La auditoría no está íntegra">
            <ul>{chain} {seals} {facts}</ul>
            <p>
                "No cambie nada y avise al responsable: conserve la base de datos y sus copias de respaldo, y compare con la \
                última exportación o el último sello que tenga."
            </p>
        </Alert>
    }
    .into_any()
}
