//! The master key's file and the installation's own secret.

use std::net::{IpAddr, Ipv4Addr};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use contract::activation::{Credentials, Notice, Step};
use contract::{ServiceError, Timestamp};
use entity::{buzon_sms, claves_preasignadas as claves, limites, secretos};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, DbBackend, EntityTrait, QueryOrder, Set};
use server::clock::Clock;
use server::config::{Settings, Variables};
use server::db::Db;
use server::secrets::{KeyFile, KeyFileChangeFault, KeyRing, MacKey, MasterKey, Vault, hash_password};
use server::services::keys::{KeyKeeper, KeyUse, KeysFault};
use server::startup::{App, StartFault};

use crate::support::{TestDb, camara, database};

/// An installation with its files, started as the program starts it.
struct House {
    test_db: TestDb,
    dir: tempfile::TempDir,
    clock: Clock,
}

impl House {
    async fn build() -> Self {
        let house = Self { test_db: database().await, dir: tempfile::tempdir().unwrap(), clock: Clock::default() };
        write_key(&house.key_file(), &KeyRing::of(MasterKey::generate()));
        let common = "CAMARA_NOMBRE=Cámara de Prueba\nCAMARA_CIUDAD=V\nCAMARA_TELEFONO=6\nCAMARA_DIRECCION=C\n\
                      ENLACE_RENOVAR=https://c.example/\nENLACE_MENU=https://c.example/\n\
                      FACTOR_AUTENTICACION_FIRMADO_CONTRASENAS_EMAIL=DOBLE\nSMS_PROVEEDOR=buzon\n";
        std::fs::write(house.dir.path().join("common55.env"), common).unwrap();
        house
    }

    fn key_file(&self) -> PathBuf {
        self.dir.path().join("clave-maestra")
    }

    async fn start(&self) -> Result<App, StartFault> {
        let variables = Variables::from_pairs(&[
            ("CONFIG_DIR", self.dir.path().to_str().unwrap()),
            ("CLAVE_MAESTRA_FILE", self.key_file().to_str().unwrap()),
            ("DATABASE_URL", &self.test_db.url),
        ]);
        App::open(Settings::load(&variables).0, self.clock.clone()).await
    }

    fn keeper(&self) -> KeyKeeper {
        let (db, clock) = (self.test_db.db.clone(), self.clock.clone());
        KeyKeeper { db, clock, path: self.key_file(), chambers: vec![camara()] }
    }
}

fn write_key(path: &Path, ring: &KeyRing) {
    std::fs::write(path, ring.to_text().as_bytes()).unwrap();
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).unwrap();
}

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

fn key() -> MasterKey {
    let ring = KeyRing::parse("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=").unwrap();
    ring.keys().next().unwrap().0.clone()
}

async fn limit(db: &Db) {
    let row = limites::ActiveModel {
        camara: Set("55".into()),
        clase: Set("identidad".into()),
        sujeto: Set("x".into()),
        fallos: Set(1),
        fallos_hora: Set(1),
        hora_desde: Set(0),
        espera_hasta: Set(0),
        bloqueado: Set(false),
    };
    limites::Entity::insert(row).exec_without_returning(db.reader()).await.unwrap();
}

#[tokio::test]
async fn an_installation_that_keeps_digests_goes_on_with_the_key_they_were_made_with() {
    let test_db = database().await;
    limit(&test_db.db).await;
    let vault = Vault::new(&key());
    assert_eq!(vault.key_id(), KEY_ID);
    let mac = MacKey::of_installation(&test_db.db, &vault, Timestamp(0)).await.unwrap();
    assert_eq!(mac.mac_hex("limit-subject-v1", &[b"55", b"identidad", b"71234567"]), DIGEST);
}

/// Made outside this program from the key of [`key`], as every version before kept it.
const KEY_ID: &str = "1a205497c88202ce";
const DIGEST: &str = "ccf908aed40b76ebe4a29fc528d588a0454c8e18b8750cff143c20a1c8a27b61";

#[tokio::test]
async fn a_new_installation_has_a_secret_of_its_own_on_which_its_nodes_agree() {
    let test_db = database().await;
    let vault = Vault::new(&key());
    let other_node = Db::connect(&test_db.url).await.unwrap();
    let (one, two) = tokio::join!(
        MacKey::of_installation(&test_db.db, &vault, Timestamp(0)),
        MacKey::of_installation(&other_node, &vault, Timestamp(0)),
    );
    let digest = |mac: &MacKey| mac.mac_hex("p", &[b"x"]);
    let (one, two) = (digest(&one.unwrap()), digest(&two.unwrap()));
    assert_eq!(one, two);
    assert_ne!(one, digest(&MacKey::of_master(&key())));
    let again = MacKey::of_installation(&test_db.db, &vault, Timestamp(0)).await.unwrap();
    assert_eq!(digest(&again), one);
    let stored = secretos::Entity::find().all(test_db.db.reader()).await.unwrap();
    assert_eq!((stored.len(), stored[0].llave.as_str()), (1, KEY_ID));
}

