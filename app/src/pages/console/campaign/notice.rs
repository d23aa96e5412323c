//! The manual's notice about the factor in force (sections 3 and 7).

use contract::campaign::Factor;
use leptos::prelude::*;

use crate::components::alert::Alert;
use crate::components::status::Tone;

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
