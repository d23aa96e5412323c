//! Who may call what: every route of the router's own table, every server function, without a session, with
//! half of one, with the wrong role, with another chamber's, from another site.

mod chambers;
mod half;
mod roles;
mod sites;
mod strangers;

use contract::staff::Role;
use sea_orm::EntityTrait;
use server::web::{Access, RouteInfo, routes};

use crate::support::site::TestSite;

/// Arguments for any server function and form: those it does not know are ignored.
pub const ARGUMENTS: &[(&str, &str)] = &[
    ("ano", "2026"),
    ("indique", "20"),
    ("llave", "k"),
    ("id", "1"),
    ("identificacion", "71234567"),
    ("causa", "llamada"),
    ("lote", "1"),
    ("rechazos", "1"),
    ("camara", "55"),
    ("motivo", "porque sí"),
    ("tipo", "blanquear"),
    ("ano_digitado", "2026"),
    ("clave", "x"),
    ("clave_nueva", "otra clave muy larga"),
    ("clave_repetida", "otra clave muy larga"),
    ("codigo", "000000"),
    ("usuario", "nadie"),
    ("pagina", "1"),
    ("buscar", ""),
    ("estado", ""),
    ("decision", "reenviar"),
    ("celular", "3001234567"),
];

/// The routes that this session alone opens.
pub fn routes_for(access: Access) -> Vec<RouteInfo> {
    routes().into_iter().filter(|route| route.access == access).collect()
}

/// A pattern with something in its parameters.
pub fn filled(pattern: &str) -> String {
    pattern
        .split('/')
        .map(|part| match part.trim_matches(['{', '}', ':', '*']) {
            "camara" => "55",
            _ if part.starts_with(['{', ':', '*']) => "1",
            _ => part,
        })
        .collect::<Vec<_>>()
        .join("/")
}

/// The whole content of every table that a request could change.
macro_rules! tables {
    ($site:expr, $($table:ident),+ $(,)?) => {{
        let reader = $site.app.db.reader();
        Tables { $($table: entity::$table::Entity::find().all(reader).await.unwrap()),+ }
    }};
}

#[derive(PartialEq)]
pub struct Tables {
    pub auditoria: Vec<entity::auditoria::Model>,
    activaciones: Vec<entity::activaciones::Model>,
    auditoria_sellos: Vec<entity::auditoria_sellos::Model>,
    campanas: Vec<entity::campanas::Model>,
    claves_preasignadas: Vec<entity::claves_preasignadas::Model>,
    codigos_recuperacion: Vec<entity::codigos_recuperacion::Model>,
    correos_suprimidos: Vec<entity::correos_suprimidos::Model>,
    evidencias: Vec<entity::evidencias::Model>,
    firmas: Vec<entity::firmas::Model>,
    funcionarios: Vec<entity::funcionarios::Model>,
    limites: Vec<entity::limites::Model>,
    lotes: Vec<entity::lotes::Model>,
    mreg_est_matriculados: Vec<entity::mreg_est_matriculados::Model>,
    segundos_factores: Vec<entity::segundos_factores::Model>,
    pub sesiones: Vec<entity::sesiones::Model>,
    sincronizacion_rechazos: Vec<entity::sincronizacion_rechazos::Model>,
    sincronizaciones: Vec<entity::sincronizaciones::Model>,
    sistemas: Vec<entity::sistemas::Model>,
    sms_enviados: Vec<entity::sms_enviados::Model>,
    usuarios_verificados: Vec<entity::usuarios_verificados::Model>,
}

pub async fn tables(site: &TestSite) -> Tables {
    tables!(
        site,
        auditoria,
        auditoria_sellos,
        activaciones,
        campanas,
        claves_preasignadas,
        codigos_recuperacion,
        correos_suprimidos,
        evidencias,
        firmas,
        funcionarios,
        limites,
        lotes,
        mreg_est_matriculados,
        segundos_factores,
        sesiones,
        sistemas,
        sincronizacion_rechazos,
        sincronizaciones,
        sms_enviados,
        usuarios_verificados,
    )
}

/// Asks for a route as its method wants it.
pub async fn ask(site: &TestSite, client: &reqwest::Client, route: &RouteInfo) -> reqwest::Response {
    let url = site.url(&filled(&route.path));
    let request = client.request(route.method.clone(), url);
    let request = if route.method == http::Method::POST { request.form(ARGUMENTS) } else { request };
    request.send().await.unwrap()
}

#[test]
fn the_table_is_where_routes_are_made_and_nowhere_else() {
    let all = routes();
    let has = |method: &str, path: &str, access: Access| {
        all.iter().any(|route| route.method.as_str() == method && route.path == path && route.access == access)
    };
    assert!(has("POST", "/consola/carga", Access::Staff) && has("GET", "/consola/eventos", Access::Staff));
    assert!(has("GET", "/consola/mi-cuenta", Access::Staff) && has("GET", "/consola/ingresar", Access::Anyone));
    assert!(has("POST", "/api/consola/enviar", Access::Staff) && has("GET", "/metrics", Access::Monitor));
    assert!(has("POST", "/api/v1/firmas", Access::System) && has("DELETE", "/api/v1/firmas/{id}", Access::System));
    assert!(all.iter().filter(|route| route.path.starts_with("/api/consola/")).count() >= 20);

    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../server/src/web");
    let mut files = vec![std::path::PathBuf::from(folder)];
    while let Some(path) = files.pop() {
        if path.is_dir() {
            files.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let made = [".route(", ".nest(", ".nest_service(", ".route_service(", ".fallback_service("]
            .map(|call| text.matches(call).count());
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let expected = match name.as_str() {
            "routes.rs" => [1, 0, 0, 0, 0],
            // The problem that answers whatever the API does not know.
            "mod.rs" if path.parent().is_some_and(|parent| parent.ends_with("api")) => [1, 0, 0, 0, 0],
            // The site's files: style, clients, images.
            "router.rs" => [0, 0, 1, 0, 0],
            _ => [0; 5],
        };
        assert_eq!(made, expected, "{name} makes routes that routes() does not know");
    }
}

#[tokio::test]
async fn server_functions_are_never_reached_by_get() {
    let site = TestSite::start("").await;
    let client = site.log_in(Role::Supervisor).await;
    for path in server::web::server_function_paths() {
        assert_eq!(client.get(site.url(&path)).send().await.unwrap().status(), 405, "{path}");
    }
}
