//! Random parts of values, near to where their packing changes: extremes, narrow ranges anywhere, lists of no, one, few
//! and many elements.

/// How many values a narrow range has; of a byte, each of these is packed in its own way.
const SPANS: [u128; 11] = [1, 2, 3, 4, 6, 16, 17, 200, 256, 257, 70_000];

/// Around the lengths that need a header, may have a minimum, and are escaped.
const LENGTHS: [usize; 14] = [0, 0, 1, 1, 2, 3, 5, 6, 7, 9, 40, 254, 255, 256];

/// Lists in lists are short, or the messages would be long.
const INNER_LENGTHS: usize = 8;

const CHARACTERS: [u32; 8] = [0, 0x7f, 0xff, 0xd7ff, 0xe000, 0xffff, 0x1_0000, 0x10_ffff];

pub struct Dice {
    state: u64,
    depth: usize,
    base: u128,
    /// None if the values are spread over all of their type.
    span: Option<u128>,
}

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self { state: seed, depth: 0, base: 0, span: None }
    }

    /// Each value has ranges of its own.
    pub fn change_range(&mut self) {
        let wide = self.wide();
        let bits = self.below(128);
        self.base = if self.below(3) == 0 { 0 } else { wide >> bits };
        self.span = if self.below(3) == 0 { None } else { Some(SPANS[self.below(SPANS.len())]) };
    }

    pub fn bool(&mut self) -> bool {
        self.below(2) == 1
    }

    pub fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }

    /// A number whose lowest bits make a number of so many bits, signed or not.
    pub fn integer(&mut self, bits: u32) -> u128 {
        match self.span {
            Some(span) => self.base.wrapping_add(self.wide() % span),
            None => match self.below(6) {
                0 => 0,
                1 => u128::MAX,
                2 => 1 << (bits - 1),
                3 => (1 << (bits - 1)) - 1,
                _ => self.wide() >> (128 - 1 - self.below(bits as usize)),
            },
        }
    }

    pub fn character(&mut self) -> char {
        let code = match self.below(4) {
            0 => CHARACTERS[self.below(CHARACTERS.len())],
            1 => 0x3b1 + self.below(25) as u32,
            2 => 0x1_f600 + self.below(16) as u32,
            _ => u32::from(b' ') + self.below(95) as u32,
        };
        char::from_u32(code).expect("all of them are characters")
    }

    pub fn list<T, L: FromIterator<T>>(&mut self, element: impl Fn(&mut Self) -> T) -> L {
        let choices = if self.depth == 0 { LENGTHS.len() } else { INNER_LENGTHS };
        let length = LENGTHS[self.below(choices)];
        self.depth += 1;
        let list = (0..length).map(|_| element(self)).collect();
        self.depth -= 1;
        list
    }

    fn wide(&mut self) -> u128 {
        u128::from(self.next()) << 64 | u128::from(self.next())
    }

    /// SplitMix64.
    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }
}
