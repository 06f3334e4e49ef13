package io.muxio.examples.datastore.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.Arrays;

/** The bytes of an {@link ExportFormat}, and how many have been read. */
final class ImportSource {
  private static final int BUFFER_BYTES = 256 << 10;
  private static final int FIRST_BYTES = 64 << 10;

  private final ReadableByteChannel channel;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES).flip();
  private long position;

  ImportSource(ReadableByteChannel channel) {
    this.channel = channel;
  }

  long position() {
    return position;
  }

  /** Reads so many bytes. The array grows with what comes: the number may be anything. */
  byte[] read(int length) throws IOException {
    byte[] bytes = new byte[Math.min(length, FIRST_BYTES)];
    for (int filled = 0; filled < length; ) {
      if (filled == bytes.length) {
        bytes = Arrays.copyOf(bytes, (int) Math.min(length, 2L * filled));
      }
      ByteBuffer piece = next(bytes.length - filled);
      int count = piece.remaining();
      piece.get(bytes, filled, count);
      filled += count;
    }
    return bytes;
  }

  /** Whether there is another byte; waits for it or for the end. */
  boolean hasMore() throws IOException {
    while (!buffer.hasRemaining()) {
      buffer.clear();
      int count = channel.read(buffer);
      buffer.flip();
      if (count < 0) {
        return false;
      }
    }
    return true;
  }

  /** The next bytes, one at least and no more than a number; valid until the next call. */
  ByteBuffer next(long most) throws IOException {
    if (!hasMore()) {
      throw new StoreException("the export is cut off: it ends at byte " + position);
    }
    int length = (int) Math.min(most, buffer.remaining());
    ByteBuffer piece = buffer.slice(buffer.position(), length);
    buffer.position(buffer.position() + length);
    position += length;
    return piece;
  }
}
