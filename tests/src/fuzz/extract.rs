//! The registry's extract: any bytes, and real ones with something broken in them.

use std::pin::Pin;
use std::task::{Context, Poll};

use contract::error::ExtractFault;
use proptest::prelude::*;
use server::registry::{Encoding, ExtractReader};
use tokio::io::{AsyncRead, ReadBuf};

use crate::support::registry::{COLUMNS, extract_with, merchant};

/// What a reader made of a file: each row's line and values, or the line rejected.
type Read = Result<Vec<Result<(u64, Vec<String>), u64>>, ExtractFault>;

/// A source that gives so many bytes at a time.
struct Drip<'b> {
    bytes: &'b [u8],
    at_once: usize,
}

impl AsyncRead for Drip<'_> {
    fn poll_read(mut self: Pin<&mut Self>, _: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<std::io::Result<()>> {
        let count = self.at_once.min(self.bytes.len()).min(buf.remaining());
        buf.put_slice(&self.bytes[..count]);
        self.bytes = &self.bytes[count..];
        Poll::Ready(Ok(()))
    }
}

fn read(bytes: &[u8], at_once: usize, encoding: Option<Encoding>, delimiter: Option<u8>) -> Read {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let mut reader = ExtractReader::open(Drip { bytes, at_once }, encoding, delimiter).await?;
        let mut rows = Vec::new();
        while let Some(row) = reader.next().await? {
            rows.push(row.map(|row| (row.line, row.values)).map_err(|reject| reject.line));
            assert!(rows.len() <= bytes.len() + 1, "more rows than bytes");
        }
        Ok(rows)
    })
}

/// Whatever is read: rows of one width, lines that only grow, the same however the bytes arrive.
fn check(bytes: &[u8], at_once: usize, encoding: Option<Encoding>, delimiter: Option<u8>) -> Result<(), TestCaseError> {
    let whole = read(bytes, usize::MAX, encoding, delimiter);
    prop_assert_eq!(&read(bytes, at_once, encoding, delimiter), &whole);
    let Ok(rows) = whole else { return Ok(()) };
    let lines = bytes.iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count() as u64 + 1;
    let mut last = 0;
    for row in &rows {
        let line = row.as_ref().map_or_else(|line| *line, |(line, _)| *line);
        prop_assert!(line > last && line <= lines, "line {} after {} of {}", line, last, lines);
        last = line;
        if let Ok((_, values)) = row {
            prop_assert_eq!(values.len(), COLUMNS.len());
        }
    }
    Ok(())
}

fn encoding() -> impl Strategy<Value = Option<Encoding>> {
    prop::option::of(
        prop::sample::select(vec!["utf-8", "windows-1252", "cp850"]).prop_map(|name| Encoding::parse(name).unwrap()),
    )
}

fn delimiter() -> impl Strategy<Value = Option<u8>> {
    prop::option::of(prop::sample::select(vec![b',', b';', b'|', b'\t']))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn any_bytes_are_read_or_refused(
        bytes in prop::collection::vec(any::<u8>(), 0..2_000), at_once in 1_usize..64, encoding in encoding(), delimiter in delimiter(),
    ) {
        check(&bytes, at_once, encoding, delimiter)?;
    }

    #[test]
    fn any_bytes_below_a_header_are_rows_or_rejects(
        bytes in prop::collection::vec(prop_oneof![any::<u8>(), Just(b'"'), Just(b','), Just(b'\n'), Just(b'\r')], 0..2_000),
        at_once in 1_usize..64, encoding in encoding(),
    ) {
        let mut file = COLUMNS.join(",").into_bytes();
        file.push(b'\n');
        file.extend(bytes);
        check(&file, at_once, encoding, None)?;
    }

    #[test]
    fn an_extract_with_a_break_in_it_harms_nothing_but_its_rows(
        rows in 1_u32..20, at in any::<prop::sample::Index>(), junk in prop::collection::vec(any::<u8>(), 0..20), cut in 0_usize..40,
        separator in prop::sample::select(vec![',', ';', '|', '\t']), at_once in 1_usize..4_000,
    ) {
        let text = extract_with(separator, &(0..rows).map(merchant).collect::<Vec<_>>()).into_bytes();
        let at = at.index(text.len());
        let mut broken = text[..at].to_vec();
        broken.extend(junk);
        broken.extend(&text[(at + cut).min(text.len())..]);
        check(&broken, at_once, None, None)?;
    }

    #[test]
    fn what_is_written_with_quotes_is_read_as_it_was(
        names in prop::collection::vec("[A-Za-zÁÉÍÓÚáéíóúÑñ0-9 .&/;|\"]{1,40}", 1..20), at_once in 1_usize..4_000,
    ) {
        let mut text = COLUMNS.join(",") + "\n";
        for (number, name) in names.iter().enumerate() {
            let quoted = format!("\"{}\"", name.replace('"', "\"\""));
            text.push_str(&merchant(number as u32 + 1).with("razonsocial", &quoted).line(','));
            text.push('\n');
        }
        let column = COLUMNS.iter().position(|name| *name == "razonsocial").unwrap();
        let rows = read(text.as_bytes(), at_once, None, None).unwrap();
        prop_assert_eq!(rows.len(), names.len());
        for (row, name) in rows.iter().zip(&names) {
            let (_, values) = row.as_ref().unwrap();
            prop_assert!(values.iter().any(|value| value == name.trim()), "{:?} of {:?}", name, values[column]);
        }
    }
}
