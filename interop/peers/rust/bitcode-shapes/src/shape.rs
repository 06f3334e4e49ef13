//! A type: its name in the vectors, random values of it, and how the vectors write them as JSON.

use crate::dice::Dice;
use bitcode::{DecodeOwned, Encode};

pub trait Shape: Encode + DecodeOwned {
    fn name() -> String;
    fn draw(dice: &mut Dice) -> Self;
    fn json(&self) -> String;
}

pub fn array(elements: impl IntoIterator<Item = String>) -> String {
    format!("[{}]", elements.into_iter().collect::<Vec<_>>().join(","))
}

pub fn object<'a>(members: impl IntoIterator<Item = (&'a str, String)>) -> String {
    let members: Vec<_> = members.into_iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
    format!("{{{}}}", members.join(","))
}

/// Without the braces.
pub fn named<'a>(fields: impl IntoIterator<Item = (&'a str, String)>) -> String {
    fields.into_iter().map(|(name, shape)| format!("{name}:{shape}")).collect::<Vec<_>>().join(",")
}
