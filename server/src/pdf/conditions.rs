//! The conditions of the service, after the manual's sections 8 to 10. Each has a lead in bold.

use contract::campaign::Factor;

use super::Letter;

/// Why the merchant gets this letter (the opening of the manual's activation screen).
pub(super) fn opening() -> &'static str {
    "En cumplimiento de lo establecido en la Ley 527 de 1999 (Ley de Comercio Electrónico) y en el Decreto 2364 de \
     2012, que habilita en Colombia el uso de firmas electrónicas como alternativa a las firmas digitales, para \
     presentar trámites en forma no presencial usted debe estar inscrito como usuario verificado. Hemos revisado la \
     información que reposa en el Registro Público Mercantil y encontramos que usted está matriculado en él. Con el \
     ánimo de facilitarle la inscripción, le hemos preasignado esta clave:"
}

/// How to activate, step by step; the first step is followed by the link.
pub(super) fn steps(letter: &Letter<'_>) -> [String; 3] {
    let last = match letter.factor {
        Factor::Doble => {
            "Le enviaremos a su celular un mensaje de texto (SMS) con un PIN de activación. Digítelo y oprima ACTIVAR: \
             su inscripción quedará activa y recibirá un correo de confirmación."
        }
        Factor::SoloClave => {
            "Si los datos coinciden, su inscripción como usuario verificado quedará activa de inmediato y recibirá un \
             correo de confirmación."
        }
    };
    [
        "Ingrese a esta dirección:".to_owned(),
        "Digite su identificación, su correo electrónico y su número de celular, tal como están reportados en el \
         registro mercantil, y esta clave. Oprima ACEPTAR Y CONTINUAR."
            .to_owned(),
        last.to_owned(),
    ]
}

/// The conditions, as lead and text.
pub(super) fn conditions(letter: &Letter<'_>) -> Vec<(&'static str, String)> {
    let mut conditions = vec![
        (
            "Servicio voluntario y sin costo.",
            "Le permite realizar en forma virtual renovaciones, mutaciones, cancelaciones, inscripción de actos y \
             documentos y trámites del registro de proponentes."
                .to_owned(),
        ),
        (
            "Uso exclusivo y responsabilidad.",
            "La clave es exclusiva para su utilización y usted es plenamente responsable del uso que se le dé. No la \
             comparta: ningún funcionario se la pedirá por teléfono, correo o mensaje."
                .to_owned(),
        ),
        (
            "Efectos jurídicos.",
            "Lo que firme electrónicamente como usuario verificado tiene los efectos que le reconocen la Ley 527 de \
             1999 y el Decreto 2364 de 2012. Mantenga la clave bajo su control exclusivo y avise a la Cámara si la \
             pierde o sospecha que otro la conoce."
                .to_owned(),
        ),
    ];
    if letter.factor == Factor::Doble {
        conditions.push((
            "Doble factor.",
            "La clave no basta por sí sola: para activarla y para firmar cada trámite le enviaremos además un PIN por \
             SMS a su celular registrado."
                .to_owned(),
        ));
    }
    conditions.extend([
        (
            "Vigencia.",
            format!("Si no la activa a más tardar el {}, la clave deja de servir.", letter.valid_until.long_date()),
        ),
        (
            "Si no desea el servicio,",
            "no tiene que hacer nada. También puede ingresar a la misma dirección, digitar sus datos y oprimir NO \
             ACEPTAR Y ABANDONAR: el sistema cancelará la clave preasignada."
                .to_owned(),
        ),
        (
            "Sus datos.",
            "Usamos los que reposan en el registro mercantil, con la única finalidad de esta inscripción (Ley 1581 de \
             2012)."
                .to_owned(),
        ),
        (
            "¿Duda de este documento?",
            format!(
                "Llame al teléfono publicado de la Cámara, {}, o visítenos en {}. No responda al correo con el que lo \
                 recibió.",
                letter.telephone, letter.address
            ),
        ),
    ]);
    conditions
}
