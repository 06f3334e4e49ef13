package io.muxio.examples.datastore.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * A store as a sequence of bytes, for backups and for other programs.
 *
 * <pre>
 * start    "MUXIOKV" | version u8, 1
 * entry    key length u32 | value length u64 | CRC32C of these 12 bytes u32
 *          key | value | CRC32C of key and value u32
 * trailer  0xFFFFFFFF | number of entries u64 | CRC32C of these 12 bytes u32
 * </pre>
 *
 * Big-endian, the entries in no order that matters.
 */
final class ExportFormat {
  static final int START_SIZE = 8;
  static final int HEAD_SIZE = 16;
  static final int CRC_SIZE = 4;
  static final int TRAILER = -1;

  private static final byte VERSION = 1;
  private static final byte[] MAGIC = "MUXIOKV".getBytes(StandardCharsets.US_ASCII);

  private ExportFormat() {}

  static ByteBuffer start() {
    return ByteBuffer.allocate(START_SIZE).put(MAGIC).put(VERSION).flip();
  }

  /** Says what is wrong with a start, or nothing. */
  static String problem(ByteBuffer start) {
    if (!start.slice(0, MAGIC.length).equals(ByteBuffer.wrap(MAGIC))) {
      return "it is not an export";
    }
    byte version = start.get(MAGIC.length);
    return version == VERSION
        ? ""
        : "its format is version " + version + " (expected: " + VERSION + ")";
  }

  /** The head of an entry, or with {@link #TRAILER} and the number of entries the trailer. */
  static ByteBuffer head(int keyLength, long number) {
    ByteBuffer head = ByteBuffer.allocate(HEAD_SIZE).putInt(keyLength).putLong(number);
    return head.putInt(crc(head)).flip();
  }

  static boolean isSound(ByteBuffer head) {
    return crc(head) == head.getInt(HEAD_SIZE - CRC_SIZE);
  }

  private static int crc(ByteBuffer head) {
    CRC32C crc = new CRC32C();
    crc.update(head.slice(0, HEAD_SIZE - CRC_SIZE));
    return (int) crc.getValue();
  }
}
