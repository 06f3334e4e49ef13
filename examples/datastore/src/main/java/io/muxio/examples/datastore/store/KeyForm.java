package io.muxio.examples.datastore.store;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * How a key of any length becomes a key of LMDB, which has 1 to 511 bytes.
 *
 * <pre>
 * up to 510 bytes: 0x00 | key
 * longer:          0x01 | SHA-256 of the key; the whole key is in the entry
 * </pre>
 */
final class KeyForm {
  /** The longest key of LMDB. */
  static final int MAX_LMDB_KEY = 511;

  private static final byte SHORT = 0;
  private static final byte LONG = 1;
  private static final int SHOWN_BYTES = 32;

  private KeyForm() {}

  static boolean isLong(byte[] key) {
    return key.length >= MAX_LMDB_KEY;
  }

  /** Puts the LMDB key of a key into a buffer of {@link #MAX_LMDB_KEY} bytes. */
  static ByteBuffer encode(byte[] key, ByteBuffer target) {
    target.clear();
    if (isLong(key)) {
      target.put(LONG).put(sha256().digest(key));
    } else {
      target.put(SHORT).put(key);
    }
    return target.flip();
  }

  static boolean isKeyOf(ByteBuffer lmdbKey, byte[] key) {
    return encode(key, ByteBuffer.allocate(MAX_LMDB_KEY)).equals(lmdbKey);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  /** A key for people: its length and its first bytes. */
  static String show(byte[] key) {
    int shown = Math.min(key.length, SHOWN_BYTES);
    String hex = HexFormat.of().formatHex(key, 0, shown);
    return "key 0x" + hex + (shown < key.length ? "…" : "") + " (" + key.length + " bytes)";
  }
}
