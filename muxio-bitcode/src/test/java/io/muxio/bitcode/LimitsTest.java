package io.muxio.bitcode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.muxio.bitcode.vectors.JsonType;
import io.muxio.bitcode.vectors.TypeParser;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LimitsTest {
  private static final ThreadMXBean MEMORY = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Vec<u8>",
        "Vec<bool>",
        "Vec<f64>",
        "Vec<u128>",
        "Vec<String>",
        "Vec<()>",
        "Vec<[u8;16384]>",
        "String",
        "BTreeMap<u8,u8>",
        "HashSet<()>",
        "Vec<Option<u8>>",
        "Vec<enum{A}>",
        "Vec<[();9]>"
      })
  void aFalseLengthCostsNothing(String type) {
    // 2^50 elements in ten bytes, then 2^31, then a million.
    for (String hex : List.of("ff000000000000000400", "ff0200000080", "ff0240420f00")) {
      for (boolean bulk : new boolean[] {false, true}) {
        JsonType<Object> json = TypeParser.parse(type, bulk);
        assertCheaplyRejected(json.codec(), HexFormat.of().parseHex(hex));
      }
    }
  }

  @Test
  void aFalseLengthIsReportedAsWhatItIs() {
    byte[] message = HexFormat.of().parseHex("ff000000000000000400");
    assertThatThrownBy(() -> Bitcode.u64Array().decode(message))
        .isInstanceOf(BitcodeException.class)
        .hasMessage("0 bytes left, expected at least 140737488355328");
  }

  @Test
  void elementsArePaidByBytesOrCounted() {
    BitcodeVec<long[]> codec = Bitcode.u64Array();
    byte[] zeros = codec.encode(new long[8000]);
    assertThat(zeros).hasSizeLessThan(1100);
    assertThat(decode(codec, zeros, new BitcodeLimits(8000, 0))).hasSize(8000);
    assertThatThrownBy(() -> decode(codec, zeros, new BitcodeLimits(7999, 0)))
        .isInstanceOf(BitcodeException.class)
        .hasMessage("8000 elements, the limit is 7999");
    // A message may always have as many elements as bytes.
    long[] scattered = new long[1000];
    for (int i = 0; i < scattered.length; i++) {
      scattered[i] = (long) i << 40;
    }
    assertThat(decode(codec, codec.encode(scattered), new BitcodeLimits(0, 0))).hasSize(1000);
  }

  @Test
  void theLimitIsForTheMessageAsAWhole() {
    BitcodeVec<List<long[]>> codec = Bitcode.list(Bitcode.u64Array());
    byte[] zeros = codec.encode(List.of(new long[4000], new long[4000]));
    assertThat(decode(codec, zeros, new BitcodeLimits(8002, 0))).hasSize(2);
    assertThatThrownBy(() -> decode(codec, zeros, new BitcodeLimits(8001, 0)))
        .isInstanceOf(BitcodeException.class);
  }

  @Test
  void elementsWithoutContentHaveTheirOwnLimit() {
    BitcodeVec<List<Unit>> codec = Bitcode.list(Bitcode.unit());
    byte[] message = codec.encode(java.util.Collections.nCopies(300, Unit.UNIT));
    assertThat(message).hasSize(4);
    assertThat(decode(codec, message, new BitcodeLimits(0, 300))).hasSize(300);
    assertThatThrownBy(() -> decode(codec, message, new BitcodeLimits(1000, 299)))
        .isInstanceOf(BitcodeException.class)
        .hasMessage("300 elements without content, the limit is 299");
  }

  @Test
  void limitsAreNotNegative() {
    assertThatThrownBy(() -> new BitcodeLimits(-1, 0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new BitcodeLimits(0, -1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void deepTypesAreNoDeepTrouble() {
    BitcodeCodec<List<Object>> codec = nested(500);
    byte[] message = new byte[500];
    java.util.Arrays.fill(message, 0, 499, (byte) 1);
    assertThat(codec.encode(codec.decode(message))).isEqualTo(message);
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static BitcodeCodec<List<Object>> nested(int depth) {
    BitcodeCodec codec = Bitcode.bytes();
    for (int i = 1; i < depth; i++) {
      codec = Bitcode.list(codec);
    }
    return codec;
  }

  private static <T> T decode(BitcodeCodec<T> codec, byte[] message, BitcodeLimits limits) {
    return codec.decode(ByteBuffer.wrap(message), limits);
  }

  private static void assertCheaplyRejected(BitcodeCodec<?> codec, byte[] message) {
    // Once to load the classes.
    assertThatThrownBy(() -> codec.decode(message)).isInstanceOf(BitcodeException.class);
    long before = MEMORY.getCurrentThreadAllocatedBytes();
    try {
      codec.decode(message);
    } catch (BitcodeException expected) {
      // Asserted above.
    }
    assertThat(MEMORY.getCurrentThreadAllocatedBytes() - before).isLessThan(64 * 1024);
  }
}
