package io.muxio.bitcode;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.muxio.bitcode.vectors.TypeParser;
import io.muxio.bitcode.vectors.Vector;
import java.lang.management.ManagementFactory;
import java.nio.charset.CharacterCodingException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Damaged messages: derived codecs judge them as those composed by hand, for little memory. */
class DerivedFuzzTest {
  private static final int ROUNDS = 2000;
  private static final int MAX_SEED_BYTES = 2000;

  private static final int WARM_UP = 2000;

  /** A bit can become an element of a list: a reference, and an object of some size. */
  private static final long BYTES_PER_BYTE = 200;

  /** The readers, and the exception with its stack trace. */
  private static final long BYTES_PER_MESSAGE = 16 * 1024;

  private static final ThreadMXBean MEMORY = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static final List<Vector> VECTORS = VectorFiles.load("bitcode.jsonl.gz");

  private static final Map<String, BitcodeCodec<Object>> CODECS = DerivedTypes.codecs();

  static Stream<String> types() {
    return CODECS.keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("types")
  void damagedMessages(String type) {
    List<byte[]> seeds =
        VECTORS.stream()
            .filter(vector -> vector.type().equals(type) && vector.hex().length() < MAX_SEED_BYTES)
            .map(Vector::bytes)
            .toList();
    BitcodeCodec<Object> derived = CODECS.get(type);
    warmUp(derived, seeds);
    BitcodeCodec<Object> composed = TypeParser.parse(type, false).codec();
    warmUp(composed, seeds);
    Random random = new Random(type.hashCode());
    for (int round = 0; round < ROUNDS; round++) {
      byte[] seed = seeds.get(random.nextInt(seeds.size()));
      byte[] damaged = Damage.damage(seed, seeds.get(random.nextInt(seeds.size())), random);
      assertThat(outcome(derived, damaged))
          .as(() -> hex(damaged))
          .isEqualTo(outcome(composed, damaged));
    }
  }

  /** The first messages load classes, and some more make the virtual machine spin new ones. */
  private static void warmUp(BitcodeCodec<Object> codec, List<byte[]> seeds) {
    Random random = new Random(seeds.size());
    for (int round = 0; round < WARM_UP; round++) {
      byte[] seed = seeds.get(round % seeds.size());
      decode(codec, seed);
      decode(codec, Damage.damage(seed, seed, random));
    }
  }

  /** The canonical bytes of the value, which tell all of its parts, or a refusal. */
  private static String outcome(BitcodeCodec<Object> codec, byte[] message) {
    long before = MEMORY.getCurrentThreadAllocatedBytes();
    Object outcome = decode(codec, message);
    long allocated = MEMORY.getCurrentThreadAllocatedBytes() - before;
    assertThat(allocated)
        .as(() -> hex(message))
        .isLessThan(BYTES_PER_MESSAGE + BYTES_PER_BYTE * message.length);
    if (outcome instanceof BitcodeException refused) {
      Throwable cause = refused.getCause();
      // Any other cause would be a mistake of ours, wrapped as if a caller's code had made it.
      assertThat(cause == null || cause instanceof CharacterCodingException).isTrue();
      return "refused";
    }
    return hex(codec.encode(outcome));
  }

  private static Object decode(BitcodeCodec<Object> codec, byte[] message) {
    try {
      return codec.decode(message);
    } catch (BitcodeException e) {
      return e;
    }
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
