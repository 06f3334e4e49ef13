//! Draws random values of many types and prints them as vectors, or checks the vectors of others, with the published
//! crate `bitcode`.

mod catalog;
mod check;
mod containers;
mod dice;
mod records;
mod scalars;
mod shape;

use dice::Dice;
use std::{
    io::{self, Write},
    process::exit,
};

const USAGE: &str = "usage: bitcode-shapes --seed N --rounds M
       bitcode-shapes --check";

fn main() {
    let words: Vec<_> = std::env::args().skip(1).collect();
    let words: Vec<_> = words.iter().map(String::as_str).collect();
    let outcome = match words[..] {
        ["--check"] => check::run(io::stdin().lock()),
        ["--seed", seed, "--rounds", rounds] => draw(number(seed), number(rounds)).map(|()| true),
        _ => misused("unknown arguments"),
    };
    exit(match outcome {
        Ok(true) => 0,
        Ok(false) => 1,
        Err(why) => {
            eprintln!("bitcode-shapes: {why}");
            1
        }
    });
}

/// A value of each shape a round.
fn draw(seed: u64, rounds: u64) -> io::Result<()> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    let mut dice = Dice::new(seed);
    let entries = catalog::all();
    for _ in 0..rounds {
        for entry in &entries {
            let value = (entry.draw)(&mut dice);
            let hex: String = value.bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            writeln!(out, "{{\"type\":\"{}\",\"value\":{},\"hex\":\"{hex}\"}}", entry.name, value.json)?;
        }
    }
    out.flush()
}

fn number(word: &str) -> u64 {
    word.parse().unwrap_or_else(|_| misused(&format!("{word} is not a number below 2^64")))
}

fn misused(why: &str) -> ! {
    eprintln!("bitcode-shapes: {why}\n{USAGE}");
    exit(2)
}
