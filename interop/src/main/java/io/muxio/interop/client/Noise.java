package io.muxio.interop.client;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Bytes that look random and are the same for the same seed. */
final class Noise {
  /** As long as a frame's payload gets. */
  static final int LONGEST_CHUNK = 65_536;

  private Noise() {}

  static byte[] bytes(int seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  /**
   * Chunks of one byte to the longest. The first is short: in a published server's answer it shares
   * its frame with the header, so that a long one would be cut.
   */
  static List<byte[]> chunks(int count) {
    return IntStream.range(0, count).mapToObj(number -> bytes(number, lengthOf(number))).toList();
  }

  private static int lengthOf(int number) {
    return switch (number % 10) {
      case 0 -> 1 + number / 10;
      case 9 -> LONGEST_CHUNK - number / 10;
      default -> 1 + number * 7919 % LONGEST_CHUNK;
    };
  }
}
