//! «Reenviar PIN»: the seconds run down beside it. The server decides in any case.

use contract::activation::check::RESEND_ID;
use contract::instant::minutes_and_seconds;
use gloo::timers::callback::Timeout;
use web_sys::HtmlElement;

use crate::dom;

/// The page holds three sayings, two of them hidden: the hour (without this client), the seconds that
/// run, and that the time has come.
struct Sayings {
    button: HtmlElement,
    hour: HtmlElement,
    running: HtmlElement,
    clock: HtmlElement,
    come: HtmlElement,
    spoken: HtmlElement,
}

/// Counts by the clock's difference and not by ticks, which a sleeping telephone skips.
pub fn count_down() {
    let Some(sayings) = Sayings::find() else { return };
    let Some(seconds) = sayings.running.get_attribute("data-segundos").and_then(|text| text.parse().ok()) else {
        return;
    };
    sayings.hour.set_hidden(true);
    sayings.running.set_hidden(false);
    dom::set(&sayings.button, "aria-disabled", "true");
    step(sayings, seconds, js_sys::Date::now());
}

fn step(sayings: Sayings, seconds: i64, begun: f64) {
    match left(seconds, begun) {
        0 => sayings.announce(),
        rest => {
            sayings.clock.set_text_content(Some(&minutes_and_seconds(rest)));
            Timeout::new(250, move || step(sayings, seconds, begun)).forget();
        }
    }
}

/// Whole seconds that remain; what is cut off is less than one.
#[allow(clippy::cast_possible_truncation)]
fn left(seconds: i64, begun: f64) -> i64 {
    let passed = ((js_sys::Date::now() - begun) / 1000.0) as i64;
    (seconds - passed).max(0)
}

impl Sayings {
    fn find() -> Option<Self> {
        Some(Self {
            button: dom::by_id(RESEND_ID)?,
            hour: dom::first("[data-espera-hora]")?,
            running: dom::first("[data-segundos]")?,
            clock: dom::first("[data-espera-reloj]")?,
            come: dom::first("[data-espera-ya]")?,
            spoken: dom::first("[data-espera-voz]")?,
        })
    }

    /// Heard once, when the time has come: a running clock would never let the reader finish.
    fn announce(&self) {
        self.running.set_hidden(true);
        self.come.set_hidden(false);
        _ = self.button.remove_attribute("aria-disabled");
        self.spoken.set_text_content(self.come.text_content().as_deref());
    }
}
