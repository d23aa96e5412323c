//! The acta in Spanish, for its PDF: the same facts as the JSON, in the words of people.

use app::text;
use contract::campaign::Origin;

use super::acta::{Acta, Change};
use super::facts::{Act, Dispatch, Facts, PinEvent, Sms, When};
use crate::pdf::{ActaRow, ActaSection};

/// What is shown where nothing is known.
const UNKNOWN: &str = "No consta";

/// Every section, in the order of reading.
pub(super) fn sections(acta: &Acta) -> Vec<ActaSection> {
    let facts = &acta.hechos;
    let mut all = vec![holder(facts), selection(facts)];
    all.extend(facts.envio.as_ref().map(dispatch));
    all.push(pins(&facts.pin));
    all.push(activation(facts));
    all.push(credential(&acta.credencial));
    all.push(anchors(acta));
    all
}

fn section(heading: &str, rows: Vec<ActaRow>) -> ActaSection {
    ActaSection { heading: heading.to_owned(), rows }
}

fn row(label: &str, value: impl Into<String>) -> ActaRow {
    let value = value.into();
    ActaRow { label: label.to_owned(), value: if value.is_empty() { UNKNOWN.to_owned() } else { value } }
}

fn known(label: &str, value: Option<&String>) -> ActaRow {
    row(label, value.cloned().unwrap_or_default())
}

/// `23/11/2026 18:29:05`, in Bogotá.
fn instant(at: When) -> String {
    format!("{}:{:02}", at.0.date_time(), at.0.in_bogota().second())
}

fn moment(label: &str, at: Option<When>) -> ActaRow {
    row(label, at.map(instant).unwrap_or_default())
}

fn from_registry(datum: &str, origin: Option<&String>) -> String {
    match origin.and_then(|origin| Origin::parse(origin)) {
        Some(origin) => format!("{datum} (dato {} en el registro)", text::origin(origin)),
        None => datum.to_owned(),
    }
}

fn holder(facts: &Facts) -> ActaSection {
    let who = &facts.titular;
    section(
        "1. Titular",
        vec![
            row("Nombre", &who.nombre),
            row("Identificación", format!("{} (clase {})", who.identificacion, who.tipo_identificacion)),
            row("Matrícula", &who.matricula),
            row("Correo electrónico", from_registry(&who.correo, who.correo_origen.as_ref())),
            row("Celular", from_registry(&who.celular, who.celular_origen.as_ref())),
        ],
    )
}

fn selection(facts: &Facts) -> ActaSection {
    let Some(selection) = &facts.seleccion else {
        return section("2. Selección", vec![row("Selección", "")]);
    };
    let mut rows =
        vec![row("Seleccionado el", instant(selection.en)), row("Año en proceso", selection.ano.to_string())];
    match &selection.sincronizacion {
        Some(sync) => rows.extend([
            row(
                "Lectura del registro",
                format!("n.º {}, archivo «{}», {}", sync.numero, sync.archivo, rows_read(sync.leidas)),
            ),
            moment("Lectura terminada el", sync.terminada_en),
            known("SHA-256 del archivo", sync.sha256.as_ref()),
        ]),
        None => rows.push(row("Lectura del registro", "")),
    }
    section("2. Selección", rows)
}

fn rows_read(count: i64) -> String {
    text::count(u64::try_from(count).unwrap_or_default(), "fila leída", "filas leídas")
}

fn dispatch(sent: &Dispatch) -> ActaSection {
    let mut rows = vec![
        row("Clave preasignada", format!("n.º {}, generación {}", sent.clave, sent.generacion)),
        row("Envío (lote)", sent.lote.map(|lote| format!("n.º {lote}")).unwrap_or_default()),
        known("Message-ID del correo", sent.message_id.as_ref()),
        moment("Contenido transmitido el", sent.transmitido_en),
        known("Respuesta del servidor", sent.respuesta.as_ref()),
        moment("Aceptado el", sent.aceptado_en),
        known("SHA-256 del PDF", sent.pdf_sha256.as_ref()),
        known("Código del documento", sent.documento.as_ref()),
        known("Versión de las condiciones", sent.condiciones.as_ref()),
        moment("Vigente hasta el", sent.vence_en),
    ];
    rows.extend(sent.recordado_en.map(|at| row("Recordatorio enviado el", instant(at))));
    section("3. Envío del PDF firmado", rows)
}

