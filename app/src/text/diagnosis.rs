//! «Probar conexión» in words: what happened and which variable of the CommonXX to change.

use contract::diagnosis::{DnsHint, Step, StepFault};

/// A step's name.
#[must_use]
pub const fn step_name(step: Step) -> &'static str {
    match step {
        Step::Nombre => "Nombre del servidor",
        Step::Conexion => "Conexión",
        Step::Cifrado => "Cifrado",
        Step::Autenticacion => "Cuenta y contraseña",
        Step::Remitente => "Remitente",
    }
}

/// Why a step failed and what to change.
#[must_use]
pub const fn step_fault(fault: StepFault) -> &'static str {
    match fault {
        StepFault::UnknownName => {
            "No se encuentra ningún servidor con ese nombre. Revise que MASIVOS_SMTP_SERVER esté bien escrito, sin \
             espacios ni «https://»; si lo está, pida al administrador de la red que revise el DNS de esta máquina."
        }
        StepFault::Refused => {
            "El servidor existe, pero no acepta conexiones en ese puerto. Revise MASIVOS_SMTP_PORT (lo usual es 587, \
             465 o 25); si es correcto, pida que el cortafuegos permita la salida de esta máquina hacia ese puerto."
        }
        StepFault::TimedOut => {
            "El servidor no respondió a tiempo. Revise MASIVOS_SMTP_SERVER y MASIVOS_SMTP_PORT; si son correctos, un \
             cortafuegos puede estar bloqueando la conexión: pida que permita la salida de esta máquina."
        }
        StepFault::NotSmtp => {
            "El puerto contesta, pero no como un servidor de correo. Si MASIVOS_SMTP_PORT es 465, escriba ssl en \
             MASIVOS_SMTP_ENCRIPTION; si es 587, escriba tls."
        }
        StepFault::GreetingRefused => {
            "El servidor rechaza las conexiones de esta máquina. Pida al administrador del correo que autorice su \
             dirección IP, y confirme que MASIVOS_SMTP_SERVER es el servidor de salida de la cámara."
        }
        StepFault::NoStartTls => {
            "El servidor no ofrece cifrado en este puerto. Si MASIVOS_SMTP_PORT es 465, escriba ssl en \
             MASIVOS_SMTP_ENCRIPTION; si es 25 o 587, pida al administrador del correo que active STARTTLS. Deje \
             MASIVOS_SMTP_ENCRIPTION vacía solo si el servidor está en la red de la cámara."
        }
        StepFault::Handshake => {
            "No se pudo establecer el cifrado. Si MASIVOS_SMTP_PORT es 587 o 25, escriba tls en \
             MASIVOS_SMTP_ENCRIPTION; si es 465, escriba ssl. Si ya está así, el servidor usa un cifrado anterior a \
             TLS 1.2: pida que lo actualicen."
        }
        StepFault::Certificate => {
            "El certificado del servidor no es de confianza, está vencido o es de otro nombre. Escriba en \
             MASIVOS_SMTP_SERVER el mismo nombre que trae el certificado; si lo firma una autoridad propia, indique \
             su archivo en MASIVOS_SMTP_CA; si venció, pida que lo renueven."
        }
        StepFault::NoMechanism => {
            "El servidor no permite autenticarse de una forma conocida (PLAIN o LOGIN), o solo la permite con cifrado. \
             Escriba tls o ssl en MASIVOS_SMTP_ENCRIPTION; si ya está cifrado y el servidor no pide cuenta, escriba NO \
             en MASIVOS_SMTP_AUTHENTICATION."
        }
        StepFault::WrongAccount => {
            "El servidor no aceptó la cuenta o la contraseña. Revise MASIVOS_SMTP_CUENTA_ADMIN y \
             MASIVOS_SMTP_PASSWORD_ADMIN; si la cuenta usa verificación en dos pasos, cree una contraseña de \
             aplicación y escríbala en MASIVOS_SMTP_PASSWORD_ADMIN."
        }
        StepFault::AuthenticationRequired => {
            "El servidor exige una cuenta. Escriba SI en MASIVOS_SMTP_AUTHENTICATION y complete \
             MASIVOS_SMTP_CUENTA_ADMIN y MASIVOS_SMTP_PASSWORD_ADMIN."
        }
        StepFault::SenderRefused => {
            "El servidor no acepta ese remitente. Revise MASIVOS_SMTP_CORREO_ADMIN: por lo general debe ser la misma \
             cuenta de MASIVOS_SMTP_CUENTA_ADMIN o un alias autorizado para ella."
        }
        StepFault::Throttled => {
            "El servidor pide esperar. No cambie nada: repita la prueba en unos minutos y, si continúa, pregunte al \
             administrador del correo por los límites de la cuenta de MASIVOS_SMTP_CUENTA_ADMIN."
        }
        StepFault::Broken => {
            "El servidor cortó la conexión. Repita la prueba en unos minutos; si continúa, confirme MASIVOS_SMTP_SERVER \
             y MASIVOS_SMTP_PORT, y pida al administrador del correo que autorice la dirección IP de esta máquina."
        }
    }
}

