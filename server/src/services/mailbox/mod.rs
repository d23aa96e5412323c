//! The demo's mailbox: what the catcher holds in memory and the SMS in their table.

use async_trait::async_trait;
use contract::mailbox::{CapturedMail, CapturedMailBody, CapturedSms, MailboxService};
use contract::{ServiceError, ServiceResult, Timestamp};
use entity::buzon_sms;
use mail_parser::{Address, Message, MessageParser, MimeHeaders};
use sea_orm::{EntityTrait, QueryOrder, QuerySelect};

use crate::db::Db;
use crate::mail::catcher::{Caught, Store};
use crate::services::fault::unexpected;

/// Entries in a list.
const LISTED: u16 = 100;

/// The mailbox. It shows every chamber's mail: the web layer provides it in the demo only.
#[derive(Clone)]
pub struct Mailbox {
    /// The catcher's mails.
    pub store: Store,
    /// The database, for the SMS.
    pub db: Db,
}

/// An attachment, for download.
pub struct CapturedAttachment {
    /// The file's name.
    pub name: String,
    /// The type, for instance `application/pdf`.
    pub mime: String,
    /// The bytes.
    pub bytes: Vec<u8>,
}

impl Mailbox {
    /// The attachment of that index (from 0).
    ///
    /// # Errors
    /// [`ServiceError::NotFound`].
    pub fn attachment(&self, id: u64, index: u32) -> ServiceResult<CapturedAttachment> {
        let mail = self.store.get(id).ok_or(ServiceError::NotFound)?;
        let parsed = parse(&mail)?;
        let part = parsed.attachment(index).ok_or(ServiceError::NotFound)?;
        let mime = part.content_type().map_or_else(
            || "application/octet-stream".to_owned(),
            |kind| format!("{}/{}", kind.ctype(), kind.subtype().unwrap_or("octet-stream")),
        );
        let name = part.attachment_name().unwrap_or("adjunto").to_owned();
        Ok(CapturedAttachment { name, mime, bytes: part.contents().to_vec() })
    }
}

fn parse(mail: &Caught) -> ServiceResult<Message<'_>> {
    MessageParser::default().parse(&*mail.raw).ok_or(ServiceError::NotFound)
}

fn summary(mail: &Caught, parsed: &Message<'_>) -> CapturedMail {
    let names = parsed.attachments().map(|part| part.attachment_name().unwrap_or("adjunto").to_owned());
    CapturedMail {
        id: mail.id,
        recibido_en: mail.at,
        para: mail.to.join(", "),
        asunto: parsed.subject().unwrap_or_default().to_owned(),
        adjuntos: names.collect(),
    }
}

/// The sender as people read it: `Nombre <correo>`.
fn sender(address: Option<&Address<'_>>) -> String {
    let Some(first) = address.and_then(Address::first) else { return String::new() };
    match (first.name(), first.address()) {
        (Some(name), Some(address)) => format!("{name} <{address}>"),
        (name, address) => name.or(address).unwrap_or_default().to_owned(),
    }
}

#[async_trait]
impl MailboxService for Mailbox {
    async fn mails(&self) -> ServiceResult<Vec<CapturedMail>> {
        let mails = self.store.newest(usize::from(LISTED));
        Ok(mails.iter().filter_map(|mail| Some(summary(mail, &parse(mail).ok()?))).collect())
    }

    async fn mail(&self, id: u64) -> ServiceResult<CapturedMailBody> {
        let mail = self.store.get(id).ok_or(ServiceError::NotFound)?;
        let parsed = parse(&mail)?;
        Ok(CapturedMailBody {
            resumen: summary(&mail, &parsed),
            de: sender(parsed.from()),
            texto: parsed.body_text(0).unwrap_or_default().into_owned(),
        })
    }

    async fn sms(&self) -> ServiceResult<Vec<CapturedSms>> {
        let found = buzon_sms::Entity::find()
            .order_by_desc(buzon_sms::Column::Id)
            .limit(u64::from(LISTED))
            .all(self.db.reader())
            .await
            .map_err(unexpected)?;
        let captured = |sms: buzon_sms::Model| CapturedSms {
            enviado_en: Timestamp(sms.enviado_en),
            celular: sms.celular,
            texto: sms.texto,
        };
        Ok(found.into_iter().map(captured).collect())
    }
}
