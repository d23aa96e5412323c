//! The password again, before a dangerous action; then the action by itself.

use leptos::prelude::*;

use crate::api::console::session::confirm_password;
use crate::components::dialog::{Dialog, DialogActions, DialogHandle};
use crate::components::failure::Refusal;
use crate::components::field::TextField;
use crate::components::task::{PasswordGate, Retry, task};

/// Opens whenever an action waits for the password.
#[component]
pub fn ConfirmPassword() -> impl IntoView {
    let PasswordGate(waiting) = expect_context();
    move || {
        waiting.get().map(|retry| {
            let on_close = Callback::new(move |()| waiting.set(None));
            view! {
                <Dialog id="confirmar-clave" title="Confirme su clave" on_close>
                    <PasswordForm retry/>
                </Dialog>
            }
        })
    }
}

#[component]
fn PasswordForm(retry: Retry) -> impl IntoView {
    let clave = RwSignal::new(String::new());
    let handle = use_context::<DialogHandle>();
    let confirm = task(confirm_password, move |()| {
        if let Some(handle) = handle {
            handle.close();
        }
        (retry.0)();
    });
    view! {
        <form
            class="form"
            on:submit=move |event| {
                event.prevent_default();
                confirm.run(clave.get_untracked());
            }
        >
            <p>"Esta acción es delicada. Digite de nuevo su clave; después podrá continuar durante unos minutos."</p>
            <Refusal error=confirm.error/>
            <TextField
                name="clave-confirmacion"
                label="Clave"
                kind="password"
                autocomplete="current-password"
                value=clave
                autofocus=true
            />
            <DialogActions>
                <button class="button button--primary" type="submit" disabled=move || confirm.busy.get()>
                    "Confirmar"
                </button>
            </DialogActions>
        </form>
    }
}
