//! Structs and enums, as applications derive them.

use crate::{
    dice::Dice,
    shape::{Shape, array, named, object},
};
use bitcode::{Decode, Encode};
use std::collections::BTreeMap;

macro_rules! record {
    ($(#[$meta:meta])* $name:ident { $($field:ident: $type:ty),* }) => {
        $(#[$meta])*
        #[derive(Encode, Decode)]
        pub struct $name {
            $($field: $type),*
        }

        impl Shape for $name {
            fn name() -> String {
                format!("struct{{{}}}", named([$((stringify!($field), <$type>::name())),*]))
            }

            fn draw(_dice: &mut Dice) -> Self {
                Self { $($field: Shape::draw(_dice)),* }
            }

            fn json(&self) -> String {
                object([$((stringify!($field), self.$field.json())),*])
            }
        }
    };
    ($name:ident($($field:ident: $type:ty),+)) => {
        #[derive(Encode, Decode)]
        pub struct $name($($type),+);

        impl Shape for $name {
            fn name() -> String {
                format!("struct({})", [$(<$type>::name()),+].join(","))
            }

            fn draw(dice: &mut Dice) -> Self {
                Self($(<$type>::draw(dice)),+)
            }

            fn json(&self) -> String {
                let Self($($field),+) = self;
                array([$($field.json()),+])
            }
        }
    };
}

/// The fields of tuple variants have names here only, so that they can be bound.
macro_rules! choice {
    ($(#[$meta:meta])* $name:ident {
        $($variant:ident $(($($item:ident: $item_type:ty),+))? $({ $($field:ident: $type:ty),+ })?),+
    }) => {
        $(#[$meta])*
        #[derive(Encode, Decode)]
        pub enum $name {
            $($variant $(($($item_type),+))? $({ $($field: $type),+ })?),+
        }

        impl Shape for $name {
            fn name() -> String {
                let variants = [$(
                    String::from(stringify!($variant))
                        $(+ "(" + &[$(<$item_type>::name()),+].join(",") + ")")?
                        $(+ "{" + &named([$((stringify!($field), <$type>::name())),+]) + "}")?
                ),+];
                format!("enum{{{}}}", variants.join(","))
            }

            fn draw(dice: &mut Dice) -> Self {
                let variants: &[fn(&mut Dice) -> Self] = &[$(
                    |_dice| Self::$variant
                        $(($(<$item_type>::draw(_dice)),+))?
                        $({ $($field: Shape::draw(_dice)),+ })?
                ),+];
                variants[dice.below(variants.len())](dice)
            }

            fn json(&self) -> String {
                match self {
                    $(Self::$variant $(($($item),+))? $({ $($field),+ })? => {
                        let [fields, ..] = [
                            $(array([$($item.json()),+]),)?
                            $(object([$((stringify!($field), $field.json())),+]),)?
                            String::from("null"),
                        ];
                        object([(stringify!($variant), fields)])
                    })+
                }
            }
        }
    };
}

record!(Nothing {});
record!(Pair(a: u8, b: i8));
record!(Numbers { numbers: Vec<f64> });
record!(Entries { entries: Vec<(Vec<u8>, Vec<u8>)> });
record!(Integers { a: u8, b: i8, c: u16, d: i16, e: u32, f: i32, g: u64, h: i64, i: u128, j: i128 });
record!(Person { name: String, age: u8, mail: Option<String>, tags: Vec<String> });
record!(
    #[derive(Clone, Debug, Hash, PartialEq, Eq, PartialOrd, Ord)]
    Key { ns: u8, name: String }
);
record!(Reading { ts: u64, sensor: u16, val: f64, ok: bool });
record!(Report { readings: Vec<Reading>, unit: String, status: Four, first: Option<Reading> });
record!(Deep { v: Vec<Vec<Vec<u16>>>, m: BTreeMap<String, Vec<Option<i32>>>, n: Nothing, p: Pair });
record!(Mixed { flag: bool, choice: Three, letter: char, small: f32, all: Vec<Seven>, some: Option<Full> });

choice!(One { Only { x: u32, y: Vec<u8> } });
choice!(Two { A, B });
choice!(Three { A, B(a: u8), C { x: u32 } });
choice!(
    #[derive(Clone, Debug, Hash, PartialEq, Eq, PartialOrd, Ord)]
    Four { A, B, C, D }
);
choice!(Five { A(a: u8), B, C, D, E(a: u16, b: u16) });
choice!(Six { A, B(a: bool), C(a: Option<u8>), D { z: [u8; 3] }, E(a: String), F });
choice!(Seven { V0, V1, V2, V3, V4, V5, V6 });
choice!(Full { A(a: u8), B(a: u16), C(a: u32), D(a: u64), E(a: i8), F(a: i32), G { s: String, v: Vec<i16> } });
choice!(Sixteen {
    V0(a: u8), V1, V2, V3, V4, V5, V6, V7, V8 { x: u32, y: String }, V9, V10, V11, V12, V13, V14, V15(a: bool, b: i64)
});
choice!(Seventeen {
    V0, V1, V2, V3, V4, V5, V6, V7, V8, V9, V10, V11, V12, V13, V14, V15, V16(a: Three)
});
