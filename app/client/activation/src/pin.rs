//! The PIN: what is pasted loses its blanks, and where the browser offers WebOTP it is taken from the
//! SMS (whose last line is `@dominio #123456`) with the person's consent.

use contract::activation::check::{PIN_ID, pasted_pin};
use gloo::utils::window;
use js_sys::{JSON, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{AbortController, HtmlInputElement};

use crate::{dom, typing};

/// Tidies the PIN's field as it is filled, and fills it from the next SMS where that is possible.
pub fn await_message() {
    let Some(field) = dom::field(PIN_ID) else { return };
    let typed = field.clone();
    dom::on(&field, "input", move |_| tidy(&typed));
    _ = listen(field);
}

/// Writes only when something changes: the cursor would jump to the end.
fn tidy(field: &HtmlInputElement) {
    let typed = field.value();
    let pin = pasted_pin(&typed);
    if pin != typed {
        field.set_value(&pin);
    }
}

/// Asks once for the PIN of the next SMS. A refusal, or a browser without WebOTP, changes nothing.
fn listen(field: HtmlInputElement) -> Option<()> {
    let window = window();
    if !Reflect::has(&window, &"OTPCredential".into()).ok()? {
        return None;
    }
    let options = JSON::parse(r#"{"otp":{"transport":["sms"]}}"#).ok()?;
    let abort = AbortController::new().ok()?;
    Reflect::set(&options, &"signal".into(), &abort.signal()).ok()?;
    let asked = window.navigator().credentials().get_with_options(options.unchecked_ref()).ok()?;
    if let Some(form) = field.form() {
        // The page is being left: no sheet may rise over the next one.
        dom::on(&form, "submit", move |_| abort.abort());
    }
    let came = Closure::once(move |credential: JsValue| {
        let code = Reflect::get(&credential, &"code".into()).ok().and_then(|code| code.as_string());
        if let Some(code) = code {
            field.set_value(&pasted_pin(&code));
            typing::show(&field, None);
        }
    });
    let refused = Closure::once(|_: JsValue| ());
    _ = asked.then2(&came, &refused);
    came.forget();
    refused.forget();
    Some(())
}
