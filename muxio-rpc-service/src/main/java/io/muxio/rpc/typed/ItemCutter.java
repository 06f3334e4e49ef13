package io.muxio.rpc.typed;

import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcStatus;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * Chunks to the items in them, whose borders are not the chunks': a length (u32) and so many bytes
 * each. An item that is spread over chunks is copied together; what it holds grows with what has
 * come, not with what it says of its length.
 */
final class ItemCutter {
  static final int LENGTH_BYTES = 4;

  /** An item's encoding is this long at most; also the answer of a stream that is one value. */
  static final int MAX_BYTES = 4 << 20;

  private final ItemBudget budget;

  /** Of the length, what has come: its low bytes. */
  private int length;

  private int lengthBytes;

  /** The begin of an item whose end has not come. */
  private @Nullable ByteBuf begun;

  ItemCutter(ItemBudget budget) {
    this.budget = budget;
  }

  /**
   * The next item.
   *
   * @param chunk lent; read up to the end of the item, or of the chunk
   * @return owned by the caller; null where the chunk does not complete an item
   * @throws RpcException where the item is too long, or the connection's items are together
   */
  @Nullable ByteBuf next(ByteBuf chunk) {
    if (begun == null && !readLength(chunk)) {
      return null;
    }
    int missing = length - held();
    int bytes = chunk.readableBytes();
    if (bytes < missing) {
      budget.take(bytes);
      begun = begun == null ? Unpooled.buffer(bytes, length) : begun;
      begun.writeBytes(chunk);
      return null;
    }
    budget.give(held());
    ByteBuf item =
        begun == null ? chunk.readRetainedSlice(missing) : begun.writeBytes(chunk, missing);
    begun = null;
    lengthBytes = 0;
    length = 0;
    return item;
  }

  private int held() {
    return begun == null ? 0 : begun.readableBytes();
  }

  /** Whether the length is known. */
  private boolean readLength(ByteBuf chunk) {
    while (lengthBytes < LENGTH_BYTES && chunk.isReadable()) {
      length |= chunk.readUnsignedByte() << (lengthBytes++ * Byte.SIZE);
    }
    if (lengthBytes < LENGTH_BYTES) {
      return false;
    }
    if (length < 0 || length > MAX_BYTES) {
      throw new RpcException(
          RpcStatus.REJECTED,
          "an item of the stream has "
              + Integer.toUnsignedString(length)
              + " bytes (expected: at most "
              + MAX_BYTES
              + ")");
    }
    return true;
  }

  /**
   * The stream has ended.
   *
   * @throws RpcException where it has ended within an item
   */
  void end() {
    if (lengthBytes > 0) {
      int held = held();
      String of = lengthBytes < LENGTH_BYTES ? "its length" : length + " bytes";
      close();
      throw new RpcException(
          RpcStatus.SYSTEM_ERROR,
          "the stream ended within an item: "
              + (lengthBytes < LENGTH_BYTES ? lengthBytes : held)
              + " bytes of "
              + of
              + " have come");
    }
  }

  /** Gives back what has been begun. */
  void close() {
    if (begun != null) {
      budget.give(held());
      begun.release();
      begun = null;
    }
  }
}
