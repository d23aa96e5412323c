//! Web addresses inside plain text.

/// A piece of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Words.
    Words(&'a str),
    /// A web address.
    Address(&'a str),
}

/// Splits a text at its web addresses; put together again the pieces are the text.
#[must_use]
pub fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(start) = next_address(rest) {
        let (words, from_here) = rest.split_at(start);
        let end =
            from_here.find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"')).unwrap_or(from_here.len());
        let address = from_here[..end].trim_end_matches(['.', ',', ';', ':', ')', '!', '?']);
        if !words.is_empty() {
            found.push(Piece::Words(words));
        }
        found.push(Piece::Address(address));
        rest = &from_here[address.len()..];
    }
    if !rest.is_empty() {
        found.push(Piece::Words(rest));
    }
    found
}

fn next_address(text: &str) -> Option<usize> {
    ["https://", "http://"].iter().filter_map(|scheme| text.find(scheme)).min()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_activation_link_is_found_without_the_full_stop_behind_it() {
        let text = "Siga el enlace (http://localhost:8080/activacion/55).\nGracias";
        assert_eq!(
            pieces(text),
            [
                Piece::Words("Siga el enlace ("),
                Piece::Address("http://localhost:8080/activacion/55"),
                Piece::Words(").\nGracias"),
            ]
        );
    }

    #[test]
    fn nothing_of_the_text_is_lost() {
        for text in ["", "ñandú", "http://", "https://a.co http://b.co", "x http://.", "http://á.co/ñ?q=1&z"] {
            let again: String = pieces(text)
                .into_iter()
                .map(|piece| match piece {
                    Piece::Words(s) | Piece::Address(s) => s,
                })
                .collect();
            assert_eq!(again, text);
        }
    }
}
