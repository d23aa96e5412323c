//! What clap has to say, in Spanish.

use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::output;

/// Prints help or a mistake of the command line, and gives the exit code: 0 for help, 2 for mistakes.
pub(super) fn explain(error: &clap::Error) -> ExitCode {
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        output::line(error.to_string().trim_end());
        return ExitCode::SUCCESS;
    }
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        output::message(error.to_string().trim_end());
        return ExitCode::from(2);
    }
    let what = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join(", "),
        _ => String::new(),
    };
    let message = match error.kind() {
        ErrorKind::MissingRequiredArgument => format!("falta {}", what(ContextKind::InvalidArg)),
        ErrorKind::UnknownArgument => format!("no existe la opción {}", what(ContextKind::InvalidArg)),
        ErrorKind::InvalidSubcommand => format!("no existe la orden {}", what(ContextKind::InvalidSubcommand)),
        ErrorKind::MissingSubcommand => "falta la orden".to_owned(),
        ErrorKind::ArgumentConflict => {
            format!("{} no se puede usar con {}", what(ContextKind::InvalidArg), what(ContextKind::PriorArg))
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            format!("«{}» no sirve para {}", what(ContextKind::InvalidValue), what(ContextKind::InvalidArg))
        }
        ErrorKind::TooManyValues | ErrorKind::WrongNumberOfValues | ErrorKind::TooFewValues | ErrorKind::NoEquals => {
            format!("{} espera un solo valor", what(ContextKind::InvalidArg))
        }
        _ => "no se entiende la orden".to_owned(),
    };
    output::message(&format!("Error: {message}. Vea la ayuda con: clave-segura --help"));
    ExitCode::from(2)
}
