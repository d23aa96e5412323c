//! Which screen an address stands for, and which one the transaction is at.

use contract::ChamberCode;
use contract::activation::Step;
use serde::{Deserialize, Serialize};

/// One page a step (manual, section 10).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Screen {
    /// The four fields.
    Form,
    /// The PIN.
    Pin,
    /// A password of the merchant's own.
    OwnPassword,
    /// Verified.
    Done,
    /// The merchant left or abandoned.
    Exit,
    /// A step failed unexpectedly; the page says how to go on, whatever the step.
    Fault,
}

impl Screen {
    /// The screen of a step.
    #[must_use]
    pub const fn of(step: &Step) -> Self {
        match step {
            Step::Form { .. } => Self::Form,
            Step::Pin { .. } => Self::Pin,
            Step::OwnPassword => Self::OwnPassword,
            Step::Done => Self::Done,
            Step::Left | Step::Abandoned => Self::Exit,
        }
    }

    /// Whether this screen can be shown at that step; if not, the browser is sent to [`Screen::of`].
    ///
    /// The form also opens on a finished transaction: who follows the mail's link (again) expects
    /// four empty fields, and the finished one is left behind only when they are sent. A request
    /// that waits for its PIN, or for a password, goes on there, «Atrás» included; «Abandonar» is the way back.
    #[must_use]
    pub const fn fits(self, step: &Step) -> bool {
        match self {
            Self::Form => !matches!(step, Step::Pin { .. } | Step::OwnPassword),
            Self::Pin => matches!(step, Step::Pin { .. }),
            Self::OwnPassword => matches!(step, Step::OwnPassword),
            Self::Done => matches!(step, Step::Done),
            Self::Exit => matches!(step, Step::Left | Step::Abandoned),
            Self::Fault => true,
        }
    }

    /// Its address: the chamber and nothing about the merchant.
    #[must_use]
    pub fn path(self, chamber: ChamberCode) -> String {
        match self {
            Self::Form => format!("/activacion/{chamber}"),
            Self::Pin => format!("/activacion/{chamber}/pin"),
            Self::OwnPassword => format!("/activacion/{chamber}/clave"),
            Self::Done => format!("/activacion/{chamber}/listo"),
            Self::Exit => format!("/activacion/{chamber}/salida"),
            Self::Fault => format!("/activacion/{chamber}/interrumpida"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use contract::Timestamp;
    use contract::activation::Draft;

    fn steps() -> [Step; 6] {
        [
            Step::Form { borrador: Draft::default() },
            Step::Pin { celular: "300 *** **67".into(), vence_en: Timestamp(0), reenvio_desde: None },
            Step::OwnPassword,
            Step::Done,
            Step::Left,
            Step::Abandoned,
        ]
    }

    #[test]
    fn every_redirect_ends_on_a_screen_that_shows_its_step() {
        for step in steps() {
            assert!(Screen::of(&step).fits(&step), "{step:?} would redirect forever");
        }
    }

    #[test]
    fn the_link_of_the_mail_opens_the_form_unless_a_pin_or_a_password_is_awaited() {
        let shown = steps().map(|step| Screen::Form.fits(&step));
        assert_eq!(shown, [true, false, false, true, true, true]);
    }

    #[test]
    fn a_finished_page_is_never_shown_for_an_unfinished_step() {
        let shown = steps().map(|step| Screen::Done.fits(&step));
        assert_eq!(shown, [false, false, false, true, false, false]);
    }
}
