package io.muxio.examples.datastore.store;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * One piece of a value that was written as a stream.
 *
 * <pre>
 * LMDB key: id u64 | index u32, from 0
 * record:   CRC32C u32 over LMDB key and bytes | bytes
 * </pre>
 *
 * Big-endian. All pieces but the last are of {@link #MAX_BYTES}.
 */
final class ChunkRecord {
  /** Bytes of a piece: so much that it ends with a page, LMDB's header and ours included. */
  static final int MAX_BYTES = (256 << 10) - 16 - 4;

  static final int KEY_SIZE = 12;
  static final int HEADER = 4;

  private ChunkRecord() {}

  static ByteBuffer key(long id, int index, ByteBuffer target) {
    return target.clear().putLong(id).putInt(index).flip();
  }

  static void write(ByteBuffer key, ByteBuffer bytes, ByteBuffer target) {
    target.putInt(crc(key, bytes)).put(bytes.duplicate());
  }

  /** The bytes of a chunk, in the map. */
  static ByteBuffer parse(ByteBuffer key, ByteBuffer source) {
    if (source.capacity() > HEADER) {
      ByteBuffer bytes = source.slice(HEADER, source.capacity() - HEADER);
      if (crc(key, bytes) == source.getInt(0)) {
        return bytes.asReadOnlyBuffer();
      }
    }
    throw new StoreException(show(key) + " is damaged: its checksum is wrong");
  }

  static String show(ByteBuffer key) {
    return "chunk " + key.getInt(Long.BYTES) + " of stream " + key.getLong(0);
  }

  private static int crc(ByteBuffer key, ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(key.duplicate());
    crc.update(bytes.duplicate());
    return (int) crc.getValue();
  }
}
