package io.muxio.examples.datastore.store;

/**
 * How long the append-only log would be in which SIMD R Drive keeps the same writes. Its clients
 * get this number as the answer to a write.
 *
 * <pre>
 * value:     0 to 63 bytes up to a multiple of 64 | value | 20 bytes
 * tombstone: 1 byte | 20 bytes
 * </pre>
 */
final class LogTail {
  private static final int ALIGNMENT = 64;
  private static final int METADATA = 20;

  private LogTail() {}

  static long afterValue(long tail, long length) {
    long aligned = (tail + ALIGNMENT - 1) & -ALIGNMENT;
    return aligned + length + METADATA;
  }

  static long afterTombstone(long tail) {
    return tail + 1 + METADATA;
  }
}
