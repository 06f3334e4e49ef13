package io.muxio.examples.datastore.store;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What the table of entries has for a key.
 *
 * <pre>
 *  0  kind     u8   1 inline, 2 chunked
 *  1  crc      u32  CRC32C over key, kind and body
 *  5  length   u32  of the key where it is not in the LMDB key, else 0
 *  9  key           so many bytes
 *     body          inline: the value; chunked: id u64, length u64
 * </pre>
 *
 * Big-endian. A parsed record points into the map and lives as long as its transaction.
 */
final class EntryRecord {
  private static final byte INLINE = 1;
  private static final byte CHUNKED = 2;
  private static final int CRC_AT = 1;
  private static final int LENGTH_AT = 5;
  private static final int HEADER = 9;
  private static final int CHUNKED_BODY = 16;

  private final byte kind;
  private final ByteBuffer body;

  private EntryRecord(byte kind, ByteBuffer body) {
    this.kind = kind;
    this.body = body;
  }

  static int inlineSize(byte[] key, int valueLength) {
    return HEADER + (KeyForm.isLong(key) ? key.length : 0) + valueLength;
  }

  static void writeInline(byte[] key, byte[] value, ByteBuffer target) {
    write(key, INLINE, ByteBuffer.wrap(value), target);
  }

  static int chunkedSize(byte[] key) {
    return inlineSize(key, CHUNKED_BODY);
  }

  static void writeChunked(byte[] key, long id, long length, ByteBuffer target) {
    ByteBuffer body = ByteBuffer.allocate(CHUNKED_BODY).putLong(id).putLong(length).flip();
    write(key, CHUNKED, body, target);
  }

  private static void write(byte[] key, byte kind, ByteBuffer body, ByteBuffer target) {
    boolean isLong = KeyForm.isLong(key);
    target.put(kind).putInt(crc(key, kind, body)).putInt(isLong ? key.length : 0);
    if (isLong) {
      target.put(key);
    }
    target.put(body);
  }

  /**
   * Parses and checks what is stored for a key.
   *
   * @param key the key that was looked up
   * @return the record, or null where another long key has the same digest
   * @throws StoreException where the record is damaged
   */
  static @Nullable EntryRecord parse(byte[] key, ByteBuffer source) {
    byte[] stored = storedKey(source);
    if (!isOf(key, stored)) {
      return null;
    }
    int keyLength = stored == null ? 0 : stored.length;
    ByteBuffer body = source.slice(HEADER + keyLength, source.capacity() - HEADER - keyLength);
    byte kind = source.get(0);
    boolean known = kind == INLINE || (kind == CHUNKED && body.remaining() == CHUNKED_BODY);
    boolean fits = KeyForm.isLong(key) == (stored != null);
    if (!known || !fits || crc(key, kind, body) != source.getInt(CRC_AT)) {
      throw new StoreException(KeyForm.show(key) + " is damaged: its checksum is wrong");
    }
    return new EntryRecord(kind, body);
  }

  /** The key of a record that was found by going through them. Not checked. */
  static byte[] key(ByteBuffer lmdbKey, ByteBuffer source) {
    byte[] stored = storedKey(source);
    if (stored != null) {
      return stored;
    }
    byte[] key = new byte[lmdbKey.remaining() - 1];
    lmdbKey.get(lmdbKey.position() + 1, key);
    return key;
  }

  /** Whether a record is that of a key. */
  static boolean hasKey(byte[] key, ByteBuffer source) {
    return isOf(key, storedKey(source));
  }

  private static boolean isOf(byte[] key, byte @Nullable [] stored) {
    return stored == null || Arrays.equals(stored, key);
  }

  /**
   * The streamed value that a record refers to. Values in the record itself are not looked at, and
   * a damaged record refers to nothing, so that it can be replaced; its chunks are orphans then.
   */
  static OptionalLong streamId(byte[] key, ByteBuffer source) {
    if (source.get(0) == CHUNKED) {
      try {
        EntryRecord record = parse(key, source);
        return record == null ? OptionalLong.empty() : OptionalLong.of(record.id());
      } catch (StoreException e) {
        return OptionalLong.empty();
      }
    }
    return OptionalLong.empty();
  }

  /** The long key that a record carries, or null where it carries none. Not checked. */
  static byte @Nullable [] storedKey(ByteBuffer source) {
    int length = source.capacity() < HEADER ? -1 : source.getInt(LENGTH_AT);
    if (length < 0 || length > source.capacity() - HEADER) {
      throw new StoreException("an entry is damaged: its header is wrong");
    }
    if (length == 0) {
      return null;
    }
    byte[] key = new byte[length];
    source.get(HEADER, key);
    return key;
  }

  private static int crc(byte[] key, byte kind, ByteBuffer body) {
    CRC32C crc = new CRC32C();
    crc.update(key);
    crc.update(kind);
    crc.update(body.duplicate());
    return (int) crc.getValue();
  }

  boolean isChunked() {
    return kind == CHUNKED;
  }

  long id() {
    return body.getLong(0);
  }

  long length() {
    return isChunked() ? body.getLong(Long.BYTES) : body.capacity();
  }

  /** The value of an inline record, in the map. */
  ByteBuffer value() {
    return body.asReadOnlyBuffer();
  }
}
