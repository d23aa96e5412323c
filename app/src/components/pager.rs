//! Lists whose state stands in the address: their links and their pager.

use leptos::prelude::*;

use crate::text;

/// An address with a query; empty values are left out.
#[must_use]
pub fn address(path: &str, query: &[(&str, &str)]) -> String {
    let pairs: Vec<String> = query
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{name}={}", percent_encode(value)))
        .collect();
    if pairs.is_empty() { path.to_owned() } else { format!("{path}?{}", pairs.join("&")) }
}

/// RFC 3986 §2.3: everything but the unreserved characters.
#[must_use]
pub fn percent_encode(text: &str) -> String {
    text.bytes().fold(String::with_capacity(text.len()), |mut encoded, byte| {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
        encoded
    })
}

/// «Página 2 de 7», with the ways to the pages beside it.
#[component]
pub fn Pager(
    /// This page, from 1.
    page: u64,
    /// How many there are.
    pages: u64,
    /// Rows over all pages, in words.
    #[prop(into)]
    total: String,
    /// The address of a page.
    href: impl Fn(u64) -> String,
) -> impl IntoView {
    let before = (page > 1).then(|| href(page.min(pages + 1) - 1));
    let after = (page < pages).then(|| href(page + 1));
    view! {
        <nav class="pager" aria-label="Páginas de la lista">
            <span>{total}</span>
            <span class="cluster">
                {before.map(|href| view! { <a class="button button--small" href=href rel="prev">"Anterior"</a> })}
                <span>"Página " {text::number(page)} " de " {text::number(pages)}</span>
                {after.map(|href| view! { <a class="button button--small" href=href rel="next">"Siguiente"</a> })}
            </span>
        </nav>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_leaves_out_what_is_empty_and_escapes_the_rest() {
        assert_eq!(address("/consola", &[("ano", "")]), "/consola");
        assert_eq!(
            address("/consola", &[("buscar", "peña & hijos"), ("ano", "2026")]),
            "/consola?buscar=pe%C3%B1a%20%26%20hijos&ano=2026"
        );
    }
}
