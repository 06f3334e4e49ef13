//! The shapes that contain others.

use crate::{
    dice::Dice,
    shape::{Shape, array, object},
};
use std::{
    collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet, LinkedList, VecDeque},
    hash::Hash,
    rc::Rc,
};

macro_rules! list {
    ($list:ident $(: $first:ident $(+ $more:ident)*)?) => {
        impl<T: Shape $(+ $first $(+ $more)*)?> Shape for $list<T> {
            fn name() -> String {
                format!("{}<{}>", stringify!($list), T::name())
            }

            fn draw(dice: &mut Dice) -> Self {
                dice.list(T::draw)
            }

            fn json(&self) -> String {
                array(self.iter().map(T::json))
            }
        }
    };
}

macro_rules! map {
    ($map:ident: $first:ident $(+ $more:ident)*) => {
        impl<K: Shape + $first $(+ $more)*, V: Shape> Shape for $map<K, V> {
            fn name() -> String {
                format!("{}<{},{}>", stringify!($map), K::name(), V::name())
            }

            fn draw(dice: &mut Dice) -> Self {
                dice.list(|dice| (K::draw(dice), V::draw(dice)))
            }

            fn json(&self) -> String {
                array(self.iter().map(|(key, value)| array([key.json(), value.json()])))
            }
        }
    };
}

macro_rules! tuple {
    ($($type:ident)+) => {
        #[allow(non_snake_case)]
        impl<$($type: Shape),+> Shape for ($($type,)+) {
            fn name() -> String {
                let names = [$($type::name()),+];
                let last = if names.len() == 1 { "," } else { "" };
                format!("({}{last})", names.join(","))
            }

            fn draw(dice: &mut Dice) -> Self {
                ($($type::draw(dice),)+)
            }

            fn json(&self) -> String {
                let ($($type,)+) = self;
                array([$($type.json()),+])
            }
        }
    };
}

list!(Vec);
list!(VecDeque);
list!(LinkedList);
list!(BinaryHeap: Ord);
list!(BTreeSet: Ord);
list!(HashSet: Hash + Eq);
map!(BTreeMap: Ord);
map!(HashMap: Hash + Eq);
tuple!(A);
tuple!(A B);
tuple!(A B C);
tuple!(A B C D);
tuple!(A B C D E F);
tuple!(A B C D E F G H I J K L M N O P);

impl<T: Shape, const N: usize> Shape for [T; N] {
    fn name() -> String {
        format!("[{};{N}]", T::name())
    }

    fn draw(dice: &mut Dice) -> Self {
        std::array::from_fn(|_| T::draw(dice))
    }

    fn json(&self) -> String {
        array(self.iter().map(T::json))
    }
}

impl<T: Shape> Shape for Option<T> {
    fn name() -> String {
        format!("Option<{}>", T::name())
    }

    fn draw(dice: &mut Dice) -> Self {
        dice.bool().then(|| T::draw(dice))
    }

    fn json(&self) -> String {
        self.as_ref().map_or("null".into(), |content| object([("some", content.json())]))
    }
}

impl<T: Shape, E: Shape> Shape for Result<T, E> {
    fn name() -> String {
        format!("Result<{},{}>", T::name(), E::name())
    }

    fn draw(dice: &mut Dice) -> Self {
        if dice.bool() { Ok(T::draw(dice)) } else { Err(E::draw(dice)) }
    }

    fn json(&self) -> String {
        match self {
            Ok(value) => object([("Ok", value.json())]),
            Err(error) => object([("Err", error.json())]),
        }
    }
}

impl<T: Shape> Shape for Box<T> {
    fn name() -> String {
        format!("Box<{}>", T::name())
    }

    fn draw(dice: &mut Dice) -> Self {
        T::draw(dice).into()
    }

    fn json(&self) -> String {
        T::json(self)
    }
}

impl<T: Shape> Shape for Rc<T> {
    fn name() -> String {
        format!("Rc<{}>", T::name())
    }

    fn draw(dice: &mut Dice) -> Self {
        T::draw(dice).into()
    }

    fn json(&self) -> String {
        T::json(self)
    }
}

impl<T: Shape> Shape for Box<[T]> {
    fn name() -> String {
        format!("Box<[{}]>", T::name())
    }

    fn draw(dice: &mut Dice) -> Self {
        Vec::draw(dice).into()
    }

    fn json(&self) -> String {
        array(self.iter().map(T::json))
    }
}
