package io.muxio.bitcode;

import java.util.Arrays;
import java.util.Random;

/** What happens to messages on the way. */
final class Damage {
  private Damage() {}

  /** Changes, cuts or splices a copy of a message. */
  static byte[] damage(byte[] seed, byte[] other, Random random) {
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
