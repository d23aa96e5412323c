use http::StatusCode;

use super::stage::Stage;

#[tokio::test]
async fn the_mailbox_exists_only_in_the_demo() {
    let production = Stage::new(false);
    for path in ["/buzon", "/buzon/correo/7"] {
        assert_eq!(production.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert!(!production.get("/").await.body.contains("/buzon"));
    assert!(Stage::new(true).get("/").await.body.contains("href=\"/buzon\""));
}

#[tokio::test]
async fn a_mail_is_read_with_its_link_and_its_attachment() {
    let demo = Stage::new(true);
    let list = demo.get("/buzon").await.body;
    assert!(list.contains("href=\"/buzon/correo/7\"") && list.contains("Utilice el PIN 123456"));
    let mail = demo.get("/buzon/correo/7").await.body;
    assert!(mail.contains("href=\"http://localhost:8080/activacion/55\""));
    assert!(mail.contains("href=\"/buzon/correo/7/adjunto/0\""));
    assert!(mail.contains("&lt;script&gt;alert(1)"), "the text of a mail is never markup");
    assert_eq!(demo.get("/buzon/correo/8").await.status, StatusCode::NOT_FOUND);
    assert_eq!(demo.get("/buzon/correo/x").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_front_door_lists_the_chambers() {
    let home = Stage::new(false).get("/").await;
    assert_eq!(home.status, StatusCode::OK);
    assert!(home.body.contains("href=\"/activacion/55\"") && home.body.contains("href=\"/consola\""));
}
