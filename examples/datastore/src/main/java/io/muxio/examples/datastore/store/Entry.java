package io.muxio.examples.datastore.store;

/** One key and its value, to be written. The arrays are the store's until the write has ended. */
public final class Entry {
  /** Bytes that key and value may have together: 1 GiB. What is longer is written as a stream. */
  public static final int MAX_SIZE = 1 << 30;

  /** Bytes that a key may have: 32 MiB. */
  public static final int MAX_KEY_SIZE = 32 << 20;

  final byte[] key;
  final byte[] value;

  /**
   * Makes an entry. Any key up to {@link #MAX_KEY_SIZE} will do, the empty one too.
   *
   * @param key the key; not copied
   * @param value the value; not copied
   * @throws IllegalArgumentException where the value is empty or a single byte 0, which stands for
   *     a deletion in the log whose rules these are, where the key passes {@link #MAX_KEY_SIZE} or
   *     both together pass {@link #MAX_SIZE}
   */
  public Entry(byte[] key, byte[] value) {
    checkKey(key.length);
    checkValue(value.length, value.length == 0 ? 0 : value[0]);
    if ((long) key.length + value.length > MAX_SIZE) {
      throw new IllegalArgumentException(
          "key and value: "
              + ((long) key.length + value.length)
              + " bytes (expected: at most "
              + MAX_SIZE
              + "; longer values are written as a stream)");
    }
    this.key = key;
    this.value = value;
  }

  static void checkKey(int length) {
    if (length > MAX_KEY_SIZE) {
      throw new IllegalArgumentException(
          "key: " + length + " bytes (expected: at most " + MAX_KEY_SIZE + ")");
    }
  }

  static void checkValue(long length, byte first) {
    if (length == 0) {
      throw new IllegalArgumentException("Payload cannot be empty.");
    }
    if (length == 1 && first == 0) {
      throw new IllegalArgumentException("NULL-byte payloads cannot be written directly.");
    }
  }
}
