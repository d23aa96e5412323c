//! `/consola`: the campaign of one year, with its funnel, its five actions and its batches.

mod actions;
mod batches;
mod desk;
mod diagnosis;
mod erase;
mod export;
mod funnel;
mod live;
mod notice;
mod pace;
mod select;
mod send;
mod sms;
mod troubled;

use contract::campaign::{Deletion, Factor};
use contract::registry::Freshness;
use contract::staff::{Permission, StaffView};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::Form;
use leptos_router::hooks::use_query_map;

use self::actions::Actions;
use self::batches::{Batches, RetryDialog};
use self::desk::Desk;
use self::diagnosis::DiagnosisDialog;
use self::erase::EraseDialog;
use self::funnel::Funnel;
use self::live::Live;
use self::notice::{CertificateNotice, FactorNotice};
use self::pace::PaceCard;
use self::select::SelectDialog;
use self::send::SendDialog;
use self::troubled::{ResendDialog, Troubled};
use super::layout::{Breadcrumb, Loading, Me, Reload, refusal_for};
use super::passwords::YearField;
use super::registry::Age;
use crate::api::console::campaign::{CampaignData, campaign, campaign_again};
use crate::components::alert::Alert;
use crate::components::failure::loaded;
use crate::components::status::Tone;

/// The dialog that is open, with what it needs to know.
#[derive(Clone, PartialEq, Eq)]
enum Opened {
    Select { year: i32, freshness: Freshness },
    Send { year: i32, factor: Factor },
    Erase { year: i32, kind: Deletion },
    Resend { id: i64, name: String },
    Retry { id: i64, name: String, failed: u64 },
    Diagnosis,
}

/// The page.
#[component]
pub fn CampaignPage() -> impl IntoView {
    let query = use_query_map();
    let asked = Memo::new(move |_| query.read().get("ano").and_then(|year| year.parse::<i32>().ok()));
    let Reload(reload) = expect_context();
    let Me(me) = expect_context();
    let live = Live::new();
    provide_context(live);
    let opened = RwSignal::new(None::<Opened>);
    let desk = Desk::new(live, opened);
    // What the page asks by itself is told apart from what a person asks.
    let by_itself = StoredValue::new(0);
    let data = Resource::new_blocking(
        move || (asked.get(), reload.get(), live.refresh.get()),
        move |(year, _, refresh)| {
            let alone = by_itself.try_get_value() != Some(refresh);
            by_itself.try_set_value(refresh);
            async move { if alone { campaign_again(year).await } else { campaign(year).await } }
        },
    );
    view! {
        <Title text="Generador de Contraseñas Seguras"/>
        <Breadcrumb steps=&["Módulo de Registro", "Procesos Especiales", "Generador de Contraseñas Seguras"]/>
        <Transition fallback=Loading>
            {move || Suspend::new(async move {
                let staff = me.await;
                let data = data.await;
                loaded(
                    staff.and_then(|staff| Ok((staff, data?))),
                    |(staff, data)| view! { <Campaign staff data desk/> },
                )
            })}
        </Transition>
        {move || opened.get().map(|what| view! { <OpenDialog what opened/> })}
    }
}

#[component]
fn Campaign(staff: StaffView, data: CampaignData, desk: Desk) -> impl IntoView {
    let CampaignData { current_year, view, progress, troubled } = data;
    let year = view.ano;
    let factor = view.factor;
    let opened = desk.opened;
    desk.live.begin(year, progress);
    let may_operate = refusal_for(&staff, Permission::Operate).is_none();
    let missing = (!view.faltantes.is_empty()).then(|| view! { <Missing names=view.faltantes.clone()/> });
    let actions_view = view.clone();
    view! {
        <div class="cluster cluster--apart">
            <div class="stack stack--tight">
                <h1>"Generador de Contraseñas Seguras"</h1>
                <p class="muted">
                    {format!(
                        "Año en proceso {year}: personas naturales cuyo último año renovado es {}.",
                        year - 1,
                    )}
                </p>
            </div>
            <Form method="get" action="/consola" attr:class="filters">
                <YearField year current_year/>
                <button class="button" type="submit">"Ver año"</button>
            </Form>
        </div>
        {missing}
        {view.certificado.map(|end| view! { <CertificateNotice end/> })}
        <Funnel view=view.clone()/>
        <Batches may_operate desk/>
        <Troubled rows=troubled may_operate desk/>
        <Actions staff view=actions_view opened/>
        <div class="columns">
            <PaceCard/>
            <Age freshness=view.frescura with_link=true/>
        </div>
        <FactorNotice factor/>
    }
}

#[component]
fn Missing(names: Vec<String>) -> impl IntoView {
    let items = names.into_iter().map(|name| view! { <li><code>{name}</code></li> }).collect_view();
    view! {
        <Alert tone=Tone::Warn title="Faltan parámetros en el CommonXX: todavía no se puede enviar">
            <p>
                "Solo se usa el servidor de correo de la cámara. Pida al administrador que complete estas variables; \
                lo demás puede adelantarse."
            </p>
            <ul>{items}</ul>
        </Alert>
    }
}

#[component]
fn OpenDialog(what: Opened, opened: RwSignal<Option<Opened>>) -> impl IntoView {
    let on_close = Callback::new(move |()| opened.set(None));
    match what {
        Opened::Select { year, freshness } => view! { <SelectDialog year freshness on_close/> }.into_any(),
        Opened::Send { year, factor } => view! { <SendDialog year factor on_close/> }.into_any(),
        Opened::Erase { year, kind } => view! { <EraseDialog year kind on_close/> }.into_any(),
        Opened::Resend { id, name } => view! { <ResendDialog id name on_close/> }.into_any(),
        Opened::Retry { id, name, failed } => view! { <RetryDialog id name failed on_close/> }.into_any(),
        Opened::Diagnosis => view! { <DiagnosisDialog on_close/> }.into_any(),
    }
}
