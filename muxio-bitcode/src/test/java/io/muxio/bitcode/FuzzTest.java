package io.muxio.bitcode;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.muxio.bitcode.vectors.JsonType;
import io.muxio.bitcode.vectors.TypeParser;
import io.muxio.bitcode.vectors.Vector;
import java.lang.management.ManagementFactory;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Damaged messages: they are rejected, or they are values, and neither costs much memory. */
class FuzzTest {
  private static final int ROUNDS = 3000;
  private static final int MAX_SEED_BYTES = 2000;

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
  void damagedMessages(String shape) {
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
      byte[] damaged = damage(seed, seeds.get(random.nextInt(seeds.size())), random);
      long allowance = round < WARM_UP ? Long.MAX_VALUE : allowance(damaged);
      boolean asLists = decodes(lists, damaged, allowance);
      assertThat(decodes(arrays, damaged, allowance)).isEqualTo(asLists);
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

  private static byte[] damage(byte[] seed, byte[] other, Random random) {
    byte[] bytes = seed.clone();
    for (int times = 1 + random.nextInt(3); times > 0; times--) {
      int at = bytes.length == 0 ? 0 : random.nextInt(bytes.length);
      if (random.nextInt(8) == 0 || bytes.length == 0) {
        bytes = splice(bytes, at, other, random);
      } else if (random.nextInt(8) == 0) {
        bytes = Arrays.copyOf(bytes, at);
      } else if (random.nextBoolean()) {
        bytes[at] ^= (byte) (1 << random.nextInt(8));
      } else {
        bytes[at] = (byte) (random.nextBoolean() ? 0xff : random.nextInt(16));
      }
    }
    return bytes;
  }

  private static byte[] splice(byte[] head, int length, byte[] tail, Random random) {
    int from = tail.length == 0 ? 0 : random.nextInt(tail.length);
    byte[] result = Arrays.copyOf(head, length + tail.length - from);
    System.arraycopy(tail, from, result, length, tail.length - from);
    return result;
  }
}
