package io.muxio.examples.datastore.store;

import com.kenai.jffi.MemoryIO;
import java.nio.ByteBuffer;
import java.util.Comparator;
import jnr.ffi.Pointer;
import org.lmdbjava.BufferProxy;

/**
 * Direct buffers over LMDB's memory, made by JNI: lmdbjava's own write to private fields of {@link
 * ByteBuffer}, for which the JVM would have to be started with {@code --add-opens}.
 *
 * <p>What comes out points into the map: it is valid until its transaction ends, and reading it
 * after that ends the process.
 */
final class MapBuffers extends BufferProxy<ByteBuffer> {
  private static final ByteBuffer EMPTY = ByteBuffer.allocateDirect(0);

  static {
    // Else jffi asks sun.misc.Unsafe, at which newer JVMs print a warning.
    if (System.getProperty("jffi.unsafe.disabled") == null) {
      System.setProperty("jffi.unsafe.disabled", "true");
    }
  }

  private final MemoryIO memory = MemoryIO.getInstance();

  @Override
  protected ByteBuffer allocate() {
    return EMPTY;
  }

  @Override
  protected void deallocate(ByteBuffer buffer) {}

  @Override
  protected byte[] getBytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(buffer.position(), bytes);
    return bytes;
  }

  @Override
  protected Comparator<ByteBuffer> getSignedComparator() {
    return Comparator.naturalOrder();
  }

  @Override
  protected Comparator<ByteBuffer> getUnsignedComparator() {
    return MapBuffers::compareUnsigned;
  }

  static int compareUnsigned(ByteBuffer left, ByteBuffer right) {
    int at = left.mismatch(right);
    if (at < 0 || at >= left.remaining() || at >= right.remaining()) {
      return Integer.compare(left.remaining(), right.remaining());
    }
    return Byte.compareUnsigned(left.get(left.position() + at), right.get(right.position() + at));
  }

  @Override
  protected Pointer in(ByteBuffer buffer, Pointer value) {
    value.putLong(STRUCT_FIELD_OFFSET_SIZE, buffer.remaining());
    value.putLong(
        STRUCT_FIELD_OFFSET_DATA, memory.getDirectBufferAddress(buffer) + buffer.position());
    return value;
  }

  @Override
  protected Pointer in(ByteBuffer buffer, int size, Pointer value) {
    value.putLong(STRUCT_FIELD_OFFSET_SIZE, size);
    return value;
  }

  @Override
  protected ByteBuffer out(ByteBuffer buffer, Pointer value) {
    long size = value.getLong(STRUCT_FIELD_OFFSET_SIZE);
    if (size > Integer.MAX_VALUE) {
      throw new StoreException("an entry has " + size + " bytes (expected: less than 2 GiB)");
    }
    return memory.newDirectByteBuffer(value.getLong(STRUCT_FIELD_OFFSET_DATA), (int) size);
  }
}
