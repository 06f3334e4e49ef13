//! Reads vectors that others wrote, and says what the crate makes of them.

use crate::catalog::{self, Entry};
use serde_json::Value;
use std::{
    collections::HashMap,
    io::{self, BufRead},
    net::Ipv6Addr,
};

/// Prints a line for each vector that fails, and the count; true if none does.
pub fn run(lines: impl BufRead) -> io::Result<bool> {
    let entries: HashMap<_, _> = catalog::all().into_iter().map(|entry| (entry.name.clone(), entry)).collect();
    let (mut passed, mut failed) = (0, 0);
    for (index, line) in lines.lines().enumerate() {
        match check(&line?, &entries) {
            Ok(()) => passed += 1,
            Err(why) => {
                println!("{} {why}", index + 1);
                failed += 1;
            }
        }
    }
    println!("{passed} passed, {failed} failed");
    Ok(failed == 0)
}

fn check(line: &str, entries: &HashMap<String, Entry>) -> Result<(), String> {
    let vector: Value = serde_json::from_str(line).map_err(|why| why.to_string())?;
    let name = vector["type"].as_str().ok_or("no type")?;
    let hex = vector["hex"].as_str().ok_or("no hex")?;
    let bytes = bytes_of(hex).ok_or_else(|| format!("{hex} is not hex"))?;
    let entry = entries.get(name).ok_or_else(|| format!("{name}: unknown type"))?;
    let decoded = (entry.decode)(&bytes).map_err(|why| format!("{name}: {hex} rejected: {why}"))?;

    let mut actual: Value = serde_json::from_str(&decoded.json).map_err(|why| why.to_string())?;
    let mut expected = vector["value"].clone();
    let unordered = name.contains("Hash") || name.contains("BinaryHeap");
    if unordered {
        sort(&mut actual);
        sort(&mut expected);
    }
    if !same(&actual, &expected) {
        return Err(format!("{name}: {hex} decoded as {actual}, expected {expected}"));
    }
    if !unordered && decoded.bytes != bytes {
        return Err(format!("{name}: {actual} encoded as {:02x?}, expected {bytes:02x?}", decoded.bytes));
    }
    Ok(())
}

/// The order of a hash container is not that in which it was decoded.
fn sort(value: &mut Value) {
    match value {
        Value::Array(elements) => {
            elements.iter_mut().for_each(sort);
            elements.sort_by_cached_key(Value::to_string);
        }
        Value::Object(members) => members.values_mut().for_each(sort),
        _ => {}
    }
}

/// IPv6 addresses may be spelled in several ways.
fn same(actual: &Value, expected: &Value) -> bool {
    match (actual, expected) {
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| same(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left.iter().all(|(name, left)| right.get(name).is_some_and(|right| same(left, right)))
        }
        (Value::String(left), Value::String(right)) if left != right => {
            left.parse::<Ipv6Addr>().is_ok_and(|left| right.parse() == Ok(left))
        }
        _ => actual == expected,
    }
}

fn bytes_of(hex: &str) -> Option<Vec<u8>> {
    hex.as_bytes()
        .chunks(2)
        .map(|digits| u8::from_str_radix(std::str::from_utf8(digits).ok().filter(|digits| digits.len() == 2)?, 16).ok())
        .collect()
}
