//! Annul, reactivate, delete, purge: what will happen, in words, before it does.

use leptos::prelude::*;

use super::Opened;
use crate::api::console::verified::{annul_user, delete_user, purge_tests, reactivate_user};
use crate::components::dialog::{Dialog, DialogActions, DialogHandle};
use crate::components::failure::Refusal;
use crate::components::field::TextField;
use crate::components::task::task;
use crate::pages::console::layout::{Reload, Told};
use crate::text;

/// The dialog that is open.
#[component]
pub(super) fn OpenDialog(
    /// What for.
    what: Opened,
    /// Closes it.
    opened: RwSignal<Option<Opened>>,
) -> impl IntoView {
    let on_close = Callback::new(move |()| opened.set(None));
    match what {
        Opened::Annul(id, name) => view! {
            <Dialog id="anular" title="Anular usuario verificado" on_close>
                <p>
                    <strong>{name}</strong>
                    " dejará de estar vigente y no podrá firmar trámites virtuales. Podrá ser seleccionado de nuevo."
                </p>
                <WithReason id deed=Deed::Annul/>
            </Dialog>
        }
        .into_any(),
        Opened::Reactivate(id, name) => view! {
            <Dialog id="reactivar" title="Reactivar usuario verificado" on_close>
                <p>
                    <strong>{name}</strong>
                    " volverá a estar vigente y podrá firmar trámites virtuales con la misma clave. Hágalo solo después de \
                    comprobar la identidad del titular por los datos del registro mercantil."
                </p>
                <WithReason id deed=Deed::Reactivate/>
            </Dialog>
        }
        .into_any(),
        Opened::Delete(id, name) => view! {
            <Dialog id="eliminar" title="Eliminar usuario verificado" on_close>
                <p>
                    <strong>{name}</strong>
                    " dejará de aparecer en la lista y no podrá firmar trámites virtuales. La auditoría se conserva."
                </p>
                <WithReason id deed=Deed::Delete/>
            </Dialog>
        }
        .into_any(),
        Opened::Purge => view! {
            <Dialog id="purgar" title="Purgar pruebas" on_close>
                <p>
                    "Se retirarán todos los usuarios creados con el procedimiento de pruebas. Los usuarios de \
                    comerciantes reales no se tocan."
                </p>
                <Purge/>
            </Dialog>
        }
        .into_any(),
    }
}

/// What is done to one user, with a reason.
#[derive(Clone, Copy)]
enum Deed {
    Annul,
    Delete,
    Reactivate,
}

impl Deed {
    const fn word(self) -> &'static str {
        match self {
            Self::Annul => "Anular",
            Self::Delete => "Eliminar",
            Self::Reactivate => "Reactivar",
        }
    }

    const fn done(self) -> &'static str {
        match self {
            Self::Annul => "Se anuló el usuario verificado.",
            Self::Delete => "Se eliminó el usuario verificado.",
            Self::Reactivate => "Se reactivó el usuario verificado.",
        }
    }

    const fn look(self) -> &'static str {
        match self {
            Self::Annul | Self::Delete => "button button--danger",
            Self::Reactivate => "button button--primary",
        }
    }
}

/// The mandatory reason and the button that acts.
#[component]
fn WithReason(id: i64, deed: Deed) -> impl IntoView {
    let reason = RwSignal::new(String::new());
    let wrong = RwSignal::new(None::<String>);
    let handle = use_context::<DialogHandle>();
    let (told, reload) = (expect_context::<Told>(), expect_context::<Reload>());
    let finish = task(
        move |reason: String| async move {
            match deed {
                Deed::Annul => annul_user(id, reason).await,
                Deed::Delete => delete_user(id, reason).await,
                Deed::Reactivate => reactivate_user(id, reason).await,
            }
        },
        move |()| {
            if let Some(handle) = handle {
                handle.close();
            }
            told.say(deed.done());
            reload.now();
        },
    );
    view! {
        <form
            class="form"
            on:submit=move |event| {
                event.prevent_default();
                let typed = reason.get_untracked();
                let letters = typed.chars().filter(|c| c.is_alphabetic()).count();
                if letters < 5 {
                    wrong.set(Some(text::invalid_field(contract::error::Field::Reason).to_owned()));
                } else {
                    wrong.set(None);
                    finish.run(typed);
                }
            }
        >
            <Refusal error=finish.error/>
            <TextField
                name="motivo"
                label="Motivo"
                hint="Obligatorio, con al menos 5 letras. Queda guardado junto al usuario."
                value=reason
                error=wrong
                autofocus=true
            />
            <DialogActions>
                <button class=deed.look() type="submit" disabled=move || finish.busy.get()>{deed.word()}</button>
            </DialogActions>
        </form>
    }
}

#[component]
fn Purge() -> impl IntoView {
    let handle = use_context::<DialogHandle>();
    let (told, reload) = (expect_context::<Told>(), expect_context::<Reload>());
    let purge = task(
        |()| purge_tests(),
        move |gone| {
            if let Some(handle) = handle {
                handle.close();
            }
            told.say(text::count(gone, "usuario de prueba retirado.", "usuarios de prueba retirados."));
            reload.now();
        },
    );
    view! {
        <Refusal error=purge.error/>
        <DialogActions>
            <button
                class="button button--danger"
                type="button"
                disabled=move || purge.busy.get()
                on:click=move |_| purge.run(())
            >
                "Purgar pruebas"
            </button>
        </DialogActions>
    }
}
