//! The extract's columns: their names, the other names they go by, which ones must be there.

use contract::error::ExtractFault;

/// What a column holds, as far as reading it differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Kept as it came, without surrounding blanks.
    Plain,
    /// A name: `¥` and bracket escapes are put right.
    Name,
    /// A number whose left zeros are trimmed (those beginning with another sign keep theirs).
    Trimmed,
    /// When SIREP wrote the row: never a change of the merchant.
    Stamp,
}

/// One column of `mreg_est_matriculados`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name in file and table.
    pub name: &'static str,
    /// Whether an extract without it is refused.
    pub required: bool,
    /// What it holds.
    pub kind: Kind,
}

const fn required(name: &'static str, kind: Kind) -> Column {
    Column { name, required: true, kind }
}

const fn optional(name: &'static str, kind: Kind) -> Column {
    Column { name, required: false, kind }
}

/// Every column, the matrícula first. Required are those that selection reads: without one of them
/// merchants would fall out (or lose their data) without anybody noticing. Of the others a missing
/// one leaves the stored values as they are.
pub const COLUMNS: [Column; 28] = [
    required("matricula", Kind::Trimmed),
    required("organizacion", Kind::Plain),
    optional("categoria", Kind::Plain),
    required("estmatricula", Kind::Plain),
    required("razonsocial", Kind::Name),
    required("apellido1", Kind::Name),
    required("apellido2", Kind::Name),
    required("nombre1", Kind::Name),
    required("nombre2", Kind::Name),
    required("idclase", Kind::Plain),
    required("numid", Kind::Trimmed),
    optional("nit", Kind::Plain),
    required("fecmatricula", Kind::Plain),
    optional("fecrenovacion", Kind::Plain),
    required("ultanoren", Kind::Plain),
    optional("feccancelacion", Kind::Plain),
    optional("muncom", Kind::Plain),
    required("telcom1", Kind::Plain),
    required("telcom2", Kind::Plain),
    required("celcom", Kind::Plain),
    required("emailcom", Kind::Plain),
    optional("munnot", Kind::Plain),
    required("telnot", Kind::Plain),
    required("telnot2", Kind::Plain),
    required("celnot", Kind::Plain),
    required("emailnot", Kind::Plain),
    optional("fecsincronizacion", Kind::Stamp),
    optional("horsincronizacion", Kind::Stamp),
];

/// The names of `mreg_est_inscritos` (`sii-facts.md`).
const ALIASES: [(&str, &str); 3] = [("ctrestmatricula", "estmatricula"), ("telcom3", "celcom"), ("telnot3", "celnot")];

/// Delimiters an extract may have.
pub const DELIMITERS: [u8; 4] = [b',', b';', b'|', b'\t'];

/// The longest name of a column that is repeated in a report.
const MAX_NAME: usize = 40;

/// Where each known column stands in this file.
#[derive(Clone, Debug)]
pub struct Header {
    /// For each field of the file its index in [`COLUMNS`]; `None` for one that is ignored.
    pub slots: Vec<Option<usize>>,
    /// The file's own names, known or not, in small letters.
    pub names: Vec<String>,
}

impl Header {
    /// Reads the names of a header.
    ///
    /// # Errors
    /// When a required column is missing or a known one stands twice.
    pub fn parse(fields: &[String]) -> Result<Self, ExtractFault> {
        let names: Vec<String> = fields.iter().map(|field| canonical(field)).collect();
        let slots: Vec<Option<usize>> =
            names.iter().map(|name| COLUMNS.iter().position(|column| column.name == name)).collect();
        let times = |index: usize| slots.iter().filter(|slot| **slot == Some(index)).count();
        let named = |wanted: &dyn Fn(usize, &Column) -> bool| {
            let columns = COLUMNS.iter().enumerate().filter(|(index, column)| wanted(*index, column));
            columns.map(|(_, column)| column.name.to_owned()).collect::<Vec<_>>()
        };
        if let Some(column) = named(&|index, _| times(index) > 1).into_iter().next() {
            return Err(ExtractFault::DuplicateColumn { column });
        }
        let columns = named(&|index, column| column.required && times(index) == 0);
        if columns.is_empty() { Ok(Self { slots, names }) } else { Err(ExtractFault::MissingColumns { columns }) }
    }

