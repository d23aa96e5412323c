//! Entries by what they are about: the first pair of their detail.

use contract::{ChamberCode, ServiceResult};
use entity::auditoria::{Column, Entity, Model};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, QueryOrder};

use crate::services::fault::unexpected;

/// The entries of a chamber about `subject` (`clave=7`, `usuario=3`), the oldest first.
pub(crate) async fn about<C: ConnectionTrait>(
    conn: &C,
    camara: ChamberCode,
    subject: &str,
) -> ServiceResult<Vec<Model>> {
    // As the index auditoria_asunto has it: another form of the same would read the whole trail.
    let first_pair = if conn.get_database_backend() == DbBackend::Postgres {
        "split_part(detalle, ' ', 1)"
    } else {
        "substr(detalle, 1, instr(detalle || ' ', ' ') - 1)"
    };
    Entity::find()
        .filter(Column::Camara.eq(camara.as_str()))
        .filter(Expr::cust(first_pair).eq(subject))
        .order_by_asc(Column::Secuencia)
        .all(conn)
        .await
        .map_err(unexpected)
}
