package io.muxio.bitcode;

import static io.muxio.bitcode.Bitcode.bytes;
import static io.muxio.bitcode.Bitcode.f64;
import static io.muxio.bitcode.Bitcode.f64Array;
import static io.muxio.bitcode.Bitcode.list;
import static io.muxio.bitcode.Bitcode.string;
import static io.muxio.bitcode.Bitcode.u8;
import static io.muxio.bitcode.Enums.enumOf;
import static io.muxio.bitcode.Structs.field;
import static io.muxio.bitcode.Structs.struct;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

@SuppressWarnings("ArrayRecordComponent") // The arrays are the point, and nobody compares them.
class StructsTest {
  record Add(double[] numbers) {}

  record Sum(double sum) {}

  enum Code {
    FAIL,
    SYSTEM,
    NOT_FOUND
  }

  record Failure(Code code, String message) {}

  record Entry(byte[] key, byte[] payload) {}

  static final BitcodeCodec<Add> ADD = struct(Add::new, field("numbers", Add::numbers, f64Array()));
  static final BitcodeCodec<Sum> SUM = struct(Sum::new, field("sum", Sum::sum, f64()));
  static final BitcodeCodec<Failure> FAILURE =
      struct(
          Failure::new,
          field("code", Failure::code, enumOf(Code.class)),
          field("message", Failure::message, string()));
  static final BitcodeCodec<Entry> ENTRY =
      struct(
          Entry::new, field("key", Entry::key, bytes()), field("payload", Entry::payload, bytes()));

  @Test
  void writesTheBytesOfThePublishedServices() {
    assertThat(hex(ADD.encode(new Add(new double[] {8, 3, 7}))))
        .isEqualTo("0300000000000000204000000000000008400000000000001c40");
    assertThat(hex(ADD.encode(new Add(new double[0])))).isEqualTo("00");
    assertThat(hex(SUM.encode(new Sum(18)))).isEqualTo("000000000000003240");
    assertThat(hex(SUM.encode(new Sum(0)))).isEqualTo("0600");
    assertThat(hex(FAILURE.encode(new Failure(Code.NOT_FOUND, "no such method"))))
        .isEqualTo("020e6e6f2073756368206d6574686f64");
    assertThat(hex(ENTRY.encode(new Entry(utf8("key"), utf8("value")))))
        .isEqualTo("03006b6579050076616c7565");
  }

  @Test
  void readsThemBack() {
    assertThat(ADD.decode(ADD.encode(new Add(new double[] {8, 3, 7}))).numbers())
        .containsExactly(8, 3, 7);
    assertThat(SUM.decode(SUM.encode(new Sum(18)))).isEqualTo(new Sum(18));
    Failure failure = new Failure(Code.SYSTEM, "handler panicked");
    assertThat(FAILURE.decode(FAILURE.encode(failure))).isEqualTo(failure);
  }

  record Wide(int a, int b, int c, int d, int e, int f, int g) {}

  record Positive(int number) {
    Positive {
      if (number == 0) {
        throw new IllegalArgumentException("zero");
      }
    }
  }

  record Nothing() {}

  @Test
  void fieldsKeepTheirOrder() {
    BitcodeCodec<Wide> wide =
        struct(
            Wide::new,
            field(Wide::a, u8()),
            field(Wide::b, u8()),
            field(Wide::c, u8()),
            field(Wide::d, u8()),
            field(Wide::e, u8()),
            field(Wide::f, u8()),
            field(Wide::g, u8()));
    assertThat(wide.encode(new Wide(1, 2, 3, 4, 5, 6, 7))).containsExactly(1, 2, 3, 4, 5, 6, 7);
    assertThat(wide.decode(new byte[] {1, 2, 3, 4, 5, 6, 7}))
        .isEqualTo(new Wide(1, 2, 3, 4, 5, 6, 7));
    assertThat(wide).hasToString("(u8,u8,u8,u8,u8,u8,u8)");
  }

  @Test
  void anyNumberOfFields() {
    BitcodeCodec<Failure> codec =
        struct(
            values -> new Failure((Code) values[0], (String) values[1]),
            List.of(
                field("code", Failure::code, enumOf(Code.class)),
                field("message", Failure::message, string())));
    Failure failure = new Failure(Code.SYSTEM, "full");
    assertThat(codec.encode(failure)).isEqualTo(FAILURE.encode(failure));
    assertThat(codec.decode(FAILURE.encode(failure))).isEqualTo(failure);
    assertThat(codec).hasToString("struct{code:enum{FAIL,SYSTEM,NOT_FOUND},message:String}");
  }

  @Test
  void noFields() {
    BitcodeCodec<Nothing> codec = struct(Nothing::new);
    assertThat(codec.encode(new Nothing())).isEmpty();
    assertThat(codec.decode(new byte[0])).isEqualTo(new Nothing());
    assertThat(codec).hasToString("struct{}");
  }

  @Test
  void pathsLeadToTheFieldThatFails() {
    BitcodeCodec<List<Entry>> entries = list(ENTRY);
    BitcodeCodec<List<List<Entry>>> batch =
        list(struct(value -> value, field("entries", value -> value, entries)));
    assertThatThrownBy(() -> batch.decode(HexFormat.of().parseHex("01010300ff")))
        .isInstanceOfSatisfying(
            BitcodeException.class, e -> assertThat(e.path()).isEqualTo("[].entries[].key"))
        .hasMessage("[].entries[].key: 1 bytes left, expected at least 3");
    List<Entry> second = List.of(new Entry(new byte[0], null));
    assertThatThrownBy(() -> batch.encode(List.of(List.of(), second)))
        .isInstanceOf(BitcodeException.class)
        .hasMessage("[1].entries[0].payload: null, expected a value");
    assertThatThrownBy(() -> ENTRY.decode(HexFormat.of().parseHex("0301")))
        .isInstanceOf(BitcodeException.class);
  }

  @Test
  void textIsCheckedWhereItIs() {
    BitcodeCodec<List<Failure>> failures = list(FAILURE);
    assertThatThrownBy(() -> failures.decode(HexFormat.of().parseHex("0200010161ff")))
        .isInstanceOf(BitcodeException.class)
        .hasMessage("[1].message: malformed text, expected UTF-8");
  }

  @Test
  void whatAConstructorThrowsIsReported() {
    BitcodeCodec<Positive> codec = struct(Positive::new, field("number", Positive::number, u8()));
    assertThatThrownBy(() -> codec.decode(new byte[] {0}))
        .isInstanceOf(BitcodeException.class)
        .hasMessage("the constructor rejects it: java.lang.IllegalArgumentException: zero")
        .hasCauseInstanceOf(IllegalArgumentException.class);
    BitcodeCodec<Nothing> nothing = struct(() -> null);
    assertThatThrownBy(() -> nothing.decode(new byte[0])).isInstanceOf(BitcodeException.class);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
