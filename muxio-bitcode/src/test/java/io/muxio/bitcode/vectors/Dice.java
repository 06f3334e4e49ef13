package io.muxio.bitcode.vectors;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;

/**
 * Random parts of values, near to where their packing changes: extremes, narrow ranges anywhere,
 * lists of no, one, few and many elements.
 */
public final class Dice {
  private static final int WIDEST_BITS = 128;

  /** How many values a narrow range has; of a byte, each of these is packed in its own way. */
  private static final int[] SPANS = {1, 2, 3, 4, 6, 16, 17, 200, 256, 257, 70_000};

  /** Around the lengths that need a header, may have a minimum, and are escaped. */
  private static final int[] LENGTHS = {0, 0, 1, 1, 2, 3, 5, 6, 7, 9, 40, 254, 255, 256};

  /** Lists in lists are short, or the messages would be long. */
  private static final int INNER_LENGTHS = 8;

  private static final int[] CHARACTERS = {
    0, 0x7f, 0xff, 0xd7ff, 0xe000, 0xffff, 0x10000, 0x10ffff
  };

  private final Random random;
  private int depth;
  private BigInteger base = BigInteger.ZERO;

  /** Null if the values are spread over all of their type. */
  private BigInteger span;

  public Dice(long seed) {
    random = new Random(seed);
    changeRange();
  }

  /** Draws one value of a type, with ranges of its own. */
  public <T> T value(JsonType<T> type) {
    changeRange();
    return type.draw().apply(this);
  }

  boolean bool() {
    return random.nextBoolean();
  }

  int index(int bound) {
    return random.nextInt(bound);
  }

  /** A number of so many bits, in two's complement if signed. */
  BigInteger integer(int bits, boolean signed) {
    BigInteger number =
        span == null ? anywhere(bits) : base.add(new BigInteger(WIDEST_BITS, random).mod(span));
    BigInteger range = BigInteger.ONE.shiftLeft(bits);
    BigInteger unsigned = number.mod(range);
    return signed && unsigned.testBit(bits - 1) ? unsigned.subtract(range) : unsigned;
  }

  /** A code point that is a character. */
  int character() {
    return switch (random.nextInt(4)) {
      case 0 -> CHARACTERS[random.nextInt(CHARACTERS.length)];
      case 1 -> 0x3b1 + random.nextInt(25);
      case 2 -> 0x1f600 + random.nextInt(16);
      default -> ' ' + random.nextInt(95);
    };
  }

  String text() {
    StringBuilder text = new StringBuilder();
    list(-1, dice -> dice.character()).forEach(text::appendCodePoint);
    return text.toString();
  }

  /** Elements: so many, or if the length is negative, any number. */
  <T> List<T> list(int length, Function<Dice, T> element) {
    int count =
        length >= 0 ? length : LENGTHS[random.nextInt(depth == 0 ? LENGTHS.length : INNER_LENGTHS)];
    List<T> list = new ArrayList<>();
    depth++;
    for (int i = 0; i < count; i++) {
      list.add(element.apply(this));
    }
    depth--;
    return list;
  }

  private BigInteger anywhere(int bits) {
    return switch (random.nextInt(6)) {
      case 0 -> BigInteger.ZERO;
      case 1 -> BigInteger.ONE.negate();
      case 2 -> BigInteger.ONE.shiftLeft(bits - 1);
      case 3 -> BigInteger.ONE.shiftLeft(bits - 1).subtract(BigInteger.ONE);
      default -> new BigInteger(1 + random.nextInt(bits), random);
    };
  }

  private void changeRange() {
    base =
        random.nextInt(3) == 0
            ? BigInteger.ZERO
            : new BigInteger(1 + random.nextInt(WIDEST_BITS), random);
    span = random.nextInt(3) == 0 ? null : BigInteger.valueOf(SPANS[random.nextInt(SPANS.length)]);
  }
}
