//! How keys and values stand in a script and in its results. The Python program has the same notation.

/// Longer ones are told by their length and their CRC-32.
const LONGEST_IN_FULL: usize = 32;

/// A prime, so that bytes that come back in another place are not the same.
const PERIOD: usize = 4093;

/// `-` is no bytes, `fill:LENGTH:SEED` that many that look random, anything else is hexadecimal.
pub fn bytes(word: &str) -> Result<Vec<u8>, String> {
    let read = || match word.split(':').collect::<Vec<_>>()[..] {
        ["-"] => Some(Vec::new()),
        ["fill", length, seed] => Some(filled(length.parse().ok()?, seed.parse().ok()?)),
        [hex] if !hex.is_empty() && hex.is_ascii() && hex.len().is_multiple_of(2) => {
            (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).ok()).collect()
        }
        _ => None,
    };
    read().ok_or_else(|| format!("{word}: expected hexadecimal bytes, - or fill:LENGTH:SEED"))
}

/// The same bytes for the same seed.
pub fn filled(length: usize, seed: u32) -> Vec<u8> {
    let mut state = seed;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    let period: Vec<u8> = (0..PERIOD.min(length)).map(|_| next()).collect();
    period.into_iter().cycle().take(length).collect()
}

pub fn value(bytes: &[u8]) -> String {
    match bytes.len() {
        0 => "-".into(),
        1..=LONGEST_IN_FULL => bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
        length => format!("{length}:{:08x}", crc32fast::hash(bytes)),
    }
}

pub fn value_or_none(bytes: &Option<Vec<u8>>) -> String {
    bytes.as_deref().map_or_else(|| "none".into(), value)
}
