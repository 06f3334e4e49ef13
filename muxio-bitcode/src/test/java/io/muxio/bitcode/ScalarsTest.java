package io.muxio.bitcode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScalarsTest {
  @Test
  void unsignedNumbersOutOfRangeAreRejected() {
    assertRejects(Bitcode.u8(), 256, "u8 is 256, expected 0 to 255");
    assertRejects(Bitcode.u8(), -1, "u8 is -1, expected 0 to 255");
    assertRejects(Bitcode.u16(), 65_536, "u16 is 65536, expected 0 to 65535");
    assertRejects(Bitcode.u16(), -1, "u16 is -1, expected 0 to 65535");
    assertRejects(Bitcode.u32(), 1L << 32, "u32 is 4294967296, expected 0 to 4294967295");
    assertRejects(Bitcode.u32(), -1L, "u32 is -1, expected 0 to 4294967295");
  }

  @Test
  void unsignedNumbersOutOfRangeAreRejectedInArraysToo() {
    assertRejects(Bitcode.u16Array(), new int[] {1, 65_536}, "u16 is 65536");
    assertRejects(Bitcode.u32Array(), new long[] {1, -1}, "u32 is -1");
    assertRejects(Bitcode.characterArray(), new int[] {'a', 0xd800}, "char is 55296");
  }

  @Test
  void wideNumbersOutOfRangeAreRejected() {
    BigInteger two127 = BigInteger.ONE.shiftLeft(127);
    assertRejects(Bitcode.u128(), BigInteger.ONE.shiftLeft(128), "u128 is 3402823669209384634633");
    assertRejects(Bitcode.u128(), BigInteger.valueOf(-1), "u128 is -1, expected 0 to ");
    assertRejects(Bitcode.i128(), two127, "i128 is 17014118346");
    assertRejects(Bitcode.i128(), two127.negate().subtract(BigInteger.ONE), "i128 is -17014118");
    assertRoundTrip(Bitcode.i128(), two127.negate());
    assertRoundTrip(Bitcode.u128(), two127.shiftLeft(1).subtract(BigInteger.ONE));
  }

  @Test
  void bigUnsignedNumbersAreNegativeLongs() {
    assertThat(Bitcode.u64().encode(-1L)).containsExactly(0, -1, -1, -1, -1, -1, -1, -1, -1);
    assertRoundTrip(Bitcode.u64(), -1L);
    assertRoundTrip(Bitcode.usize(), Long.MIN_VALUE);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0xd800, 0xdfff, 0x110000})
  void onlyScalarValuesAreCharacters(int codePoint) {
    assertRejects(Bitcode.character(), codePoint, "without surrogates");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\ud800", "a\udc00", "\udc00\ud800", "\ud83d?", "ok \ud83d"})
  void loneSurrogatesAreRejected(String text) {
    assertRejects(Bitcode.string(), text, "without its pair");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "plain", "é", "漢字", "😀", "a😀é漢\u0000", "\uFFFD", "\uFFFF"})
  void textSurvives(String text) {
    assertRoundTrip(Bitcode.string(), text);
    assertRoundTrip(Bitcode.string(), text.repeat(300));
  }

  @Test
  void malformedTextIsRejectedAlthoughJavaWouldRepairIt() {
    assertThatThrownBy(() -> Bitcode.string().decode(new byte[] {1, (byte) 0xff}))
        .isInstanceOf(BitcodeException.class)
        .hasMessage("malformed text, expected UTF-8");
  }

  @Test
  void floatsKeepTheirBits() {
    long signalling = 0x7ff0_0000_0000_0001L;
    double[] doubles = {Double.longBitsToDouble(signalling), -0.0, Double.MIN_VALUE};
    double[] decoded = Bitcode.f64Array().decode(Bitcode.f64Array().encode(doubles));
    assertThat(Double.doubleToRawLongBits(decoded[0])).isEqualTo(signalling);
    assertThat(Double.doubleToRawLongBits(decoded[1])).isEqualTo(Long.MIN_VALUE);
    assertThat(decoded[2]).isEqualTo(Double.MIN_VALUE);
    float[] floats = {Float.intBitsToFloat(0x7f80_0001), -0.0f};
    float[] decodedFloats = Bitcode.f32Array().decode(Bitcode.f32Array().encode(floats));
    assertThat(Float.floatToRawIntBits(decodedFloats[0])).isEqualTo(0x7f80_0001);
    assertThat(Float.floatToRawIntBits(decodedFloats[1])).isEqualTo(Integer.MIN_VALUE);
  }

  @Test
  void zeroIsRejectedOnBothSides() {
    BitcodeCodec<Integer> codec = Bitcode.nonZero(Bitcode.u8());
    assertRejects(codec, 0, "0, expected any other number");
    assertThatThrownBy(() -> codec.decode(new byte[] {0})).isInstanceOf(BitcodeException.class);
    assertRoundTrip(codec, 7);
    assertThat(codec).hasToString("NonZero<u8>");
  }

  @Test
  void durations() {
    assertRoundTrip(Bitcode.duration(), Duration.ofSeconds(Long.MAX_VALUE, 999_999_999));
    assertRejects(Bitcode.duration(), Duration.ofNanos(-1), "secs: PT-0.000000001S, expected 0");
  }

  @Test
  void unitTakesNoBytes() {
    assertThat(Bitcode.unit().encode(Unit.UNIT)).isEmpty();
    assertThat(Bitcode.unit().decode(new byte[0])).isEqualTo(Unit.UNIT);
    assertThatThrownBy(() -> Bitcode.unit().decode(new byte[1]))
        .isInstanceOf(BitcodeException.class)
        .hasMessage("1 bytes left over, expected the end of the message");
  }

  private static <T> void assertRoundTrip(BitcodeCodec<T> codec, T value) {
    assertThat(codec.decode(codec.encode(value))).isEqualTo(value);
  }

  private static <T> void assertRejects(BitcodeCodec<T> codec, T value, String message) {
    assertThatThrownBy(() -> codec.encode(value))
        .isInstanceOf(BitcodeException.class)
        .hasMessageContaining(message);
  }
}
