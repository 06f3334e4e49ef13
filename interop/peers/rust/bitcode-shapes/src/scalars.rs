//! The shapes of single values.

use crate::{
    dice::Dice,
    shape::{Shape, object},
};
use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    num::*,
    time::Duration,
};

macro_rules! integer {
    ($($type:ident)*) => {$(
        impl Shape for $type {
            fn name() -> String {
                stringify!($type).into()
            }

            fn draw(dice: &mut Dice) -> Self {
                dice.integer(Self::BITS) as $type
            }

            fn json(&self) -> String {
                self.to_string()
            }
        }
    )*};
}

macro_rules! non_zero {
    ($($type:ident)*) => {$(
        impl Shape for $type {
            fn name() -> String {
                stringify!($type).into()
            }

            fn draw(dice: &mut Dice) -> Self {
                Self::new(dice.integer(Self::BITS) as _).unwrap_or(Self::MAX)
            }

            fn json(&self) -> String {
                self.to_string()
            }
        }
    )*};
}

integer!(u8 i8 u16 i16 u32 i32 u64 i64 u128 i128 usize isize);
non_zero!(NonZeroU8 NonZeroI8 NonZeroU16 NonZeroI16 NonZeroU32 NonZeroI32 NonZeroU64 NonZeroI64 NonZeroU128 NonZeroI128);

/// What is written as one name, and drawn and shown by an expression each.
macro_rules! scalar {
    ($type:ty, $name:literal, $dice:ident => $draw:expr, $value:ident => $json:expr) => {
        impl Shape for $type {
            fn name() -> String {
                $name.into()
            }

            fn draw($dice: &mut Dice) -> Self {
                $draw
            }

            fn json(&self) -> String {
                let $value = self;
                $json
            }
        }
    };
}

fn text(value: &str) -> String {
    serde_json::to_string(value).expect("a string is JSON")
}

scalar!((), "()", _dice => (), _value => "null".into());
scalar!(bool, "bool", dice => dice.bool(), value => value.to_string());
scalar!(char, "char", dice => dice.character(), value => text(&value.to_string()));
scalar!(String, "String", dice => dice.list(Dice::character), value => text(value));
scalar!(Box<str>, "Box<str>", dice => String::draw(dice).into(), value => text(value));
scalar!(f32, "f32", dice => f32::from_bits(u32::draw(dice)), value => format!("{{\"f32bits\":\"{:08x}\"}}", value.to_bits()));
scalar!(f64, "f64", dice => f64::from_bits(u64::draw(dice)), value => format!("{{\"f64bits\":\"{:016x}\"}}", value.to_bits()));
scalar!(Ipv4Addr, "Ipv4Addr", dice => u32::draw(dice).into(), value => text(&value.to_string()));
scalar!(Ipv6Addr, "Ipv6Addr", dice => u128::draw(dice).into(), value => text(&value.to_string()));
scalar!(
    IpAddr,
    "IpAddr",
    dice => if dice.bool() { Ipv4Addr::draw(dice).into() } else { Ipv6Addr::draw(dice).into() },
    value => match value {
        IpAddr::V4(address) => object([("V4", address.json())]),
        IpAddr::V6(address) => object([("V6", address.json())]),
    }
);
scalar!(
    Duration,
    "Duration",
    dice => Duration::new(u64::draw(dice), u32::draw(dice) % 1_000_000_000),
    value => object([("secs", value.as_secs().to_string()), ("nanos", value.subsec_nanos().to_string())])
);