fn pins(events: &[PinEvent]) -> ActaSection {
    let mut rows: Vec<ActaRow> = events
        .iter()
        .map(|event| {
            let mut told = format!("{} (anotación {})", text::audit_action(&event.que), event.secuencia);
            if let Some(sms) = &event.sms {
                told.push_str(". ");
                told.push_str(&sms_words(sms));
            }
            row(&instant(event.en), told)
        })
        .collect();
    if rows.is_empty() {
        rows.push(row("PIN", "No se envió ninguno"));
    }
    section("4. PIN por SMS", rows)
}

fn sms_words(sms: &Sms) -> String {
    let attempts = sms.intentos.iter().map(|attempt| {
        let id = attempt.id_proveedor.as_ref().map(|id| format!(", n.º {id} del proveedor")).unwrap_or_default();
        format!("{}: {} ({}{id})", attempt.proveedor, attempt.resultado, instant(attempt.en))
    });
    let attempts = attempts.collect::<Vec<_>>().join("; ");
    format!("SMS n.º {} al celular {}, {}. {attempts}", sms.numero, sms.celular, sms.estado)
}

fn activation(facts: &Facts) -> ActaSection {
    let done = &facts.activacion;
    let factor = match done.factor.as_deref() {
        Some("doble") => "Doble: clave preasignada y PIN por SMS",
        Some(_) => "Solo clave",
        None => "",
    };
    let mut rows = Vec::new();
    match &done.aceptacion {
        Some(act) => rows.extend(act_rows("Condiciones aceptadas el", act)),
        None => rows.push(row("Condiciones aceptadas el", "")),
    }
    rows.extend(act_rows("Usuario verificado desde el", &done.verificacion));
    rows.push(row("Factor", factor));
    rows.push(row("Usuario verificado", format!("n.º {}", done.usuario)));
    let own = if done.clave_propia { "La cambió por una propia antes de verificarse" } else { "La preasignada" };
    rows.push(row("Clave del usuario", own));
    section("5. Activación", rows)
}

fn act_rows(label: &str, act: &Act) -> [ActaRow; 3] {
    [
        row(label, instant(act.en)),
        known("   desde la dirección de red", act.direccion_red.as_ref()),
        known("   con el navegador", act.agente.as_ref()),
    ]
}

fn credential(changes: &[Change]) -> ActaSection {
    let words = |que: &str| match que {
        "verificada" => "Verificada: en vigor",
        "desconocida" => "Suspendida: desde el correo de confirmación se informó «no fui yo»",
        "reactivada" => "Reactivada por un funcionario",
        "anulada" => "Anulada",
        "eliminada" => "Eliminada",
        _ => "Inactivada",
    };
    let rows = changes.iter().map(|change| row(&instant(change.en), words(change.que))).collect();
    section("6. Estado de la credencial", rows)
}

fn anchors(acta: &Acta) -> ActaSection {
    let mut rows = Vec::new();
    rows.push(match &acta.huella {
        Some(print) => row("Huella de los hechos", format!("{} (anotación {})", print.sha256, print.secuencia)),
        None => row(
            "Huella de los hechos",
            "La activación es anterior a la conservación de evidencia: los hechos se reunieron al emitir esta acta",
        ),
    });
    rows.push(match &acta.sello {
        Some(seal) => row(
            "Sello diario",
            format!(
                "del {}, hasta la anotación {}; SHA-256 {}",
                text::seal_day(&seal.dia),
                seal.secuencia,
                seal.sha256
            ),
        ),
        None => row("Sello diario", "Todavía no hay uno que la cubra"),
    });
    rows.extend(acta.auditoria.iter().map(|anchor| {
        let told = format!("{} · {} · {}:", text::audit_action(&anchor.accion), anchor.actor, instant(anchor.en));
        row(&format!("Anotación {}", anchor.secuencia), format!("{told} {}", anchor.hash))
    }));
    section("7. Anclaje en la auditoría de la cámara", rows)
}
