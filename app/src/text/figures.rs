//! Numbers as they are written in Colombia.

/// `1.234.567`.
#[must_use]
pub fn number(value: u64) -> String {
    let digits = value.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            grouped.push('.');
        }
        grouped.push(digit);
    }
    grouped
}

/// `1 fila`, `2.345 filas`.
#[must_use]
pub fn count(value: u64, one: &str, many: &str) -> String {
    format!("{} {}", number(value), if value == 1 { one } else { many })
}

/// `12,3 %`, with one decimal; a whole of zero gives `0,0 %`.
#[must_use]
pub fn percent(part: u64, whole: u64) -> String {
    let tenths = if whole == 0 { 0 } else { (u128::from(part) * 2000 + u128::from(whole)) / (2 * u128::from(whole)) };
    format!("{},{} %", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_with_points_and_decimal_comma() {
        assert_eq!(number(0), "0");
        assert_eq!(number(999), "999");
        assert_eq!(number(1_000), "1.000");
        assert_eq!(number(1_234_567), "1.234.567");
        assert_eq!(count(1, "fila", "filas"), "1 fila");
        assert_eq!(count(2345, "fila", "filas"), "2.345 filas");
        assert_eq!(percent(1, 3), "33,3 %");
        assert_eq!(percent(2, 3), "66,7 %");
        assert_eq!(percent(5, 0), "0,0 %");
    }
}
