//! The funnel: registrados → cumplen → seleccionados → enviados → activados.

use contract::campaign::CampaignView;
use leptos::prelude::*;

use crate::components::pager::address;
use crate::components::status::Status;
use crate::text;

/// One stage.
struct Stage {
    word: &'static str,
    /// `None` when nothing was counted yet.
    figure: Option<u64>,
    /// What the figure is.
    meaning: &'static str,
    href: Option<String>,
}

/// The figures of the year, each with its bar and its list.
#[component]
pub fn Funnel(
    /// The campaign.
    view: CampaignView,
) -> impl IntoView {
    let year = view.ano.to_string();
    let list = |state: &str| Some(address("/consola/contrasenas", &[("ano", &year), ("estado", state)]));
    let stages = [
        Stage {
            word: "Registrados",
            figure: Some(view.registrados),
            meaning: "matrículas en el registro",
            href: Some("/consola/sincronizacion".to_owned()),
        },
        Stage {
            word: "Cumplen", figure: view.cumplen, meaning: "según la última selección o simulación", href: None
        },
        Stage {
            word: "Seleccionados",
            figure: Some(view.seleccionados),
            meaning: "con contraseña pre-asignada",
            href: list(""),
        },
        Stage {
            word: "Enviados",
            figure: Some(view.enviados),
            meaning: "aceptados por el servidor de correo",
            href: list("enviado"),
        },
        Stage {
            word: "Activados",
            figure: Some(view.activados),
            meaning: "ya son usuarios verificados",
            href: list("activado"),
        },
    ];
    let widest = stages.iter().filter_map(|stage| stage.figure).max().unwrap_or(0);
    let mut before = None;
    let items = stages
        .into_iter()
        .map(|stage| {
            let share = before.zip(stage.figure).map(|(before, figure)| text::percent(figure, before));
            before = stage.figure;
            view! { <StageItem stage share widest/> }
        })
        .collect_view();
    let states = view
        .por_estado
        .iter()
        .filter(|(_, rows)| **rows > 0)
        .map(|(state, rows)| {
            let words = text::password_state(*state);
            let href = address("/consola/contrasenas", &[("ano", &year), ("estado", state.as_str())]);
            view! {
                <li>
                    <a class="states__link" href=href>
                        <Status tone=words.tone glyph=words.glyph word=words.word/>
                        <span class="strong">{text::number(*rows)}</span>
                    </a>
                </li>
            }
        })
        .collect_view();
    let any = view.por_estado.values().any(|rows| *rows > 0);
    view! {
        <section class="card" aria-labelledby="embudo-titulo">
            <h2 id="embudo-titulo">{format!("Campaña {year}")}</h2>
            <ol class="funnel">{items}</ol>
            {view
                .recordatorios
                .map(|sent| {
                    view! {
                        <p class="muted small">
                            "Recordatorios enviados a quienes no han activado: "
                            <strong>{text::number(sent)}</strong>
                        </p>
                    }
                })}
            {any.then(|| view! { <ul class="states" aria-label="Contraseñas por estado">{states}</ul> })}
        </section>
    }
}

#[component]
fn StageItem(stage: Stage, share: Option<String>, widest: u64) -> impl IntoView {
    let figure = stage.figure.map_or_else(|| "Sin calcular".to_owned(), text::number);
    let figure = match stage.href {
        Some(href) => view! {
            <a class="funnel__figure" href=href>
                {figure}
                <span class="visually-hidden">{format!(" {}: ver la lista", stage.word.to_lowercase())}</span>
            </a>
        }
        .into_any(),
        None => view! { <span class="funnel__figure">{figure}</span> }.into_any(),
    };
    // The picture repeats the figure, so it needs no words of its own.
    let width = bar_width(stage.figure.unwrap_or(0), widest);
    view! {
        <li class="funnel__stage">
            <span class="funnel__word">{stage.word}</span>
            {figure}
            <svg
                class="funnel__bar"
                viewBox="0 0 1000 8"
                preserveAspectRatio="none"
                aria-hidden="true"
                focusable="false"
            >
                <rect class="funnel__track" width="1000" height="8"></rect>
                <rect class="funnel__fill" width=width height="8"></rect>
            </svg>
            <span class="funnel__meaning">
                {stage.meaning}
                {share.map(|share| format!(" · {share} de la etapa anterior"))}
            </span>
        </li>
    }
}

/// Thousandths of the widest; what exists is always seen.
fn bar_width(figure: u64, widest: u64) -> u64 {
    match (figure, widest) {
        (0, _) | (_, 0) => 0,
        (figure, widest) => (figure.saturating_mul(1000) / widest).max(6),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_proportional_and_never_vanishes_while_there_is_something() {
        assert_eq!(bar_width(0, 0), 0);
        assert_eq!(bar_width(0, 10), 0);
        assert_eq!(bar_width(5, 10), 500);
        assert_eq!(bar_width(1, 1_000_000), 6);
    }
}