    /// Fields that every row must have.
    #[must_use]
    pub fn width(&self) -> usize {
        self.names.len()
    }

    /// The known columns that this file has.
    pub fn present(&self) -> impl Iterator<Item = &'static Column> {
        COLUMNS.iter().enumerate().filter(|(index, _)| self.slots.contains(&Some(*index))).map(|(_, column)| column)
    }
}

/// A header field in small letters, without blanks, under the name the table uses.
fn canonical(field: &str) -> String {
    let name: String = contract::value::clean(field).to_lowercase().chars().take(MAX_NAME).collect();
    ALIASES.iter().find(|(alias, _)| *alias == name).map_or(name, |(_, own)| (*own).to_owned())
}

/// The delimiter of a header line: the one that makes most known columns appear, else the one that
/// stands most often. `None` when the line holds none of them.
#[must_use]
pub fn detect_delimiter(header: &str) -> Option<u8> {
    let known = |delimiter: u8| {
        let names = header.split(char::from(delimiter)).map(|field| canonical(field.trim().trim_matches('"')));
        names.filter(|name| COLUMNS.iter().any(|column| column.name == name)).count()
    };
    DELIMITERS
        .into_iter()
        .map(|delimiter| (known(delimiter), header.bytes().filter(|byte| *byte == delimiter).count(), delimiter))
        .filter(|(_, times, _)| *times > 0)
        .max_by_key(|(known, times, _)| (*known, *times))
        .map(|(_, _, delimiter)| delimiter)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(text: &str) -> Vec<String> {
        text.split(',').map(str::to_owned).collect()
    }

    #[test]
    fn columns_may_come_in_any_order_and_case_and_under_their_other_names() {
        let all = COLUMNS.map(|column| column.name).join(",").to_uppercase();
        let aliased = all
            .replace(",ESTMATRICULA", ",CtrEstMatricula")
            .replace("CELCOM", " telcom3 ")
            .replace("CELNOT", "telnot3");
        let mut reversed = fields(&aliased);
        reversed.reverse();
        reversed.push("DESCONOCIDA".to_owned());
        let header = Header::parse(&reversed).unwrap();
        assert_eq!(header.present().count(), 28);
        assert_eq!((header.slots[27], header.slots[28]), (Some(0), None));
        assert_eq!(header.width(), 29);
    }

    #[test]
    fn what_is_missing_is_named_and_what_stands_twice_too() {
        let without =
            COLUMNS.map(|column| column.name).into_iter().filter(|name| !["numid", "celnot", "munnot"].contains(name));
        let names: Vec<String> = without.map(str::to_owned).collect();
        let columns = vec!["numid".to_owned(), "celnot".to_owned()];
        assert_eq!(Header::parse(&names).unwrap_err(), ExtractFault::MissingColumns { columns });
        let mut twice: Vec<String> = COLUMNS.iter().map(|column| column.name.to_owned()).collect();
        twice.push("telcom3".to_owned());
        assert_eq!(Header::parse(&twice).unwrap_err(), ExtractFault::DuplicateColumn { column: "celcom".to_owned() });
    }

    #[test]
    fn the_delimiter_is_the_one_that_makes_columns_appear() {
        for delimiter in DELIMITERS {
            let line = ["matricula", "\"numid\"", "a,b;c|d", "organizacion"].join(&char::from(delimiter).to_string());
            assert_eq!(detect_delimiter(&line), Some(delimiter));
        }
        assert_eq!(detect_delimiter("matricula"), None);
        assert_eq!(detect_delimiter("a;b;c,d"), Some(b';'));
    }
}
