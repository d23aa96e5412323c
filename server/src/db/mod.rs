//! The database: SQLite by default, PostgreSQL for several nodes.

use std::time::Duration;

use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sea_orm::{
    ConnectOptions, Database, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, SqliteTransactionMode,
    Statement, TransactionOptions, TransactionTrait, Value,
};
use sea_orm_migration::MigratorTrait;

/// A pool of connections that knows how to begin a write.
#[derive(Clone, Debug)]
pub struct Db {
    conn: DatabaseConnection,
    /// On SQLite one connection of its own: writers queue for it in their order, where waiting for the
    /// file's lock would be sleeping and trying again, and would take connections from readers.
    writer: DatabaseConnection,
}

/// How long a writer waits for another one before it gives up.
const BUSY_TIMEOUT: Duration = Duration::from_secs(20);

impl Db {
    /// Connects to `sqlite://path` or `postgres://…`. On SQLite: WAL, one process may write at a
    /// time, deleted secrets are overwritten (`secure_delete`).
    ///
    /// # Errors
    /// When the address is wrong or the server does not answer within 10 seconds.
    pub async fn connect(url: &str) -> Result<Self, DbErr> {
        let conn = Database::connect(options(url, 16)).await?;
        let writer = match conn.get_database_backend() {
            DbBackend::Sqlite => Database::connect(options(url, 1)).await?,
            _ => conn.clone(),
        };
        Ok(Self { conn, writer })
    }

    /// Brings the schema up to date.
    ///
    /// # Errors
    /// When a migration cannot be applied.
    pub async fn migrate(&self) -> Result<(), DbErr> {
        migrations::Migrator::up(&self.conn, None).await
    }

    /// Whether the schema is the one that this program knows.
    ///
    /// # Errors
    /// When it cannot be read, or is a newer program's.
    pub async fn schema_is_current(&self) -> Result<bool, DbErr> {
        Ok(migrations::Migrator::get_pending_migrations_read_only(&self.conn).await?.is_empty())
    }

    /// The connection for reads. Writes go through [`Db::write`].
    #[must_use]
    pub fn reader(&self) -> &DatabaseConnection {
        &self.conn
    }

    /// Begins a write transaction. On SQLite it takes the writer's lock at once: a read that turns
    /// into a write is not covered by `busy_timeout`. Dropped without `commit`, it rolls back.
    ///
    /// # Errors
    /// When no connection or no lock is to be had in time.
    pub async fn write(&self) -> Result<DatabaseTransaction, DbErr> {
        let mode = (self.backend() == DbBackend::Sqlite).then_some(SqliteTransactionMode::Immediate);
        self.writer.begin_with_options(TransactionOptions { sqlite_transaction_mode: mode, ..Default::default() }).await
    }

    /// Which engine this is.
    #[must_use]
    pub fn backend(&self) -> DbBackend {
        self.conn.get_database_backend()
    }
}

fn options(url: &str, connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .connect_timeout(Duration::from_secs(10))
        .acquire_timeout(BUSY_TIMEOUT)
        .max_connections(connections)
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(tune_sqlite);
    options
}

fn tune_sqlite(options: SqliteConnectOptions) -> SqliteConnectOptions {
    options
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(BUSY_TIMEOUT)
        .pragma("secure_delete", "ON")
        .pragma("temp_store", "MEMORY")
        .pragma("cache_size", "-16000")
}

/// A statement with `?` for its values, on either engine: PostgreSQL gets `$1, $2, …` instead.
/// The text must not hold `?` for anything else.
#[must_use]
pub fn sql(backend: DbBackend, text: &str, values: impl IntoIterator<Item = Value>) -> Statement {
    if backend != DbBackend::Postgres {
        return Statement::from_sql_and_values(backend, text, values);
    }
    let mut numbered = String::with_capacity(text.len() + 16);
    let mut next = 0_u32;
    for part in text.split_inclusive('?') {
        match part.strip_suffix('?') {
            Some(before) => {
                next += 1;
                numbered.push_str(before);
                numbered.push_str(&format!("${next}"));
            }
            None => numbered.push_str(part),
        }
    }
    Statement::from_sql_and_values(backend, numbered, values)
}
