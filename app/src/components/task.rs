//! An action started by a person: busy, refused or done; and when the server wants the password
//! first, asked for and then gone on with.

use std::future::Future;
use std::sync::Arc;

use contract::ServiceError;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::console::session::password_is_confirmed;
use crate::error::ApiError;

/// Where pages leave an action that waits for the password. Provided by the console's layout, whose
/// dialog repeats the action once the password was right.
#[derive(Clone, Copy)]
pub struct PasswordGate(pub RwSignal<Option<Retry>>);

/// The action to be repeated.
#[derive(Clone)]
pub struct Retry(pub Arc<dyn Fn() + Send + Sync>);

type Start<I> = Arc<dyn Fn(I) + Send + Sync>;

/// A running or finished action.
pub struct Task<I: 'static> {
    /// Whether the server is being asked.
    pub busy: RwSignal<bool>,
    /// Why it was refused, until the next try.
    pub error: RwSignal<Option<ApiError>>,
    start: StoredValue<Start<I>>,
}

impl<I: 'static> Clone for Task<I> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<I: 'static> Copy for Task<I> {}

impl<I: 'static> Task<I> {
    /// Starts it, unless it is under way.
    pub fn run(&self, input: I) {
        if self.busy.get_untracked() {
            return;
        }
        if let Some(start) = self.start.try_get_value() {
            start(input);
        }
    }
}

/// Makes an action of a server function and of what is to happen when it succeeds. Both are kept
/// alive by the call itself, so that a dialog may close while its call is on the way.
pub fn task<I, O, F, Fut, D>(call: F, done: D) -> Task<I>
where
    I: Clone + Send + Sync + 'static,
    O: 'static,
    F: Fn(I) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<O, ApiError>> + 'static,
    D: Fn(O) + Send + Sync + 'static,
{
    prepare(Attempt::new(call, done, false))
}

/// As [`task`], for what needs the password of the last five minutes: it is asked for first.
pub fn sensitive_task<I, O, F, Fut, D>(call: F, done: D) -> Task<I>
where
    I: Clone + Send + Sync + 'static,
    O: 'static,
    F: Fn(I) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<O, ApiError>> + 'static,
    D: Fn(O) + Send + Sync + 'static,
{
    prepare(Attempt::new(call, done, true))
}

/// All that an action needs to be tried, and tried again.
struct Attempt<F, D> {
    busy: RwSignal<bool>,
    error: RwSignal<Option<ApiError>>,
    gate: Option<PasswordGate>,
    sensitive: bool,
    call: F,
    done: D,
}

impl<F, D> Attempt<F, D> {
    fn new(call: F, done: D, sensitive: bool) -> Self {
        Self { busy: RwSignal::new(false), error: RwSignal::new(None), gate: use_context(), sensitive, call, done }
    }
}

fn prepare<I, O, F, Fut, D>(attempt: Attempt<F, D>) -> Task<I>
where
    I: Clone + Send + Sync + 'static,
    O: 'static,
    F: Fn(I) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<O, ApiError>> + 'static,
    D: Fn(O) + Send + Sync + 'static,
{
    let (busy, error) = (attempt.busy, attempt.error);
    let attempt = Arc::new(attempt);
    let start: Start<I> = Arc::new(move |input: I| begin(Arc::clone(&attempt), input));
    Task { busy, error, start: StoredValue::new(start) }
}

fn begin<I, O, F, Fut, D>(attempt: Arc<Attempt<F, D>>, input: I)
where
    I: Clone + Send + Sync + 'static,
    O: 'static,
    F: Fn(I) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<O, ApiError>> + 'static,
    D: Fn(O) + Send + Sync + 'static,
{
    attempt.busy.try_set(true);
    attempt.error.try_set(None);
    spawn_local(async move {
        let allowed = if attempt.sensitive { password_is_confirmed().await } else { Ok(true) };
        let result = match allowed {
            Ok(true) => (attempt.call)(input.clone()).await,
            Ok(false) => Err(ServiceError::ConfirmPassword.into()),
            Err(refusal) => Err(refusal),
        };
        attempt.busy.try_set(false);
        match (result, attempt.gate) {
            (Ok(output), _) => (attempt.done)(output),
            (Err(refusal), Some(PasswordGate(waiting))) if refusal.asks_for_password() => {
                let again = move || begin(Arc::clone(&attempt), input.clone());
                waiting.try_set(Some(Retry(Arc::new(again))));
            }
            (Err(ApiError::Service(ServiceError::NoSession)), _) => {
                // The whole document goes: nothing of the ended session may stay on the screen.
                let _ = window().location().set_href("/consola/ingresar?motivo=sesion");
            }
            (Err(refusal), _) => {
                attempt.error.try_set(Some(refusal));
            }
        }
    });
}
