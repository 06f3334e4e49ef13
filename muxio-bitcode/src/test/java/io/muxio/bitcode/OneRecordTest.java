package io.muxio.bitcode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The only record of a message has the bytes that its columns would have. */
class OneRecordTest {
  private static final long[] EDGES = {
    0,
    1,
    -1,
    2,
    127,
    128,
    254,
    255,
    256,
    -128,
    -129,
    0x7fff,
    0x8000,
    0xffff,
    0x10000,
    -0x8000,
    -0x8001,
    0x7fff_ffffL,
    0x8000_0000L,
    0xffff_ffffL,
    0x1_0000_0000L,
    Integer.MIN_VALUE,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    0xd7ff,
    0xe000,
    0x10_ffff
  };

  record None() {}

  enum Color {
    RED,
    GREEN,
    BLUE
  }

  record Box<T>(T value, None none) {}

  sealed interface Shape {
    record Dot() implements Shape {}

    record Circle(double radius, @U8 int color) implements Shape {}
  }

  record Scalars(
      boolean bool,
      byte i8,
      short i16,
      int i32,
      long i64,
      float f32,
      double f64,
      char text,
      @U8 int u8,
      @U16 int u16,
      @CodePoint int point,
      @U32 long u32,
      @U64 long u64,
      Integer boxed,
      @U32 Long boxedU32,
      BigInteger wide,
      @U128 BigInteger wideUnsigned,
      String string,
      None none,
      Box<Integer> box,
      Box<Box<String>> boxes) {}

  record WithParts(
      Scalars scalars,
      Color color,
      Shape shape,
      List<Integer> list,
      Optional<Box<Long>> box,
      @U64 BigInteger big) {}

  private static Scalars scalars(Random random) {
    long e = EDGES[random.nextInt(EDGES.length)];
    long f = EDGES[random.nextInt(EDGES.length)];
    int point = (int) (e & 0xf_ffff);
    point = point >= 0xd800 && point < 0xe000 ? 7 : point;
    char text = (char) f;
    return new Scalars(
        random.nextBoolean(),
        (byte) e,
        (short) f,
        (int) e,
        f,
        Float.intBitsToFloat((int) e),
        Double.longBitsToDouble(f),
        Character.isSurrogate(text) ? 'x' : text,
        (int) e & 0xff,
        (int) f & 0xffff,
        point,
        e & 0xffff_ffffL,
        f,
        (int) f,
        f & 0xffff_ffffL,
        BigInteger.valueOf(e).multiply(BigInteger.valueOf(f)),
        BigInteger.valueOf(e).abs().multiply(BigInteger.valueOf(f).abs()),
        "\u00e4".repeat(random.nextInt(300)),
        new None(),
        new Box<>((int) e, new None()),
        new Box<>(new Box<>("" + f, new None()), new None()));
  }

  @Test
  void asTheColumns() {
    Random random = new Random(5);
    BitcodeCodec<Scalars> codec = Bitcode.codec(Scalars.class);
    BitcodeCodec<WithParts> parts = Bitcode.codec(WithParts.class);
    assertThat(codec.flat()).isTrue();
    for (int i = 0; i < 3000; i++) {
      Scalars value = scalars(random);
      check(codec, value);
      check(
          parts,
          new WithParts(
              value,
              Color.values()[random.nextInt(3)],
              random.nextBoolean() ? new Shape.Dot() : new Shape.Circle(value.f64(), value.u8()),
              List.of(1, value.i32()),
              random.nextBoolean()
                  ? Optional.empty()
                  : Optional.of(new Box<>(value.i64(), new None())),
              BigInteger.valueOf(value.u16())));
    }
    check(Bitcode.codec(None.class), new None());
  }

  private static <T> void check(BitcodeCodec<T> codec, T value) {
    byte[] one = codec.encode(value);
    BitcodeCodec<List<T>> list = Bitcode.list(codec);
    if (!codec.zeroSized()) {
      byte[] columns = list.encode(List.of(value));
      assertThat(one).isEqualTo(Arrays.copyOfRange(columns, 1, columns.length));
      assertThat(list.decode(columns)).containsExactly(value);
    }
    assertThat(codec.decode(one)).isEqualTo(value);
    byte[] longer = Arrays.copyOf(one, one.length + 1);
    assertThatExceptionOfType(BitcodeException.class).isThrownBy(() -> codec.decode(longer));
    if (one.length > 0) {
      byte[] shorter = Arrays.copyOf(one, one.length - 1);
      assertThatExceptionOfType(BitcodeException.class).isThrownBy(() -> codec.decode(shorter));
    }
  }

  /** What is damaged is refused, or means the same, in both ways. */
  @Test
  void damagedAsTheColumns() {
    Random random = new Random(6);
    BitcodeCodec<Scalars> codec = Bitcode.codec(Scalars.class);
    BitcodeCodec<List<Scalars>> list = Bitcode.list(codec);
    for (int i = 0; i < 20000; i++) {
      byte[] bytes = list.encode(List.of(scalars(random)));
      int at = 1 + random.nextInt(Math.min(bytes.length - 1, 90));
      bytes[at] = (byte) (random.nextBoolean() ? random.nextInt(12) : random.nextInt());
      Object columns = outcome(() -> list.decode(bytes).get(0));
      Object one = outcome(() -> codec.decode(Arrays.copyOfRange(bytes, 1, bytes.length)));
      assertThat(one).isEqualTo(columns);
    }
  }

  private static Object outcome(java.util.function.Supplier<?> decoding) {
    try {
      return decoding.get();
    } catch (BitcodeException e) {
      return "refused";
    }
  }
}