#[tokio::test]
async fn another_installations_key_does_not_start_this_one() {
    let house = House::build().await;
    house.start().await.unwrap();
    write_key(&house.key_file(), &KeyRing::of(MasterKey::generate()));
    assert!(matches!(house.start().await, Err(StartFault::OtherMasterKey)));
}

#[tokio::test]
async fn limits_and_a_pin_under_way_outlive_a_rotation_and_a_restart() {
    let house = House::build().await;
    let app = house.start().await.unwrap();
    let now = house.clock.now();
    mailed(&house, now).await;
    let network = IpAddr::V4(Ipv4Addr::new(190, 0, 0, 1));
    let typed = Credentials {
        identificacion: "71234567".into(),
        correo: "ana@correo.com.co".into(),
        celular: "3001234567".into(),
        clave: "Qw3rTyUp9k".into(),
    };
    let merchant = app.activation(camara(), "cookie", network).unwrap();
    merchant.accept(typed.clone()).await.unwrap();
    let sms = buzon_sms::Entity::find().order_by_desc(buzon_sms::Column::Id).one(house.test_db.db.reader()).await;
    let pin = sms.unwrap().unwrap().texto.split_whitespace().nth(3).unwrap().to_owned();
    let guesser = app.activation(camara(), "guesser", network).unwrap();
    let wrong = Credentials { clave: "Wrong23456".into(), ..typed.clone() };
    guesser.accept(wrong.clone()).await.unwrap();
    assert_eq!(guesser.view().await.unwrap().aviso, Some(Notice::NoMatch));
    let login = async |app: &App| {
        let password = "errada".to_owned().into();
        app.staff.login(camara(), "ana", password, network, None).await.map(|_| ())
    };
    let mut refused_before = 0;
    while login(&app).await == Err(ServiceError::WrongLogin) {
        refused_before += 1;
        assert!(refused_before < 50);
    }

    house.keeper().rotate().await.unwrap();
    let restarted = house.start().await.unwrap();
    assert_ne!(restarted.vault.key_id(), "");
    assert!(matches!(login(&restarted).await, Err(ServiceError::TooManyTries { .. })), "still counted");
    let draft = restarted.activation(camara(), "guesser", network).unwrap().view().await.unwrap().paso;
    let Step::Form { borrador } = draft else { panic!("{draft:?}") };
    assert_eq!(borrador.identificacion, "71234567", "a draft sealed before opens after");
    let merchant = restarted.activation(camara(), "cookie", network).unwrap();
    merchant.confirm(pin).await.unwrap();
    assert_eq!(merchant.view().await.unwrap().paso, Step::Done);
}

async fn mailed(house: &House, now: Timestamp) {
    claves::ActiveModel {
        camara: Set("55".into()),
        ano: Set(2026),
        es_prueba: Set(false),
        matricula: Set("1".into()),
        idclase: Set("1".into()),
        identificacion: Set("71234567".into()),
        nombre: Set("ANA".into()),
        correo: Set("ana@correo.com.co".into()),
        correo_origen: Set("notificacion".into()),
        celular: Set("3001234567".into()),
        celular_origen: Set("notificacion".into()),
        estado: Set("enviado".into()),
        factor: Set(Some("doble".into())),
        generacion: Set(1),
        hash: Set(Some(hash_password(b"Qw3rTyUp9k").0)),
        fence: Set(1),
        intentos: Set(1),
        seleccionada_en: Set(now.0),
        vence_en: Set(Some(now.plus_seconds(86_400).0)),
        ..Default::default()
    }
    .insert(house.test_db.db.reader())
    .await
    .unwrap();
}

/// As if the file had stood for so long.
fn aged(path: &Path, minutes: u64) {
    let then = SystemTime::now() - Duration::from_secs(minutes * 60);
    std::fs::File::options().write(true).open(path).unwrap().set_modified(then).unwrap();
}

#[tokio::test]
async fn an_older_key_goes_only_when_nothing_needs_it_and_the_file_has_stood_for_an_hour() {
    let house = House::build().await;
    house.start().await.unwrap();
    let (keeper, path) = (house.keeper(), house.key_file());
    let first = Vault::over(&path).unwrap().key_id();
    assert!(keeper.retire().await.unwrap().is_empty());

    let file = KeyFile::take(&path).unwrap();
    file.replace(&file.read().unwrap().rotated()).unwrap();
    assert!(matches!(keeper.reseal().await, Err(KeysFault::File(KeyFileChangeFault::Taken))));
    drop(file);
    aged(&path, 61);
    let refused = keeper.retire().await.unwrap_err();
    let used = KeyUse { contrasenas: 0, secretos: 1 };
    assert!(matches!(refused, KeysFault::InUse { ref llave, uso } if *llave == first && uso == used), "{refused}");

    assert_eq!(keeper.reseal().await.unwrap().secretos, 1);
    aged(&path, 59);
    assert!(matches!(keeper.retire().await, Err(KeysFault::TooFresh)));
    aged(&path, 61);
    assert_eq!(keeper.retire().await.unwrap(), [first]);
    assert_eq!(KeyRing::read(&path).unwrap().keys().count(), 1);
    house.start().await.unwrap();
}

