//! WebOTP: where the browser offers it, the PIN is taken from the SMS (whose last line is
//! `@dominio #123456`) with the person's consent. Elsewhere nothing happens.

use js_sys::{Array, Object, Reflect};
use leptos::task::spawn_local;
use leptos::wasm_bindgen::{JsCast, JsValue};
use leptos::web_sys::{CredentialRequestOptions, window};

/// Asks once for the PIN of the next SMS and hands it over.
pub fn await_pin(hand_over: impl FnOnce(String) + 'static) {
    spawn_local(async move {
        if let Some(pin) = request().await {
            hand_over(pin);
        }
    });
}

async fn request() -> Option<String> {
    let window = window()?;
    if !Reflect::has(&window, &JsValue::from_str("OTPCredential")).unwrap_or(false) {
        return None;
    }
    let by_sms = Object::new();
    Reflect::set(&by_sms, &"transport".into(), &Array::of1(&"sms".into())).ok()?;
    let options = CredentialRequestOptions::new();
    Reflect::set(&options, &"otp".into(), &by_sms).ok()?;
    let promise = window.navigator().credentials().get_with_options(options.unchecked_ref()).ok()?;
    let credential = js_sys::futures::JsFuture::from(promise).await.ok()?;
    Reflect::get(&credential, &"code".into()).ok()?.as_string()
}
