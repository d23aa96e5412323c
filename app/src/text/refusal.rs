//! Refusals: what happened, and what to do.

use contract::error::{ExtractFault, Field, ServiceError};

use super::figures::count;

/// The manual's choices at «Enviar» (section 7).
pub const SEND_CHOICES: &str = "Digite un correo electrónico para recibir 2 correos de prueba, un número entre 1 y 500 \
    para enviar esa cantidad, o X para salir sin ejecutar";

/// The sentence for a refusal.
#[must_use]
pub fn service_error(error: &ServiceError) -> String {
    match error {
        ServiceError::NoSession => "Su sesión terminó. Ingrese de nuevo para continuar.".into(),
        ServiceError::DiskFull => "No hay espacio en el disco del servidor y no se cambió nada. \
            Libere espacio y vuelva a intentarlo."
            .into(),
        ServiceError::Forbidden => {
            "Su perfil no permite esta acción. Si la necesita, solicítela a un supervisor de su cámara.".into()
        }
        ServiceError::ConfirmPassword => "Por seguridad, confirme su clave antes de continuar.".into(),
        ServiceError::WrongLogin => "El usuario o la clave no son correctos. Verifíquelos e intente de nuevo.".into(),
        ServiceError::TooManyTries { retry_at } => {
            format!("Hubo demasiados intentos fallidos. Podrá intentarlo de nuevo el {}.", retry_at.date_time())
        }
        ServiceError::TooSoon { .. } => {
            "Esto mismo se está haciendo o se acaba de hacer. Espere unos segundos y vuelva a intentarlo.".into()
        }
        ServiceError::NotFound => "No se encontró lo solicitado. Vuelva a la lista y selecciónelo de nuevo.".into(),
        ServiceError::Invalid { field } => invalid_field(*field).into(),
        ServiceError::Extract { fault } => extract_fault(fault),
        ServiceError::NoRegistryData => "Todavía no se ha sincronizado el registro mercantil de esta cámara. \
            Cargue el archivo del SIREP en «Sincronización» y vuelva a intentarlo."
            .into(),
        ServiceError::StaleRegistry { hours } => format!(
            "La última sincronización del registro se hizo hace {}. Sincronice primero o escriba el motivo \
             por el cual se debe continuar con esos datos.",
            count((*hours).max(0).unsigned_abs(), "hora", "horas")
        ),
        ServiceError::Configuration { missing } => format!(
            "Faltan o no sirven estos parámetros del CommonXX de la cámara: {}. Corríjalos y vuelva a intentarlo.",
            missing.join(", ")
        ),
        ServiceError::CertificateExpired { on } => format!(
            "El certificado de firma de la cámara venció el {} y sin él no se envía nada. Pida al administrador que \
             instale el renovado (FIRMA_P12) y vuelva a intentarlo.",
            on.long_date()
        ),
        ServiceError::NothingPending => "No hay contraseñas pendientes de envío. Use «Seleccionar» para \
            pre-asignarlas; si ya se enviaron todas, no queda nada por hacer."
            .into(),
        ServiceError::StateChanged => {
            "El registro cambió mientras usted lo consultaba. Recargue la página y revise su estado actual.".into()
        }
        ServiceError::SmsFailed => {
            "No fue posible enviar el SMS. Su solicitud sigue abierta: intente el reenvío en unos minutos.".into()
        }
        ServiceError::SmsBudget => {
            "Se alcanzó el cupo diario de SMS de la cámara. Intente de nuevo mañana o comuníquese con la cámara.".into()
        }
        ServiceError::Unexpected { reference } => format!(
            "Ocurrió un error inesperado y no se completó la acción. Intente de nuevo; si se repite, informe \
             al administrador la referencia {reference}."
        ),
    }
}

/// The sentence for a wrong field.
#[must_use]
pub const fn invalid_field(field: Field) -> &'static str {
    match field {
        Field::Year => "El año en proceso no es válido. Digite cuatro cifras, entre 2000 y 2100.",
        Field::YearConfirmation => {
            "El año digitado no coincide con el año en proceso. No se borró nada; digítelo de nuevo."
        }
        Field::SendTarget => {
            "El valor indicado no es válido. Digite un correo electrónico para recibir 2 correos de prueba, un número \
             entre 1 y 500 para enviar esa cantidad, o X para salir sin ejecutar."
        }
        Field::Reason => "Escriba el motivo, con al menos 5 letras.",
        Field::File => "Elija el archivo del registro mercantil antes de continuar.",
        Field::UserName => {
            "El nombre de usuario no es válido: use entre 3 y 40 letras minúsculas, números, puntos o guiones."
        }
        Field::Identification => "Digite el número de identificación del comerciante, como está en su documento.",
        Field::NewPassword => {
            "La clave debe tener entre 12 y 128 caracteres, ser distinta de la actual y no ser fácil de adivinar. \
            Varias palabras sin relación entre sí forman una buena clave."
        }
        Field::Mobile => "El celular no es válido: debe tener diez dígitos y comenzar por 3.",
        Field::Email => "El correo electrónico no es válido. Verifíquelo: debe tener la forma nombre@dominio.com.",
    }
}

/// The sentence for an extract that was refused as a whole.
#[must_use]
pub fn extract_fault(fault: &ExtractFault) -> String {
    match fault {
        ExtractFault::Empty => {
            "El archivo está vacío. Genere de nuevo el archivo en el SIREP y vuelva a cargarlo; no se cambió nada."
                .into()
        }
        ExtractFault::NoRows => {
            "El archivo solo tiene el encabezado, sin matriculados. Genérelo de nuevo en el SIREP; \
            no se cambió nada."
                .into()
        }
        ExtractFault::MissingColumns { columns } => format!(
            "Al archivo le faltan columnas: {}. Genérelo con el encabezado completo; no se cambió nada.",
            columns.join(", ")
        ),
        ExtractFault::DuplicateColumn { column } => {
            format!("La columna «{column}» aparece dos veces en el encabezado. Corrija el archivo; no se cambió nada.")
        }
        ExtractFault::UnknownDelimiter => "No se reconoció el separador de columnas. Use coma, punto y coma, barra \
            vertical (|) o tabulador; no se cambió nada."
            .into(),
        ExtractFault::UndecodableHeader => "El encabezado no se puede leer con la codificación indicada. Use UTF-8, \
            Windows-1252 o CP850; no se cambió nada."
            .into(),
        ExtractFault::RejectedRows { rejected } => format!(
            "El archivo tiene {} y no se cambió nada. Revise los motivos, corrija el archivo, o cárguelo de nuevo \
             aceptando solo las filas legibles.",
            count(*rejected, "fila ilegible", "filas ilegibles")
        ),
        ExtractFault::Interrupted => {
            "La carga se interrumpió antes de terminar y no se cambió nada. Cargue el archivo de nuevo.".into()
        }
    }
}
