//! What a browser may keep of the site's files.

use crate::support::site::TestSite;

#[tokio::test]
async fn a_file_that_carries_its_mark_is_kept_for_good_and_no_other() {
    let root = tempfile::tempdir().unwrap();
    std::fs::create_dir(root.path().join("pkg")).unwrap();
    std::fs::write(root.path().join("pkg/activacion.css"), "body{}").unwrap();
    let site = TestSite::start_with("", &[("LEPTOS_SITE_ROOT", root.path().to_str().unwrap())]).await;
    let browser = site.browser();
    for (path, status, cache) in [
        ("/pkg/activacion.css?v=0123456789abcdef", 200, "public, max-age=31536000, immutable"),
        ("/pkg/activacion.css", 200, "no-cache"),
        ("/pkg/no-existe.css?v=0123456789abcdef", 404, "no-cache"),
        ("/activacion/55?v=0123456789abcdef", 200, "no-store"),
    ] {
        let answer = browser.get(site.url(path)).send().await.unwrap();
        assert_eq!(answer.status(), status, "{path}");
        assert_eq!(answer.headers()["cache-control"], cache, "{path}");
    }
    let page = browser.get(site.url("/activacion/55")).send().await.unwrap().text().await.unwrap();
    let marked = page.split('"').find(|part| part.starts_with("/pkg/activacion.css?v=")).unwrap().to_owned();
    let answer = browser.get(site.url(&marked)).send().await.unwrap();
    assert!(answer.headers()["cache-control"].to_str().unwrap().contains("immutable"));
}