/// What DNS says, and what to ask of whoever administers the domain.
#[must_use]
pub const fn dns_hint(hint: DnsHint) -> &'static str {
    match hint {
        DnsHint::SpfFound => {
            "El dominio tiene SPF. Confirme con su administrador que ese registro incluye este servidor de correo."
        }
        DnsHint::SpfMissing => {
            "El dominio no tiene SPF y muchos servidores desconfiarán de los correos. Pida al administrador del \
             dominio que publique un registro TXT que empiece por «v=spf1» e incluya el servidor de correo."
        }
        DnsHint::SpfTwice => {
            "El dominio tiene más de un SPF y quien recibe lo toma como un error. Pida al administrador del dominio \
             que deje un solo registro TXT «v=spf1»."
        }
        DnsHint::DmarcFound => "El dominio tiene DMARC.",
        DnsHint::DmarcMissing => {
            "El dominio no tiene DMARC. Pida al administrador del dominio que publique en «_dmarc» un registro TXT, \
             por ejemplo «v=DMARC1; p=none»."
        }
        DnsHint::DkimFound => {
            "El dominio publica una llave DKIM. Confirme con el administrador del correo que los correos salen \
             firmados con ella."
        }
        DnsHint::DkimUnknown => {
            "No se halló una llave DKIM con los nombres usuales. Pregunte al administrador del correo si los correos \
             salen firmados con DKIM."
        }
        DnsHint::MxMissing => {
            "El dominio no recibe correo (no tiene MX) y los correos devueltos se perderán. Pida al administrador del \
             dominio que publique un MX o use en MASIVOS_SMTP_CORREO_ADMIN un dominio que reciba correo."
        }
        DnsHint::NoAnswer => {
            "El DNS no respondió desde esta máquina y no se pudo revisar el dominio. Esto no impide los envíos."
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FAULTS: [StepFault; 14] = [
        StepFault::UnknownName,
        StepFault::Refused,
        StepFault::TimedOut,
        StepFault::NotSmtp,
        StepFault::GreetingRefused,
        StepFault::NoStartTls,
        StepFault::Handshake,
        StepFault::Certificate,
        StepFault::NoMechanism,
        StepFault::WrongAccount,
        StepFault::AuthenticationRequired,
        StepFault::SenderRefused,
        StepFault::Throttled,
        StepFault::Broken,
    ];

    const HINTS: [DnsHint; 9] = [
        DnsHint::SpfFound,
        DnsHint::SpfMissing,
        DnsHint::SpfTwice,
        DnsHint::DmarcFound,
        DnsHint::DmarcMissing,
        DnsHint::DkimFound,
        DnsHint::DkimUnknown,
        DnsHint::MxMissing,
        DnsHint::NoAnswer,
    ];

    #[test]
    fn every_fault_names_the_variable_to_change_and_every_hint_is_a_whole_sentence() {
        for fault in FAULTS {
            let words = step_fault(fault);
            assert!(words.contains("MASIVOS_SMTP_") && words.ends_with('.'), "{fault:?}: {words}");
        }
        for hint in HINTS {
            assert!(dns_hint(hint).ends_with('.'), "{hint:?}");
        }
        for step in [Step::Nombre, Step::Conexion, Step::Cifrado, Step::Autenticacion, Step::Remitente] {
            assert!(!step_name(step).is_empty());
        }
    }
}
