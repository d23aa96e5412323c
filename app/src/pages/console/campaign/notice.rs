//! The manual's notice about the factor in force (sections 3 and 7), and one about a certificate that ends.

use contract::campaign::{CertificateEnd, Factor};
use leptos::prelude::*;

use crate::components::alert::Alert;
use crate::components::status::Tone;
use crate::text;

/// «¡IMPORTANTE! El mecanismo de activación seleccionado es…»: what the factor does, or, with the
/// password alone, plainly what is given up.
#[component]
pub fn FactorNotice(
    /// The factor in force.
    factor: Factor,
) -> impl IntoView {
    match factor {
        Factor::Doble => view! {
            <Alert
                tone=Tone::Info
                title="¡IMPORTANTE! El mecanismo de activación seleccionado es DOBLE (CLAVE + PIN SMS)"
            >
                <p>
                    "Esto significa que adicionalmente a la clave que se envía al correo electrónico del matriculado, \
                    al momento de activar la contraseña, se le enviará un PIN al celular para confirmar la activación. \
                    Este mecanismo ES EL MÁS CONVENIENTE dado que en este caso al preasignar contraseñas, NO EXISTE NINGÚN \
                    CONTACTO FÍSICO CON EL COMERCIANTE y el doble factor de activación garantiza que el proceso es \
                    realizado en forma consciente."
                </p>
            </Alert>
        }
        .into_any(),
        Factor::SoloClave => view! {
            <Alert tone=Tone::Warn title="¡IMPORTANTE! El mecanismo de activación seleccionado es SOLO CLAVE">
                <p>
                    "Esto significa que NO se enviará un PIN al celular: quien lea el correo del comerciante y \
                    conozca sus datos podrá activar la contraseña en su nombre, y NO EXISTE NINGÚN CONTACTO FÍSICO \
                    CON EL COMERCIANTE que lo impida. Por eso cada contraseña vence a las 72 horas de enviada."
                </p>
                <p>
                    "El mecanismo recomendado es DOBLE (CLAVE + PIN SMS). Lo cambia el administrador con la variable "
                    <code>"FACTOR_AUTENTICACION_FIRMADO_CONTRASENAS_EMAIL"</code> " del CommonXX."
                </p>
            </Alert>
        }
        .into_any(),
    }
}

/// The signing certificate ends soon, or is over and nothing can be sent.
#[component]
pub fn CertificateNotice(
    /// When.
    end: CertificateEnd,
) -> impl IntoView {
    let tone = if end.dias < 0 { Tone::Bad } else { Tone::Warn };
    view! {
        <Alert tone title=text::certificate_end(&end)>
            <p>
                "Sin un certificado vigente no se firma ni se envía ningún documento; los ya enviados siguen siendo \
                válidos. Pida la renovación a la entidad de certificación y, cuando la reciba, el administrador cambia "
                <code>"FIRMA_P12"</code> " y " <code>"FIRMA_P12_CLAVE"</code> " en el CommonXX."
            </p>
        </Alert>
    }
}
