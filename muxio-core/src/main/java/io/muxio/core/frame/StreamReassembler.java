package io.muxio.core.frame;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import it.unimi.dsi.fastutil.ints.Int2ObjectOpenHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Puts the frames of one inbound stream in order. A frame that is ahead is copied and held, within
 * {@link CoreLimits#maxSequenceGap()}; published peers always send in order, so nothing is held as
 * a rule. Used on the connection's thread only.
 */
public final class StreamReassembler {
  /** Gets the frames of a stream in order. */
  @FunctionalInterface
  public interface Receiver {
    /**
     * The next frame of the stream.
     *
     * @param kind what it does; Open at the first frame only, or End where the stream has just one
     * @param payload lent until this method returns
     */
    void onOrderedFrame(FrameKind kind, ByteBuf payload);
  }

  private record HeldFrame(FrameKind kind, ByteBuf payload) {}

  /**
   * The bytes that a held frame is charged beside its payload: for the map's slot, the record and
   * the buffer object.
   */
  public static final int HELD_FRAME_SIZE = 128;

  private final int maxGap;
  private final ByteBudget budget;
  private final ByteBufAllocator allocator;
  private int nextSequence;
  private boolean ended;
  private @Nullable Int2ObjectOpenHashMap<HeldFrame> held;

  /**
   * Makes the order of a new stream.
   *
   * @param maxGap how many frames one may be ahead
   * @param budget is charged for held payloads
   * @param allocator where held payloads are put
   */
  public StreamReassembler(int maxGap, ByteBudget budget, ByteBufAllocator allocator) {
    this.maxGap = maxGap;
    this.budget = budget;
    this.allocator = allocator;
  }

  /**
   * Takes a frame and passes on all that are now in order, up to and including the End.
   *
   * @param sequence the frame's place in the stream
   * @param kind Open, Data or End
   * @param payload lent
   * @param receiver gets the frames in order
   * @throws ProtocolException (stream scope) where the frame does not fit into its stream
   */
  public void accept(int sequence, FrameKind kind, ByteBuf payload, Receiver receiver) {
    if (sequence != nextSequence) {
      hold(sequence, kind, payload);
      return;
    }
    pass(kind, payload, receiver);
    while (held != null && !ended) {
      HeldFrame next = held.remove(nextSequence);
      if (next == null) {
        return;
      }
      // From here on it is the receiver's to keep and to account for.
      budget.release(next.payload.readableBytes() + HELD_FRAME_SIZE);
      try {
        pass(next.kind, next.payload, receiver);
      } finally {
        next.payload.release();
      }
    }
  }

  /** Releases the frames that are held. */
  public void close() {
    ended = true;
    if (held != null) {
      Int2ObjectOpenHashMap<HeldFrame> frames = held;
      held = null;
      for (HeldFrame frame : frames.values()) {
        budget.release(frame.payload.readableBytes() + HELD_FRAME_SIZE);
        frame.payload.release();
      }
    }
  }

  private void pass(FrameKind kind, ByteBuf payload, Receiver receiver) {
    boolean first = nextSequence == 0;
    if (first ? kind == FrameKind.DATA : kind == FrameKind.OPEN) {
      throw ProtocolException.stream(
          ProtocolException.Reason.FRAME_OUT_OF_PLACE,
          kind + " at sequence " + Integer.toUnsignedString(nextSequence));
    }
    nextSequence++;
    ended = kind == FrameKind.END;
    receiver.onOrderedFrame(kind, payload);
  }

  private void hold(int sequence, FrameKind kind, ByteBuf payload) {
    boolean behind = Integer.compareUnsigned(sequence, nextSequence) < 0;
    if (behind || (held != null && held.containsKey(sequence))) {
      throw ProtocolException.stream(
          ProtocolException.Reason.SEQUENCE_REPEATED,
          "sequence " + Integer.toUnsignedString(sequence) + " came twice");
    }
    if (Integer.compareUnsigned(sequence - nextSequence, maxGap) > 0) {
      throw ProtocolException.stream(
          ProtocolException.Reason.SEQUENCE_GAP,
          "sequence "
              + Integer.toUnsignedString(sequence)
              + " (expected: "
              + Integer.toUnsignedString(nextSequence)
              + ", or at most "
              + maxGap
              + " ahead)");
    }
    budget.reserve(payload.readableBytes() + HELD_FRAME_SIZE);
    if (held == null) {
      held = new Int2ObjectOpenHashMap<>();
    }
    ByteBuf copy = allocator.buffer(payload.readableBytes()).writeBytes(payload);
    held.put(sequence, new HeldFrame(kind, copy));
  }
}
