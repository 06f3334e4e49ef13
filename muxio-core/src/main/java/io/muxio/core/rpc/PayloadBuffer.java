package io.muxio.core.rpc;

import io.muxio.core.frame.ByteBudget;
import io.muxio.core.frame.CoreLimits;
import io.muxio.core.frame.ProtocolException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * Collects a unary payload within a size and the connection's budget. The budget stays charged
 * until {@link #close()}, also when the bytes have been taken, so that it covers the requests that
 * handlers are working on. Used on the connection's thread only.
 */
public final class PayloadBuffer {
  /** Smaller pieces are copied together, so that many tiny frames do not cost an object each. */
  private static final int COPY_BELOW = 4096;

  private static final int SMALLEST_TAIL = 256;

  private final ByteBudget budget;
  private final ByteBufAllocator allocator;
  private final int maxSize;
  private final String what;
  private final String setting;
  private int size;

  /** All pieces but the last; null while there is one. */
  private @Nullable CompositeByteBuf parts;

  private @Nullable ByteBuf last;

  /** Whether the last piece is a copy that small pieces are appended to. */
  private boolean lastGrows;

  private PayloadBuffer(RpcSession session, int maxSize, String what, String setting) {
    this.budget = session.budget();
    this.allocator = session.allocator();
    this.maxSize = maxSize;
    this.what = what;
    this.setting = setting;
  }

  static PayloadBuffer ofRequest(RpcSession session, CoreLimits limits) {
    return new PayloadBuffer(session, limits.maxRequestSize(), "request", "maxRequestSize");
  }

  static PayloadBuffer ofResponse(RpcSession session, CoreLimits limits, int maxOfCall) {
    return maxOfCall < limits.maxResponseSize()
        ? new PayloadBuffer(session, maxOfCall, "answer", "maxResponseSize of the call")
        : new PayloadBuffer(session, limits.maxResponseSize(), "answer", "maxResponseSize");
  }

  /**
   * Appends a piece.
   *
   * @param piece taken over by this method, also where it throws
   * @throws ProtocolException (stream scope) where the payload gets too large or the connection's
   *     buffers are full
   */
  public void add(ByteBuf piece) {
    int length = piece.readableBytes();
    if (length > maxSize - size) {
      piece.release();
      throw ProtocolException.stream(
          ProtocolException.Reason.PAYLOAD_TOO_LARGE,
          what
              + ": "
              + ((long) size + length)
              + " bytes or more (expected: at most "
              + maxSize
              + ", "
              + setting
              + ")");
    }
    try {
      budget.reserve(length);
    } catch (ProtocolException e) {
      piece.release();
      throw e;
    }
    size += length;
    if (last == null) {
      last = piece;
    } else if (length >= COPY_BELOW) {
      sealLast();
      last = piece;
    } else {
      copy(piece);
    }
  }

  /**
   * Hands over what was collected.
   *
   * @return the bytes; the caller owns them
   */
  public ByteBuf take() {
    ByteBuf taken = last;
    if (parts != null) {
      sealLast();
      taken = parts;
      parts = null;
    }
    last = null;
    return taken == null ? Unpooled.EMPTY_BUFFER : taken;
  }

  /** Releases what was not taken and gives the bytes back to the connection's budget. */
  public void close() {
    take().release();
    budget.release(size);
    size = 0;
  }

  private void copy(ByteBuf piece) {
    if (!lastGrows) {
      sealLast();
      last = allocator.buffer(Math.max(SMALLEST_TAIL, piece.readableBytes()));
      lastGrows = true;
    }
    assert last != null : "no tail";
    last.writeBytes(piece);
    piece.release();
  }

  private void sealLast() {
    if (parts == null) {
      parts = allocator.compositeBuffer(Integer.MAX_VALUE);
    }
    if (last != null) {
      parts.addComponent(true, last);
      last = null;
      lastGrows = false;
    }
  }
}