#[tokio::test]
async fn passwords_of_an_unknown_key_are_counted_and_left_alone() {
    let house = House::build().await;
    house.start().await.unwrap();
    mailed(&house, Timestamp(0)).await;
    claves::Entity::update_many()
        .col_expr(claves::Column::Sellada, Expr::value(vec![1_u8, 2, 3]))
        .col_expr(claves::Column::SelladaLlave, Expr::value("perdida"))
        .exec(house.test_db.db.reader())
        .await
        .unwrap();
    let report = house.keeper().rotate().await.unwrap();
    assert_eq!((report.contrasenas, report.sin_llave, report.por_sellar, report.secretos), (0, 1, 0, 1));
    let row = claves::Entity::find().one(house.test_db.db.reader()).await.unwrap().unwrap();
    assert_eq!((row.sellada, row.sellada_llave.as_deref()), (Some(vec![1, 2, 3]), Some("perdida")));
    let unknown: Vec<_> = house.keeper().state().await.unwrap().into_iter().filter(|key| key.papel.is_none()).collect();
    assert_eq!((unknown.len(), unknown[0].llave.as_str(), unknown[0].uso.contrasenas), (1, "perdida", 1));
}

#[tokio::test]
async fn a_password_in_a_workers_hands_is_passed_over_and_told() {
    let house = House::build().await;
    let app = house.start().await.unwrap();
    // SQLite has one writer at a time: there, nobody else holds a row while it is sealed again.
    if app.db.backend() != DbBackend::Postgres {
        return;
    }
    mailed(&house, Timestamp(0)).await;
    let binding = server::services::campaign::seal_binding("55", "71234567", 2026, 1);
    let sealed = app.vault.seal(b"Qw3rTyUp9k", &binding).unwrap();
    claves::Entity::update_many()
        .col_expr(claves::Column::Sellada, Expr::value(sealed.bytes))
        .col_expr(claves::Column::SelladaLlave, Expr::value(sealed.key_id))
        .exec(app.db.reader())
        .await
        .unwrap();
    let worker = app.db.write().await.unwrap();
    claves::Entity::update_many().col_expr(claves::Column::Fence, Expr::value(2)).exec(&worker).await.unwrap();

    let report = house.keeper().rotate().await.unwrap();
    assert_eq!((report.contrasenas, report.por_sellar, report.sin_llave), (0, 1, 0));
    worker.commit().await.unwrap();
    assert_eq!(house.keeper().reseal().await.unwrap().contrasenas, 1);
    let row = claves::Entity::find().one(app.db.reader()).await.unwrap().unwrap();
    let opened = app.vault.open(&row.sellada_llave.unwrap(), &row.sellada.unwrap(), &binding).unwrap();
    assert_eq!((opened.as_slice(), row.fence), (&b"Qw3rTyUp9k"[..], 2));
}

#[tokio::test]
async fn the_file_is_replaced_whole_with_mode_600_also_behind_a_link() {
    let dir = tempfile::tempdir().unwrap();
    let (real, link) = (dir.path().join("real"), dir.path().join("enlace"));
    write_key(&real, &KeyRing::of(MasterKey::generate()));
    std::fs::set_permissions(&real, std::fs::Permissions::from_mode(0o644)).unwrap();
    std::os::unix::fs::symlink(&real, &link).unwrap();
    let before = Vault::over(&link).unwrap();
    let sealed = before.seal(b"x", "y").unwrap();
    let file = KeyFile::take(&link).unwrap();
    file.replace(&file.read().unwrap().rotated()).unwrap();
    assert!(std::fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(mode(&real), 0o600);
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 2, "no draft stays behind");
    assert_eq!(Vault::over(&real).unwrap().open(&sealed.key_id, &sealed.bytes, "y").unwrap().as_slice(), b"x");
    // A vault already open learns of the new key from what it sealed.
    let new = Vault::over(&real).unwrap().seal(b"z", "y").unwrap();
    assert_eq!(before.open(&new.key_id, &new.bytes, "y").unwrap().as_slice(), b"z");
    // A broken file changes nothing for whoever runs.
    std::fs::write(&real, "roto").unwrap();
    assert!(before.open(&new.key_id, &new.bytes, "y").is_ok());
    assert!(before.open("otra", &new.bytes, "y").is_err());
    assert!(before.open(&new.key_id, &new.bytes, "y").is_ok());
    assert!(Vault::over(&real).is_err());
}
