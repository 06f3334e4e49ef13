//! The shapes that are drawn and checked.

use crate::{dice::Dice, records::*, shape::Shape};
use std::{
    collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet, LinkedList, VecDeque},
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    num::*,
    rc::Rc,
    time::Duration,
};

/// A value as JSON, and the bytes that the crate makes of it.
pub struct Encoded {
    pub json: String,
    pub bytes: Vec<u8>,
}

pub struct Entry {
    pub name: String,
    pub draw: fn(&mut Dice) -> Encoded,
    /// Decodes and encodes again.
    pub decode: fn(&[u8]) -> Result<Encoded, bitcode::Error>,
}

fn entry<T: Shape>() -> Entry {
    fn encoded<T: Shape>(value: T) -> Encoded {
        Encoded { json: value.json(), bytes: bitcode::encode(&value) }
    }
    Entry {
        name: T::name(),
        draw: |dice| {
            dice.change_range();
            encoded(T::draw(dice))
        },
        decode: |bytes| bitcode::decode::<T>(bytes).map(encoded),
    }
}

macro_rules! entries {
    ($($type:ty,)*) => {
        vec![$(entry::<$type>()),*]
    };
}

pub fn all() -> Vec<Entry> {
    let mut all = scalars();
    all.extend(lists());
    all.extend(composites());
    all
}

fn scalars() -> Vec<Entry> {
    entries! {
        (), bool, char, String, f32, f64,
        u8, i8, u16, i16, u32, i32, u64, i64, u128, i128, usize, isize,
        NonZeroU8, NonZeroI16, NonZeroU32, NonZeroI64, NonZeroU128, NonZeroI128,
        Duration, Ipv4Addr, Ipv6Addr, IpAddr, Box<str>, Box<u32>, Rc<String>,
    }
}

fn lists() -> Vec<Entry> {
    entries! {
        Vec<()>, Vec<bool>, Vec<char>, Vec<String>, Vec<f32>, Vec<f64>,
        Vec<u8>, Vec<i8>, Vec<u16>, Vec<i16>, Vec<u32>, Vec<i32>, Vec<u64>, Vec<i64>, Vec<u128>, Vec<i128>,
        Vec<usize>, Vec<isize>, Vec<NonZeroI8>, Vec<NonZeroU16>, Vec<NonZeroI32>, Vec<NonZeroU64>,
        Vec<Duration>, Vec<IpAddr>, Vec<Vec<u8>>, Vec<Vec<i64>>, Vec<Vec<Vec<u16>>>, Vec<Vec<String>>, Vec<Vec<()>>,
        VecDeque<u16>, LinkedList<i32>, BinaryHeap<u32>, Box<[u16]>,
        [u8; 0], [(); 3], [u8; 1], [u8; 2], [u8; 3], [u8; 5], [u8; 6], [i8; 7], [u16; 1], [u16; 6], [u32; 7], [i64; 6],
        [u128; 6], [bool; 9], [f32; 3], [f64; 6], [char; 4], [String; 3], [[u8; 2]; 3], [(u8, bool); 4], Vec<[u8; 3]>,
        Vec<[u8; 0]>, [Vec<u8>; 2],
    }
}

fn composites() -> Vec<Entry> {
    entries! {
        Option<u8>, Option<Option<u8>>, Option<()>, Vec<Option<u16>>, Vec<Option<String>>,
        Result<u8, String>, Result<(), ()>, Vec<Result<String, i64>>,
        (u8,), (u8, u16), (u8, bool, String), (u64, u32, u8, i32), Vec<(String, u32)>, (u8, u16, u32, u64, u128, i8),
        (u8, u16, u32, u64, i8, i16, i32, i64, bool, char, f32, f64, String, Vec<u8>, Option<u8>, u128),
        BTreeSet<i16>, BTreeSet<String>, HashSet<u32>, HashSet<String>, HashMap<u16, String>, HashMap<Key, u8>,
        BTreeMap<u8, u8>, BTreeMap<String, u32>, BTreeMap<char, u16>, BTreeMap<Key, Numbers>, BTreeMap<Four, u8>,
        BTreeMap<(u8, String), f64>, BTreeMap<Option<u8>, ()>, BTreeMap<Vec<i8>, bool>,
        BTreeMap<String, BTreeMap<u8, bool>>, BTreeMap<i128, [u8; 2]>,
        Nothing, Pair, Numbers, Entries, Integers, Person, Key, Reading, Report, Deep, Mixed,
        Vec<Nothing>, Vec<Pair>, Vec<Integers>, Vec<Person>, Vec<Reading>, Vec<Report>, Vec<Mixed>,
        One, Two, Three, Four, Five, Six, Seven, Full, Sixteen, Seventeen,
        Vec<One>, Vec<Two>, Vec<Three>, Vec<Four>, Vec<Five>, Vec<Six>, Vec<Seven>, Vec<Full>, Vec<Sixteen>,
        Vec<Seventeen>, Option<Full>, [Three; 6], Vec<Vec<Three>>,
    }
}
