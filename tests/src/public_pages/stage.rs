//! A stage for the public pages: the real router, and services that play their part.

use std::sync::{Arc, Mutex};

use app::{ActivationApp, activation_shell};
use async_trait::async_trait;
use axum::Router;
use axum::body::{Body, to_bytes};
use contract::activation::{ActivationDoor, ActivationService, ActivationView, Credentials, Draft, Notice, Step};
use contract::console::{ChamberChoice, PublicSite};
use contract::mailbox::{CapturedMail, CapturedMailBody, CapturedSms, MailboxService};
use contract::{ChamberCode, ServiceError, ServiceResult, Timestamp};
use http::{Request, StatusCode, header};
use leptos::prelude::{LeptosOptions, provide_context};
use leptos_axum::{LeptosRoutes, generate_route_list};
use tower::ServiceExt;

/// The activation's actor: holds a step and a notice, and writes down what it was told.
#[derive(Default)]
pub struct Actor {
    pub step: Mutex<Option<Step>>,
    pub notice: Mutex<Option<Notice>>,
    pub told: Mutex<Vec<String>>,
    pub broken: Mutex<bool>,
}

/// 23/11/2026 10:30:20 in Bogotá.
pub const NOW: Timestamp = Timestamp(1_795_447_820_000);

impl Actor {
    fn told(&self, what: String, next: Step) -> ServiceResult<()> {
        if *self.broken.lock().unwrap() {
            return Err(ServiceError::Unexpected { reference: "REF-1".into() });
        }
        self.told.lock().unwrap().push(what);
        *self.step.lock().unwrap() = Some(next);
        Ok(())
    }
}

pub fn pin_step() -> Step {
    Step::Pin {
        celular: "300 *** **67".into(),
        vence_en: NOW.plus_seconds(600),
        reenvio_desde: Some(NOW.plus_seconds(60)),
    }
}

#[async_trait]
impl ActivationService for Actor {
    async fn view(&self) -> ServiceResult<ActivationView> {
        Ok(ActivationView {
            camara_nombre: "Cámara de Comercio de Prueba".into(),
            telefono: "(604) 444 23 44 ext. 1".into(),
            direccion: "Calle 1 # 2-3".into(),
            enlace_renovar: "https://renovar.example/".into(),
            enlace_menu: "https://menu.example/".into(),
            con_pin: true,
            ahora: NOW,
            paso: self.step.lock().unwrap().clone().unwrap_or(Step::Form { borrador: Draft::default() }),
            aviso: self.notice.lock().unwrap().clone(),
        })
    }
    async fn accept(&self, c: Credentials) -> ServiceResult<()> {
        self.told(format!("accept {} {} {} {}", c.identificacion, c.correo, c.celular, c.clave), pin_step())
    }
    async fn refuse(&self, c: Credentials) -> ServiceResult<()> {
        self.told(format!("refuse {}", c.identificacion), Step::Left)
    }
    async fn confirm(&self, pin: String) -> ServiceResult<()> {
        self.told(format!("confirm {pin}"), Step::Done)
    }
    async fn resend(&self) -> ServiceResult<()> {
        self.told("resend".into(), pin_step())
    }
    async fn choose(&self, clave: String, repetida: String) -> ServiceResult<()> {
        self.told(format!("choose {clave} {repetida}"), Step::Done)
    }
    async fn abandon(&self) -> ServiceResult<()> {
        self.told("abandon".into(), Step::Abandoned)
    }
    async fn restart(&self) -> ServiceResult<()> {
        self.told("restart".into(), Step::Form { borrador: Draft::default() })
    }
}

/// A mailbox with one mail and one SMS.
struct Postman;

#[async_trait]
impl MailboxService for Postman {
    async fn mails(&self) -> ServiceResult<Vec<CapturedMail>> {
        Ok(vec![self.mail(7).await?.resumen])
    }
    async fn mail(&self, id: u64) -> ServiceResult<CapturedMailBody> {
        if id != 7 {
            return Err(ServiceError::NotFound);
        }
        Ok(CapturedMailBody {
            resumen: CapturedMail {
                id,
                recibido_en: NOW,
                para: "ana@correo.example".into(),
                asunto: "Su clave <b>preasignada</b>".into(),
                adjuntos: vec!["clave.pdf".into()],
            },
            de: "Cámara <camara@camara.example>".into(),
            texto: "Siga http://localhost:8080/activacion/55.\n\n<script>alert(1)</script>".into(),
        })
    }
    async fn sms(&self) -> ServiceResult<Vec<CapturedSms>> {
        Ok(vec![CapturedSms { enviado_en: NOW, celular: "3001234567".into(), texto: "Utilice el PIN 123456".into() }])
    }
}

/// The pages over their actors.
pub struct Stage {
    pub actor: Arc<Actor>,
    router: Router,
}

/// What came back.
pub struct Answer {
    pub status: StatusCode,
    pub location: String,
    pub body: String,
}

impl Stage {
    /// With chamber 55, and the demo's mailbox if asked for.
    pub fn new(demo: bool) -> Self {
        let actor = Arc::new(Actor::default());
        let service = actor.clone();
        let door = ActivationDoor(Arc::new(move |chamber: ChamberCode| {
            (chamber.as_str() == "55").then(|| service.clone() as Arc<dyn ActivationService>)
        }));
        let options = LeptosOptions::builder().output_name("consola").build();
        let shell_options = options.clone();
        let router = Router::new()
            .leptos_routes_with_context(
                &options,
                generate_route_list(ActivationApp),
                move || {
                    provide_context(door.clone());
                    let camara = ChamberCode::parse("55").unwrap();
                    let camaras = vec![ChamberChoice {
                        camara,
                        nombre: "Cámara de Comercio de Prueba".into(),
                        telefono: "(604) 444 23 44".into(),
                        direccion: "Calle 1 # 2-3".into(),
                    }];
                    provide_context(PublicSite { camaras, demo });
                    if demo {
                        provide_context(Arc::new(Postman) as Arc<dyn MailboxService>);
                    }
                },
                move || activation_shell(shell_options.clone()),
            )
            .with_state(options);
        Self { actor, router }
    }

    pub fn at(self, step: Step, notice: Option<Notice>) -> Self {
        *self.actor.step.lock().unwrap() = Some(step);
        *self.actor.notice.lock().unwrap() = notice;
        self
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).header(header::ACCEPT, "text/html").body(Body::empty()).unwrap()).await
    }

    /// Posts a form as a browser without JavaScript does.
    pub async fn post(&self, path: &str, form: &str) -> Answer {
        let request = Request::post(path)
            .header(header::ACCEPT, "text/html")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::REFERER, "http://localhost/activacion/55")
            .body(Body::from(form.to_owned()))
            .unwrap();
        self.send(request).await
    }

    async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let location = response.headers().get(header::LOCATION).map_or("", |v| v.to_str().unwrap()).to_owned();
        let body = String::from_utf8(to_bytes(response.into_body(), 1 << 20).await.unwrap().to_vec()).unwrap();
        if let Ok(folder) = std::env::var("PAGES_TO") {
            let name = format!("{:x}.html", body.len());
            std::fs::write(std::path::Path::new(&folder).join(name), &body).unwrap();
        }
        Answer { status, location, body }
    }
}
