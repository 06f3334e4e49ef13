package io.muxio.bitcode;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.muxio.bitcode.vectors.JsonType;
import io.muxio.bitcode.vectors.TypeParser;
import io.muxio.bitcode.vectors.Vector;
import java.lang.management.ManagementFactory;
import java.nio.charset.CharacterCodingException;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Damaged messages and random bytes: they are rejected, or they are values, and neither costs much
 * memory.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // a loop hears no interrupt
class FuzzTest {
  private static final int ROUNDS = 3000;
  private static final int MAX_SEED_BYTES = 2000;
  private static final int MAX_RANDOM_BYTES = 100;

  /** Most random bytes are rejected at once; damaged messages get further. */
  private static final int RANDOM_ONE_IN = 6;

  /** The first rounds load classes. */
  private static final int WARM_UP = 200;

  /** A bit can become an element of a list: a reference, and an object of some size. */
  private static final long BYTES_PER_BYTE = 200;

  /** The readers, and the exception with its stack trace. */
  private static final long BYTES_PER_MESSAGE = 16 * 1024;

  private static final ThreadMXBean MEMORY = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static final List<Vector> VECTORS = VectorFiles.load("bitcode.jsonl.gz");

  @ParameterizedTest
  @MethodSource("io.muxio.bitcode.Shapes#all")
  void anyBytes(String shape) {
    List<byte[]> seeds =
        VECTORS.stream()
            .filter(vector -> vector.type().equals(shape) && vector.hex().length() < MAX_SEED_BYTES)
            .map(Vector::bytes)
            .toList();
    Random random = new Random(shape.hashCode());
    JsonType<Object> lists = TypeParser.parse(shape, false);
    JsonType<Object> arrays = TypeParser.parse(shape, true);
    int accepted = 0;
    for (int round = 0; round < ROUNDS; round++) {
      byte[] seed = seeds.get(random.nextInt(seeds.size()));
      byte[] other = seeds.get(random.nextInt(seeds.size()));
      byte[] message =
          random.nextInt(RANDOM_ONE_IN) == 0
              ? randomBytes(random)
              : Damage.damage(seed, other, random);
      long allowance = round < WARM_UP ? Long.MAX_VALUE : allowance(message);
      boolean asLists = decodes(lists, message, allowance);
      assertThat(decodes(arrays, message, allowance)).isEqualTo(asLists);
      accepted += asLists ? 1 : 0;
    }
    // Otherwise the damage is so crude that nothing behind the first check was reached.
    assertThat(accepted).isBetween(1, ROUNDS - 1);
  }

  private static long allowance(byte[] message) {
    return BYTES_PER_MESSAGE + BYTES_PER_BYTE * message.length;
  }

  private static boolean decodes(JsonType<Object> type, byte[] message, long allowance) {
    long before = MEMORY.getCurrentThreadAllocatedBytes();
    Object outcome;
    try {
      outcome = type.codec().decode(message);
    } catch (BitcodeException e) {
      outcome = e;
    }
    long allocated = MEMORY.getCurrentThreadAllocatedBytes() - before;
    assertThat(allocated).as(() -> HexFormat.of().formatHex(message)).isLessThan(allowance);
    if (outcome instanceof BitcodeException e) {
      // Any other cause would be a mistake of ours, wrapped as if a caller's code had made it.
      assertThat(e.getCause() == null || e.getCause() instanceof CharacterCodingException).isTrue();
      return false;
    }
    byte[] canonical = type.codec().encode(outcome);
    assertThat(type.write().apply(type.codec().decode(canonical)).toString())
        .isEqualTo(type.write().apply(outcome).toString());
    return true;
  }

  private static byte[] randomBytes(Random random) {
    byte[] bytes = new byte[random.nextInt(MAX_RANDOM_BYTES)];
    random.nextBytes(bytes);
    return bytes;
  }
}
