package io.muxio.bitcode;

import java.util.Arrays;

/** The UTF-8 of all strings of a column. */
final class Utf8Column {
  /** A UTF-16 unit takes at most three bytes; a surrogate pair takes four. */
  private static final int MAX_BYTES_PER_UNIT = 3;

  private byte[] bytes = GrowingBytes.EMPTY;
  private int size;

  /**
   * Adds a string.
   *
   * @return its length in bytes
   */
  int add(String text) {
    long needed = size + (long) text.length() * MAX_BYTES_PER_UNIT;
    if (needed > bytes.length) {
      bytes = Arrays.copyOf(bytes, Growth.capacity(size, needed));
    }
    int start = size;
    int end = text.length();
    int i = 0;
    for (; i < end && text.charAt(i) < 0x80; i++) {
      bytes[start + i] = (byte) text.charAt(i);
    }
    size = start + i;
    if (i < end) {
      size = addBeyondAscii(text, i, bytes, size);
    }
    return size - start;
  }

  void flush(Output out) {
    out.bytes(bytes, size);
  }

  /**
   * Adds the rest of a string.
   *
   * @return where it ends
   */
  private static int addBeyondAscii(String text, int from, byte[] bytes, int start) {
    int at = start;
    for (int i = from; i < text.length(); i++) {
      int unit = text.charAt(i);
      if (unit < 0x80) {
        bytes[at++] = (byte) unit;
      } else if (unit < 0x800) {
        bytes[at++] = (byte) (0xc0 | (unit >> 6));
        bytes[at++] = continuation(unit);
      } else if (!Character.isSurrogate((char) unit)) {
        bytes[at++] = (byte) (0xe0 | (unit >> 12));
        bytes[at++] = continuation(unit >> 6);
        bytes[at++] = continuation(unit);
      } else {
        int point = pair(text, i++);
        bytes[at++] = (byte) (0xf0 | (point >> 18));
        bytes[at++] = continuation(point >> 12);
        bytes[at++] = continuation(point >> 6);
        bytes[at++] = continuation(point);
      }
    }
    return at;
  }

  private static int pair(String text, int i) {
    int point = text.codePointAt(i);
    if (!Character.isSupplementaryCodePoint(point)) {
      throw new BitcodeException(
          "surrogate U+%X without its pair at index %d, expected Unicode".formatted(point, i));
    }
    return point;
  }

  private static byte continuation(int bits) {
    return (byte) (0x80 | (bits & 0x3f));
  }
}
