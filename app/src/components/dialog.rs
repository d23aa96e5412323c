//! The one dialog: native `<dialog>`, opened as soon as it stands on the page. Made only while it
//! is needed, so that every opening starts afresh.

use leptos::html;
use leptos::prelude::*;

/// Lets whatever is inside close its dialog. Closing goes through the element, which gives the
/// focus back to where it was.
#[derive(Clone, Copy)]
pub struct DialogHandle(NodeRef<html::Dialog>);

impl DialogHandle {
    /// Closes it.
    pub fn close(self) {
        if let Some(dialog) = self.0.try_get_untracked().flatten() {
            dialog.close();
        }
    }
}

/// A modal dialog. Esc closes it; so does [`DialogHandle::close`].
#[component]
pub fn Dialog(
    /// Distinguishes its title from that of a dialog above it.
    id: &'static str,
    /// The question.
    #[prop(into)]
    title: String,
    /// Takes it from the page, after it was closed.
    on_close: Callback<()>,
    /// Consequences, fields, [`DialogActions`].
    children: Children,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    provide_context(DialogHandle(node));
    Effect::new(move |_| {
        if let Some(dialog) = node.get() {
            // In the next frame its contents stand, so that the first field gets the focus.
            request_animation_frame(move || {
                if dialog.is_connected() && !dialog.open() {
                    let _ = dialog.show_modal();
                }
            });
        }
    });
    let title_id = format!("{id}-titulo");
    let labelled_by = title_id.clone();
    view! {
        <dialog
            node_ref=node
            class="dialog"
            aria-labelledby=labelled_by
            on:close=move |_| {
                on_close.try_run(());
            }
        >
            <div class="dialog__head">
                <h2 id=title_id>{title}</h2>
            </div>
            <div class="dialog__body">{children()}</div>
        </dialog>
    }
}

/// The way out first, then what the dialog is for.
#[component]
pub fn DialogActions(
    /// The words of the way out.
    #[prop(default = "Salir sin ejecutar")]
    leave: &'static str,
    /// The button that acts.
    children: Children,
) -> impl IntoView {
    let handle = use_context::<DialogHandle>();
    view! {
        <div class="dialog__actions">
            <button
                type="button"
                class="button"
                on:click=move |_| {
                    if let Some(handle) = handle {
                        handle.close();
                    }
                }
            >
                {leave}
            </button>
            {children()}
        </div>
    }
}
