//! A folder of files and a Maildir: what was read is never read again, and nothing is lost on the way.

use std::path::Path;

use server::config::BounceSource;
use server::services::bounces::{BounceFault, BounceReport};

use super::{desk, id_of, read_folder, samples, sent};

fn files(folder: &Path) -> Vec<String> {
    let Ok(listing) = std::fs::read_dir(folder) else { return Vec::new() };
    let files = listing.map(|entry| entry.unwrap()).filter(|entry| entry.file_type().unwrap().is_file());
    let mut names: Vec<_> = files.map(|entry| entry.file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[tokio::test]
async fn a_folder_is_emptied_into_what_was_ours_and_what_was_not() {
    let world = sent(3, &[]).await;
    let folder = tempfile::tempdir().unwrap();
    let put = |name: &str, raw: &[u8]| std::fs::write(folder.path().join(name), raw).unwrap();
    let hard = samples::postfix(&id_of(&world, 0).await, "x@correo.com.co", "failed", "5.1.1", "no");
    put("1.eml", hard.as_bytes());
    put("2.EML", samples::gmail_over_quota(&id_of(&world, 1).await, "x@correo.com.co").as_bytes());
    put("3.eml", samples::postfix_delayed(&id_of(&world, 2).await, "x@correo.com.co").as_bytes());
    put("4.eml", hard.as_bytes());
    put("5.eml", samples::vacation(&id_of(&world, 2).await).as_bytes());
    put("6.eml", samples::postfix("<nadie@camara.org.co>", "x@correo.com.co", "failed", "5.1.1", "no").as_bytes());
    put("7.eml", &vec![b'a'; 10 * 1024 * 1024]);
    put("8.eml", &(0..=255).cycle().take(100_000).collect::<Vec<u8>>());
    put("apuntes.txt", b"no es un mensaje");
    std::fs::create_dir(folder.path().join("carpeta.eml")).unwrap();
    std::os::unix::fs::symlink("/etc/hostname", folder.path().join("enlace.eml")).unwrap();

    let expected = BounceReport {
        leidos: 8,
        rebotados: 2,
        suprimidos: 1,
        sin_efecto: 1,
        repetidos: 1,
        sin_correspondencia: 1,
        otros: 3,
    };
    assert_eq!(read_folder(&world, folder.path()).await, expected);
    assert_eq!(files(folder.path()), ["apuntes.txt"]);
    assert_eq!(files(&folder.path().join("procesados")), ["1.eml", "2.EML", "3.eml", "4.eml"]);
    assert_eq!(files(&folder.path().join("otros")), ["5.eml", "6.eml", "7.eml", "8.eml"]);
    assert_eq!(read_folder(&world, folder.path()).await, BounceReport::default());

    // The same name a second time replaces nothing.
    put("1.eml", samples::exchange(&id_of(&world, 2).await, "x@correo.com.co").as_bytes());
    assert_eq!(read_folder(&world, folder.path()).await.rebotados, 1);
    assert_eq!(files(&folder.path().join("procesados")).len(), 5);
    assert_eq!(std::fs::read_to_string(folder.path().join("procesados/1.eml")).unwrap(), hard);
}

#[tokio::test]
async fn a_maildir_keeps_its_own_way_and_what_is_not_ours_stays_unseen() {
    let world = sent(1, &[]).await;
    let folder = tempfile::tempdir().unwrap();
    for name in ["new", "cur", "tmp"] {
        std::fs::create_dir(folder.path().join(name)).unwrap();
    }
    let hard = samples::exchange(&id_of(&world, 0).await, "x@correo.com.co");
    std::fs::write(folder.path().join("new/1795449332.M1P2.mx"), hard).unwrap();
    std::fs::write(folder.path().join("new/1795449333.M1P3.mx"), "From: ana@correo.com.co\n\nHola").unwrap();
    std::fs::write(folder.path().join("tmp/a-medias"), "From: x").unwrap();
    let report = read_folder(&world, folder.path()).await;
    assert_eq!((report.leidos, report.rebotados, report.otros), (2, 1, 1));
    assert_eq!(files(&folder.path().join("cur")), ["1795449332.M1P2.mx:2,S", "1795449333.M1P3.mx:2,"]);
    assert_eq!((files(&folder.path().join("new")).len(), files(&folder.path().join("tmp")).len()), (0, 1));
    assert_eq!(read_folder(&world, folder.path()).await, BounceReport::default());
}

#[tokio::test]
async fn a_folder_that_is_not_there_is_a_fault_and_a_database_away_loses_no_mail() {
    let world = sent(1, &[]).await;
    let missing = BounceSource::Folder(world.dir.path().join("no-existe"));
    assert!(matches!(desk(&world).read(&missing).await, Err(BounceFault::Mailbox(_))));

    let folder = tempfile::tempdir().unwrap();
    let raw = samples::postfix(&id_of(&world, 0).await, "x@correo.com.co", "failed", "5.1.1", "no");
    std::fs::write(folder.path().join("1.eml"), raw).unwrap();
    let rename = |from, to| format!("ALTER TABLE {from} RENAME TO {to}");
    let db = world.test_db.db.reader();
    sea_orm::ConnectionTrait::execute_unprepared(db, &rename("rebotes", "lejos")).await.unwrap();
    let source = BounceSource::Folder(folder.path().to_owned());
    assert!(matches!(desk(&world).read(&source).await, Err(BounceFault::Database(_))));
    assert_eq!(files(folder.path()), ["1.eml"]);
    assert_eq!(world.rows().await[0].estado, "enviado");
    sea_orm::ConnectionTrait::execute_unprepared(db, &rename("lejos", "rebotes")).await.unwrap();
    assert_eq!(read_folder(&world, folder.path()).await.rebotados, 1);
}
