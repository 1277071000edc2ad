use super::*;

/// Gives one byte at a time, as a slow pipe may.
struct Drip<'a>(&'a [u8]);

impl Read for Drip<'_> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let count = self.0.len().min(1).min(out.len());
        let (now, later) = self.0.split_at(count);
        out[..count].copy_from_slice(now);
        self.0 = later;
        Ok(count)
    }
}

fn keys(bytes: &[u8]) -> Result<Vec<String>, JsonError> {
    let mut cursor = Cursor::new(Drip(bytes));
    let mut keys = Vec::new();
    cursor.members(|cursor, key| {
        keys.push(key.to_owned());
        cursor.skip()
    })?;
    Ok(keys)
}

#[test]
fn members_come_in_order_whatever_the_blanks() {
    assert_eq!(keys(b" {\"a\" : 1,\n\"b\":[1, {\"x\":null}] , \"c\":\"}\"}").unwrap(), ["a", "b", "c"]);
    assert!(keys(b"{}").unwrap().is_empty());
}

#[test]
fn a_cut_stream_is_truncated_wherever_it_is_cut() {
    let whole = br#"{"a":[1,2,{"b":"text"}],"n":12.5e3,"t":true}"#;
    for length in 0..whole.len() {
        assert!(matches!(keys(&whole[..length]), Err(JsonError::Truncated(_))), "cut at {length}");
    }
    assert_eq!(keys(whole).unwrap().len(), 3);
}

#[test]
fn bad_json_is_refused_in_parts_nobody_reads() {
    for text in [&b"{\"a\":[1,]}"[..], b"{\"a\":01}", b"{\"a\" 1}", b"{\"a\":1 \"b\":2}", b"{\"a\":tru}", b"{,}", b"{\"a\":1,}"] {
        assert!(matches!(keys(text), Err(JsonError::Invalid { .. })), "{}", String::from_utf8_lossy(text));
    }
}

#[test]
fn a_value_larger_than_the_buffer_is_read_whole() {
    let long = "x".repeat(3 * BUFFER);
    let text = format!("{{\"long\":\"{long}\",\"after\":[{}]}}", vec!["1"; 200_000].join(","));
    let mut cursor = Cursor::new(text.as_bytes());
    let mut seen = Vec::new();
    cursor
        .members(|cursor, key| {
            seen.push((
                key.to_owned(),
                if key == "long" {
                    cursor.value(|de| <String as serde::Deserialize>::deserialize(de))?.len()
                } else {
                    cursor.skip().map(|()| 0)?
                },
            ));
            Ok(())
        })
        .unwrap();
    assert_eq!(seen, [("long".to_owned(), 3 * BUFFER), ("after".to_owned(), 0)]);
}

#[test]
fn nesting_is_bounded_where_it_is_stepped_into() {
    let mut cursor = Cursor::new(std::io::repeat(b'[').take(1 << 16));
    assert!(matches!(cursor.skip(), Err(JsonError::TooDeep(_))));
}
