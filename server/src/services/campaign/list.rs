//! The list of pre-assigned passwords, tests left out.

use contract::campaign::{Origin, PasswordState, PreassignedRow};
use contract::page::{ListQuery, PAGE_SIZE, Page};
use contract::staff::Permission;
use contract::{ColombianMobile, NationalId, ServiceResult, Timestamp, Year};
use entity::claves_preasignadas::{Column, Entity};
use sea_orm::sea_query::{Expr, ExprTrait, Func, LikeExpr};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, FromQueryResult, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select,
};

use super::CampaignDesk;
use crate::services::fault::unexpected;

pub(super) async fn list(desk: &CampaignDesk, year: Year, query: ListQuery) -> ServiceResult<Page<PreassignedRow>> {
    desk.actor.require(Permission::Read)?;
    let mut found = of_the_year(desk, year);
    if !query.state.is_empty() {
        found = found.filter(Column::Estado.eq(query.state.as_str()));
    }
    let search = contract::value::clean(&query.search);
    if !search.is_empty() {
        found = found.filter(matching(&search));
    }
    let total = found.clone().count(desk.db.reader()).await.map_err(unexpected)?;
    let rows = select_columns(found)
        .offset((query.page_number() - 1) * PAGE_SIZE)
        .limit(PAGE_SIZE)
        .into_model::<ListedRow>()
        .all(desk.db.reader())
        .await
        .map_err(unexpected)?;
    let rows = rows.into_iter().map(PreassignedRow::from).collect();
    Ok(Page { rows, total, page: query.page_number(), page_size: PAGE_SIZE })
}

/// The year's rows, tests left out.
pub(super) fn of_the_year(desk: &CampaignDesk, year: Year) -> Select<Entity> {
    Entity::find()
        .filter(Column::Camara.eq(desk.actor.camara.as_str()))
        .filter(Column::Ano.eq(year.number()))
        .filter(Column::EsPrueba.eq(false))
}

/// Only what is shown, by number: the sealed password never leaves its table for a list.
pub(super) fn select_columns(found: Select<Entity>) -> Select<Entity> {
    found
        .select_only()
        .columns([
            Column::Id,
            Column::Matricula,
            Column::Identificacion,
            Column::Nombre,
            Column::Correo,
            Column::CorreoOrigen,
            Column::Celular,
            Column::CelularOrigen,
            Column::Estado,
            Column::SeleccionadaEn,
            Column::EnviadaEn,
            Column::ActivadaEn,
        ])
        .order_by_asc(Column::Id)
}

/// The columns of a row that is shown.
#[derive(FromQueryResult)]
pub(super) struct ListedRow {
    pub id: i64,
    pub matricula: String,
    pub identificacion: String,
    pub nombre: String,
    pub correo: String,
    pub correo_origen: String,
    pub celular: String,
    pub celular_origen: String,
    pub estado: String,
    pub seleccionada_en: i64,
    pub enviada_en: Option<i64>,
    pub activada_en: Option<i64>,
}

impl From<ListedRow> for PreassignedRow {
    fn from(row: ListedRow) -> Self {
        Self {
            id: row.id,
            matricula: row.matricula,
            identificacion: row.identificacion,
            nombre: row.nombre,
            correo: row.correo,
            correo_origen: Origin::parse(&row.correo_origen).unwrap_or(Origin::Notificacion),
            celular: row.celular,
            celular_origen: Origin::parse(&row.celular_origen).unwrap_or(Origin::Notificacion),
            estado: PasswordState::parse(&row.estado).unwrap_or(PasswordState::Apartado),
            seleccionada_en: Timestamp(row.seleccionada_en),
            enviada_en: row.enviada_en.map(Timestamp),
            activada_en: row.activada_en.map(Timestamp),
        }
    }
}

/// Words looked for in a name.
const MAX_WORDS: usize = 8;

/// The text in any column; the identification and the mobile also as they are normalised; the name
/// with its words in any order.
fn matching(search: &str) -> Condition {
    let mut any = Condition::any();
    for column in [Column::Matricula, Column::Identificacion, Column::Nombre, Column::Correo, Column::Celular] {
        any = any.add(contains(column, search));
    }
    let words = search.split_whitespace().take(MAX_WORDS);
    any = any.add(words.fold(Condition::all(), |all, word| all.add(contains(Column::Nombre, word))));
    if let Some(id) = NationalId::parse(search) {
        any = any.add(Column::Identificacion.eq(id.as_str()));
    }
    if let Some(mobile) = ColombianMobile::parse(search) {
        any = any.add(Column::Celular.eq(mobile.as_str()));
    }
    any
}

/// Case-insensitive on either engine: SQLite lowers ASCII letters only, so that any other letter of
/// the search matches every letter.
pub(in crate::services) fn contains(column: impl ColumnTrait, text: &str) -> Expr {
    let mut pattern = String::from("%");
    for c in text.to_lowercase().chars() {
        match c {
            '%' | '_' | '!' => pattern.extend(['!', c]),
            c if c.is_ascii() => pattern.push(c),
            _ => pattern.push('_'),
        }
    }
    pattern.push('%');
    Expr::expr(Func::lower(Expr::col(column))).like(LikeExpr::new(pattern).escape('!'))
}
