//! Objects as bytes (ISO 32000-1, 7.3), as PDF/A wants them: `obj`, `endobj`, `endstream` each on a line of
//! their own.

use std::io::Write;

use lopdf::{Dictionary, Object, StringFormat};

/// Objects that are no streams, together in one compressed stream (7.5.7).
#[derive(Clone, Default)]
pub(super) struct Packed {
    /// Number and place of each.
    index: String,
    objects: Vec<u8>,
    count: u32,
}

impl Packed {
    /// Adds an object; gives its place among the others.
    pub(super) fn add(&mut self, number: u32, object: &Object) -> u32 {
        self.index.push_str(&format!("{number} {} ", self.objects.len()));
        value(&mut self.objects, object);
        self.objects.push(b'\n');
        self.count += 1;
        self.count - 1
    }

    /// The stream's content, what it holds, and where its first object begins.
    pub(super) fn content(&self) -> (Vec<u8>, u32, usize) {
        ([self.index.as_bytes(), &self.objects].concat(), self.count, self.index.len())
    }
}

/// One numbered object.
pub(super) fn numbered(out: &mut Vec<u8>, number: u32, object: &Object) {
    // Writing to a vector cannot fail.
    let _ = writeln!(out, "{number} 0 obj");
    value(out, object);
    out.extend_from_slice(b"\nendobj\n");
}

fn value(out: &mut Vec<u8>, object: &Object) {
    let _ = match object {
        Object::Null => write!(out, "null"),
        Object::Boolean(value) => write!(out, "{value}"),
        Object::Integer(value) => write!(out, "{value}"),
        Object::Real(value) => write!(out, "{value}"),
        Object::Reference((number, generation)) => write!(out, "{number} {generation} R"),
        Object::Name(bytes) => {
            name(out, bytes);
            Ok(())
        }
        Object::String(bytes, format) => {
            string(out, bytes, format);
            Ok(())
        }
        Object::Array(items) => {
            out.push(b'[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(b' ');
                }
                value(out, item);
            }
            out.push(b']');
            Ok(())
        }
        Object::Dictionary(entries) => {
            dictionary(out, entries);
            Ok(())
        }
        Object::Stream(stream) => {
            let mut entries = stream.dict.clone();
            entries.set("Length", stream.content.len() as i64);
            dictionary(out, &entries);
            out.extend_from_slice(b"\nstream\n");
            out.extend_from_slice(&stream.content);
            out.extend_from_slice(b"\nendstream");
            Ok(())
        }
    };
}

fn dictionary(out: &mut Vec<u8>, entries: &Dictionary) {
    out.extend_from_slice(b"<<");
    for (key, entry) in entries {
        name(out, key);
        out.push(b' ');
        value(out, entry);
    }
    out.extend_from_slice(b">>");
}

fn name(out: &mut Vec<u8>, bytes: &[u8]) {
    out.push(b'/');
    for byte in bytes {
        if byte.is_ascii_graphic() && !b"#()<>[]{}/%".contains(byte) {
            out.push(*byte);
        } else {
            let _ = write!(out, "#{byte:02X}");
        }
    }
}

fn string(out: &mut Vec<u8>, bytes: &[u8], format: &StringFormat) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    if *format == StringFormat::Hexadecimal {
        out.push(b'<');
        out.extend(bytes.iter().flat_map(|byte| [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]));
        out.push(b'>');
        return;
    }
    out.push(b'(');
    for byte in bytes {
        match byte {
            b'(' | b')' | b'\\' => out.extend_from_slice(&[b'\\', *byte]),
            b'\r' => out.extend_from_slice(b"\\r"),
            byte => out.push(*byte),
        }
    }
    out.push(b')');
}

#[cfg(test)]
mod tests {
    use super::*;
    use lopdf::{Stream, dictionary};

    #[test]
    fn objects_are_written_as_the_standard_wants() {
        let written = |object: Object| {
            let mut out = Vec::new();
            numbered(&mut out, 7, &object);
            String::from_utf8(out).unwrap()
        };
        let all = vec![
            Object::Null,
            true.into(),
            (-3).into(),
            Object::Real(0.5),
            Object::Reference((4, 0)),
            Object::Name(b"A B#".to_vec()),
            Object::string_literal("(a\\b)\r"),
            Object::String(vec![0, 0xAF], StringFormat::Hexadecimal),
        ];
        let expected = "7 0 obj\n[null true -3 0.5 4 0 R /A#20B#23 (\\(a\\\\b\\)\\r) <00AF>]\nendobj\n";
        assert_eq!(written(Object::Array(all)), expected);
        let stream = Stream::new(dictionary! { "K" => 1 }, b"x y".to_vec());
        assert_eq!(written(stream.into()), "7 0 obj\n<</K 1/Length 3>>\nstream\nx y\nendstream\nendobj\n");
    }
}
