//! How fast, how long, until when: in words, as a person would say it.

use contract::Timestamp;
use contract::sending::{BatchState, BatchView, PaceView, Quota, WorkerTrouble};

use super::figures::{count, number};

/// `4:35 p. m.`
#[must_use]
pub fn clock(at: Timestamp) -> String {
    let time = at.in_bogota();
    let half = if time.hour() < 12 { "a. m." } else { "p. m." };
    let hour = match time.hour() % 12 {
        0 => 12,
        hour => hour,
    };
    format!("{hour}:{:02} {half}", time.minute())
}

/// `a las 4:35 p. m.`, or with its day when that is another one than today's.
#[must_use]
pub fn moment(at: Timestamp, now: Timestamp) -> String {
    let article = if at.in_bogota().hour() % 12 == 1 { "a la" } else { "a las" };
    let time = format!("{article} {}", clock(at));
    let (day, today) = (at.in_bogota().date(), now.in_bogota().date());
    if day == today {
        time
    } else if today.next_day() == Some(day) {
        format!("mañana {time}")
    } else {
        format!("el {} {time}", at.date())
    }
}

/// `faltan unos 12 minutos`.
#[must_use]
pub fn time_left(seconds: i64) -> String {
    let minutes = u64::try_from(seconds).unwrap_or(0).saturating_add(30) / 60;
    match minutes {
        0 => "falta menos de un minuto".to_owned(),
        1 => "falta cerca de un minuto".to_owned(),
        2..=90 => format!("faltan unos {minutes} minutos"),
        _ => format!("faltan unas {} horas", number((minutes + 30) / 60)),
    }
}

/// `38 por minuto · faltan unos 12 minutos · termina hacia las 4:35 p. m.`; empty when nothing can be said.
#[must_use]
pub fn speed(batch: &BatchView, now: Timestamp) -> String {
    if batch.estado != BatchState::EnCurso {
        return String::new();
    }
    let mut parts = Vec::new();
    if batch.por_minuto > 0 {
        parts.push(format!("{} por minuto", number(batch.por_minuto)));
    }
    if let Some(end) = batch.termina_en {
        parts.push(time_left(end.seconds_since(now)));
        parts.push(format!("termina hacia {}", moment(end, now).trim_start_matches("a ")));
    }
    parts.join(" · ")
}

/// `320 de 400 en la última hora`.
#[must_use]
pub fn quota(quota: Quota, span: &str) -> String {
    format!("{} de {} {span}", number(quota.usados), number(quota.limite))
}

/// Whether the chamber limits anything at all.
#[must_use]
pub const fn has_limits(pace: &PaceView) -> bool {
    pace.por_hora.is_some() || pace.por_dia.is_some() || pace.pausa_minutos > 0 || pace.horario.is_some()
}

/// When a batch ordered now would begin, and how the limits stretch it; empty when nothing holds it back.
#[must_use]
pub fn start_under(pace: &PaceView, mails: u64, now: Timestamp) -> String {
    if let Some(at) = pace.siguiente.filter(|at| *at > now) {
        return format!(
            "Ahora no puede salir ningún correo por el ritmo de la cámara: el envío quedará en espera y \
             comenzará por sí solo {}.",
            moment(at, now)
        );
    }
    let left = [pace.por_hora, pace.por_dia].into_iter().flatten().map(|q| q.limite.saturating_sub(q.usados)).min();
    match left.filter(|left| *left < mails) {
        Some(left) => format!(
            "Por el límite de la cámara, ahora {} {}; los demás saldrán por sí solos a medida que el límite lo \
             permita.",
            if left == 1 { "saldrá" } else { "saldrán" },
            count(left, "correo", "correos")
        ),
        None => String::new(),
    }
}

/// Why nothing leaves at all: what happened, and what to do.
#[must_use]
pub const fn worker_trouble(trouble: WorkerTrouble) -> (&'static str, &'static str) {
    match trouble {
        WorkerTrouble::DiskFull => (
            "No hay espacio en el disco de la base de datos: ningún correo sale hasta que se libere; nada se ha perdido.",
            "Pida al administrador que libere espacio. Los envíos continuarán por sí solos en cuanto lo haya.",
        ),
        WorkerTrouble::Database => (
            "La base de datos está ocupada o no responde: ningún correo sale hasta que responda; nada se ha perdido.",
            "Los envíos continuarán por sí solos. Si este aviso sigue después de unos minutos, informe al administrador.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 23 November 2026, 9:35 a. m. in Bogotá.
    const NOW: Timestamp = Timestamp(1_795_444_500_000);

    #[test]
    fn times_are_said_as_in_colombia() {
        assert_eq!(clock(NOW), "9:35 a. m.");
        assert_eq!(clock(NOW.plus_seconds(3 * 3600)), "12:35 p. m.");
        assert_eq!(clock(NOW.plus_seconds(15 * 3600)), "12:35 a. m.");
        assert_eq!(moment(NOW.plus_seconds(7 * 3600), NOW), "a las 4:35 p. m.");
        assert_eq!(moment(NOW.plus_seconds(4 * 3600), NOW), "a la 1:35 p. m.");
        assert_eq!(moment(NOW.plus_seconds(24 * 3600), NOW), "mañana a las 9:35 a. m.");
        assert_eq!(moment(NOW.plus_seconds(48 * 3600), NOW), "el 25/11/2026 a las 9:35 a. m.");
    }

    #[test]
    fn what_is_left_is_rounded_as_a_person_would() {
        let said = [0, 29, 31, 12 * 60, 90 * 60, 100 * 60, 5 * 3600].map(time_left);
        assert_eq!(
            said.each_ref().map(String::as_str),
            [
                "falta menos de un minuto",
                "falta menos de un minuto",
                "falta cerca de un minuto",
                "faltan unos 12 minutos",
                "faltan unos 90 minutos",
                "faltan unas 2 horas",
                "faltan unas 5 horas",
            ]
        );
        assert_eq!(time_left(-5), "falta menos de un minuto");
    }

    #[test]
    fn a_batch_that_cannot_begin_now_says_when_it_will() {
        let mut pace = PaceView { por_hora: Some(Quota { limite: 400, usados: 390 }), ..PaceView::default() };
        assert_eq!(start_under(&pace, 10, NOW), "");
        assert!(start_under(&pace, 11, NOW).contains("ahora saldrán 10 correos"));
        pace.siguiente = Some(NOW.plus_seconds(3600));
        assert!(start_under(&pace, 1, NOW).contains("comenzará por sí solo a las 10:35 a. m."));
        pace.siguiente = Some(NOW);
        assert_eq!(start_under(&pace, 1, NOW), "");
    }

    #[test]
    fn speed_is_told_only_while_it_sends() {
        let mut batch = BatchView {
            id: 3,
            prueba: false,
            estado: BatchState::EnCurso,
            pausa: None,
            reanuda_en: None,
            solicitados: 500,
            enviados: 40,
            rechazados: 0,
            reintento: 0,
            inciertos: 0,
            pendientes: 460,
            rebotados: 0,
            retirados: 0,
            por_minuto: 38,
            termina_en: Some(NOW.plus_seconds(12 * 60)),
            ultima_respuesta: None,
            actor: "ana".into(),
            creado_en: NOW,
            terminado_en: None,
        };
        assert_eq!(speed(&batch, NOW), "38 por minuto · faltan unos 12 minutos · termina hacia las 9:47 a. m.");
        batch.estado = BatchState::EnPausa;
        assert_eq!(speed(&batch, NOW), "");
    }
}
