//! The whole site over a fresh database, served on a socket of its own.

use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use contract::ChamberCode;
use contract::staff::Role;
use server::clock::Clock;
use server::config::{Settings, Variables};
use server::secrets::{KeyRing, MacKey, MasterKey, Vault};
use server::services::actor::Actor;
use server::services::staff;
use server::startup::App;
use server::web::LiveProgress;

use super::{TestDb, camara, database};

/// A running site. Its server ends with the test's runtime.
pub struct TestSite {
    pub app: App,
    pub address: String,
    _db: TestDb,
    _config: tempfile::TempDir,
    ring: KeyRing,
}

/// The password of every staff user that tests make.
pub const STAFF_PASSWORD: &str = "clave-de-prueba-larga";

impl TestSite {
    /// Serves with the common file of chamber 55 given here on top of a complete one, and a plain one
    /// for chamber 20.
    pub async fn start(extra: &str) -> Self {
        Self::start_with(extra, &[]).await
    }

    /// The same with these global variables.
    pub async fn start_with(extra: &str, globals: &[(&str, &str)]) -> Self {
        let db = database().await;
        let config = tempfile::tempdir().unwrap();
        let p12 = server::signing::dev::make_p12("Cámara de Prueba", "secreta", Clock::default().now()).unwrap();
        std::fs::write(config.path().join("firma.p12"), p12).unwrap();
        std::fs::write(config.path().join("common55.env"), format!("{COMMON}{extra}")).unwrap();
        std::fs::write(config.path().join("common20.env"), COMMON).unwrap();

        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let mut pairs = vec![
            ("CONFIG_DIR", config.path().to_str().unwrap()),
            ("PUBLIC_URL", &address),
            ("LEPTOS_SITE_ROOT", "target/site"),
        ];
        pairs.extend(globals);
        let variables = Variables::from_pairs(&pairs);
        let (settings, _) = Settings::load(&variables);
        let (clock, key) = (Clock::default(), MasterKey::generate());
        let (vault, ring) = (Vault::new(&key), KeyRing::of(key));
        let mac = MacKey::of_installation(&db.db, &vault, clock.now()).await.unwrap();
        let mut app = App::assemble(settings, clock, vault, mac, db.db.clone());
        app.live = LiveProgress::checking_sessions(Duration::from_millis(200));
        let limits = app.settings.globals.web;
        tokio::spawn(server::web::serve(listener, app.clone(), limits, std::future::pending()));
        Self { app, address, _db: db, _config: config, ring }
    }

    /// Runs the program itself on this site's database and configuration.
    pub async fn command(&self, arguments: &[&str]) -> std::process::Output {
        let key_file = self._config.path().join("clave-maestra");
        if !key_file.exists() {
            std::fs::write(&key_file, self.ring.to_text().as_bytes()).unwrap();
            std::fs::set_permissions(&key_file, std::fs::Permissions::from_mode(0o600)).unwrap();
        }
        tokio::process::Command::new(crate::crash::node::binary())
            .args(arguments)
            .env("CONFIG_DIR", self._config.path())
            .env("CLAVE_MAESTRA_FILE", key_file)
            .env("DATABASE_URL", &self._db.url)
            .env("PUBLIC_URL", &self.address)
            .output()
            .await
            .unwrap()
    }

    /// Makes a staff user of this role and logs it in.
    pub async fn log_in(&self, role: Role) -> reqwest::Client {
        self.log_in_at(camara(), role).await
    }

    /// The same in another chamber.
    pub async fn log_in_at(&self, chamber: ChamberCode, role: Role) -> reqwest::Client {
        let client = self.browser();
        let answer = self.make_and_enter(chamber, role, &client).await;
        assert_eq!(answer.headers()["location"], "/consola");
        client
    }

    /// Makes a staff user of this role, types their password into this browser, and gives the answer.
    pub async fn make_and_enter(
        &self,
        chamber: ChamberCode,
        role: Role,
        client: &reqwest::Client,
    ) -> reqwest::Response {
        let user = format!("{}-1", role.as_str());
        let actor = Actor::command_line(chamber);
        staff::create_user(
            &self.app.db,
            &self.app.clock,
            &actor,
            &user,
            "Persona de Prueba",
            role,
            STAFF_PASSWORD.to_owned().into(),
        )
        .await
        .unwrap();
        self.enter(chamber, &user, client).await
    }

    /// Types the password of a staff user into this browser.
    pub async fn enter(&self, chamber: ChamberCode, user: &str, client: &reqwest::Client) -> reqwest::Response {
        let form = [("camara", chamber.as_str()), ("usuario", user), ("clave", STAFF_PASSWORD)];
        let answer = client.post(self.url("/consola/ingresar")).form(&form).send().await.unwrap();
        assert_eq!(answer.status(), 303);
        answer
    }

    /// A browser without a session: keeps cookies, follows no redirect.
    pub fn browser(&self) -> reqwest::Client {
        reqwest::Client::builder().cookie_store(true).redirect(reqwest::redirect::Policy::none()).build().unwrap()
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.address)
    }
}

const COMMON: &str = "\
CAMARA_NOMBRE=Cámara de Comercio de Prueba
CAMARA_CIUDAD=Villa Ejemplo
CAMARA_TELEFONO=(604) 000 00 00
CAMARA_DIRECCION=Calle 1 # 2-3
ENLACE_RENOVAR=https://camara.example/renovar
ENLACE_MENU=https://camara.example/
FACTOR_AUTENTICACION_FIRMADO_CONTRASENAS_EMAIL=DOBLE
MASIVOS_SMTP_SERVER=127.0.0.1
MASIVOS_SMTP_PORT=9
MASIVOS_SMTP_AUTHENTICATION=NO
MASIVOS_SMTP_CORREO_ADMIN=registro@camara.example
MASIVOS_SMTP_NOMBRE_ADMIN=Cámara de Prueba
SMS_PROVEEDOR=buzon
FIRMA_P12=firma.p12
FIRMA_P12_CLAVE=secreta
";
