//! One's own password: proven, changed; and which ones are too easy.

use contract::error::Field;
use contract::value::clean;
use contract::{ServiceError, ServiceResult};
use entity::funcionarios;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use zeroize::Zeroizing;

use super::login::{SessionToken, count};
use super::session::{Insider, Stage, end_sessions, open_session};
use super::users::MIN_PASSWORD;
use super::{StaffDoor, active};
use crate::secrets::hash_password;
use crate::services::audit::{Action, record};
use crate::services::compare::compare;
use crate::services::fault::unexpected;
use crate::services::limits::{self, Class, Subject};

/// The longest, in bytes: beyond that hashing only costs.
const MAX_PASSWORD: usize = 256;

/// What every list of leaked passwords begins with, as far as it is long enough for us, and the words
/// of this very place; a password made of these alone is guessed first.
const EASY: [&str; 46] = [
    "clave",
    "segura",
    "seguro",
    "camara",
    "comercio",
    "contrasena",
    "contraseña",
    "password",
    "passw0rd",
    "qwerty",
    "qwertyuiop",
    "asdfgh",
    "asdfghjkl",
    "zxcvbn",
    "zxcvbnm",
    "letmein",
    "welcome",
    "bienvenido",
    "admin",
    "administrador",
    "usuario",
    "registro",
    "mercantil",
    "colombia",
    "bogota",
    "medellin",
    "antioquia",
    "america",
    "nacional",
    "millonarios",
    "iloveyou",
    "teamo",
    "tequiero",
    "princesa",
    "princess",
    "estrella",
    "monkey",
    "dragon",
    "football",
    "futbol",
    "superman",
    "batman",
    "secret",
    "secreto",
    "temporal",
    "prueba",
];

/// Whether a password is among the first that anybody would try: the name and such words, figures in a
/// row, few different letters.
fn is_easy(password: &str, usuario: &str) -> bool {
    let lower = clean(password).to_lowercase();
    let distinct: std::collections::BTreeSet<char> = lower.chars().collect();
    if distinct.len() < 5 {
        return true;
    }
    let mut rest = if usuario.len() >= 3 { lower.replace(usuario, "") } else { lower };
    let mut words = EASY;
    words.sort_unstable_by_key(|word| std::cmp::Reverse(word.len()));
    for word in words {
        rest = rest.replace(word, "");
    }
    // Figures and marks around such words make them no harder: «Clave.Segura.2026».
    rest.chars().filter(|c| c.is_alphabetic()).count() < 4
        && rest.chars().filter(|c| c.is_ascii_digit()).count() < MIN_PASSWORD
        || is_a_row(&rest)
}

/// `123456789012`, `abcdefghijkl`, `987654321098`.
fn is_a_row(text: &str) -> bool {
    let codes: Vec<u32> = text.chars().map(u32::from).collect();
    let near = codes.windows(2).filter(|pair| pair[0].abs_diff(pair[1]) == 1).count();
    codes.len() >= 4 && near * 4 >= (codes.len() - 1) * 3
}

/// The hash of a new password, if it may be one.
pub(super) async fn hash_new(password: Zeroizing<String>, usuario: &str) -> ServiceResult<String> {
    let fits = password.chars().count() >= MIN_PASSWORD && password.len() <= MAX_PASSWORD;
    if !fits || is_easy(&password, usuario) {
        return Err(ServiceError::Invalid { field: Field::NewPassword });
    }
    let hash = tokio::task::spawn_blocking(move || hash_password(password.as_bytes())).await.map_err(unexpected)?;
    Ok(hash.0)
}

impl StaffDoor {
    /// Refuses unless this is the password of whoever holds the session. Counted with the wrong log-ins: a
    /// session left open is no place to guess either. The caller forgets the count once all is right.
    pub(super) async fn prove(&self, who: &Insider, password: Zeroizing<String>) -> ServiceResult<Subject> {
        let user = Subject::new(&self.mac, who.camara, Class::Login, &who.usuario);
        count(&self.db, who.camara, &[&user], self.clock.now()).await?;
        let owner = active(self.db.reader(), who.camara, who.funcionario_id).await?;
        if compare(vec![owner.map(|owner| owner.clave_hash)], password).await? == [true] {
            return Ok(user);
        }
        let txn = self.db.write().await.map_err(unexpected)?;
        let (now, action) = (self.clock.now(), Action::IngresoFallido);
        record(&txn, who.camara, now, &who.usuario, action, String::new()).await.map_err(unexpected)?;
        txn.commit().await.map_err(unexpected)?;
        Err(ServiceError::WrongLogin)
    }

    /// Changes the password of whoever holds the session. Every session ends; the answer is a new one.
    ///
    /// # Errors
    /// [`ServiceError::WrongLogin`] when the present one is not right, [`ServiceError::TooManyTries`];
    /// [`ServiceError::Invalid`] when the new one is too short, too easy or the same.
    pub async fn change_password(
        &self,
        who: &Insider,
        present: Zeroizing<String>,
        new: Zeroizing<String>,
    ) -> ServiceResult<SessionToken> {
        if who.stage != Stage::Plena {
            return Err(ServiceError::NoSession);
        }
        let same = present == new;
        let user = self.prove(who, present).await?;
        if same {
            return Err(ServiceError::Invalid { field: Field::NewPassword });
        }
        let hash = hash_new(new, &who.usuario).await?;
        let now = self.clock.now();
        let txn = self.db.write().await.map_err(unexpected)?;
        funcionarios::Entity::update_many()
            .col_expr(funcionarios::Column::ClaveHash, Expr::value(hash))
            .filter(funcionarios::Column::Camara.eq(who.camara.as_str()))
            .filter(funcionarios::Column::Id.eq(who.funcionario_id))
            .exec(&txn)
            .await
            .map_err(unexpected)?;
        end_sessions(&txn, who.camara, who.funcionario_id).await?;
        let token = open_session(&txn, who.camara, who.funcionario_id, Stage::Plena, now).await?;
        limits::forget(&txn, who.camara, &user).await?;
        record(&txn, who.camara, now, &who.usuario, Action::ClaveCambiada, String::new()).await.map_err(unexpected)?;
        txn.commit().await.map_err(unexpected)?;
        Ok(token)
    }
}

#[cfg(test)]
mod tests {
    use super::is_easy;

    #[test]
    fn what_everybody_would_try_first_is_too_easy_and_sentences_are_not() {
        for easy in [
            "123456789012",
            "abcdefghijkl",
            "aaaaaaaaaaaa",
            "ababababababab",
            "clavesegura1",
            "Clave.Segura.2026",
            "CamaraDeComercio1",
            "qwertyuiop123",
            "marta1234567",
            "martamartamarta",
            "Password1234!",
            "987654321098",
        ] {
            assert!(is_easy(easy, "marta"), "{easy}");
        }
        for good in [
            "una clave larga y buena",
            "clave-de-prueba-larga",
            "tres gatos azules",
            "h7Kq2mWz9pLr",
            "correcto caballo grapa",
            "938471650284",
        ] {
            assert!(!is_easy(good, "marta"), "{good}");
        }
    }
}
