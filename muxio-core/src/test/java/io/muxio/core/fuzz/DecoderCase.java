package io.muxio.core.fuzz;

import static io.muxio.core.fuzz.Check.check;
import static io.muxio.core.fuzz.Check.equal;

import io.muxio.core.frame.ByteBudget;
import io.muxio.core.frame.CoreLimits;
import io.muxio.core.frame.FrameDecoder;
import io.muxio.core.frame.FrameFormat;
import io.muxio.core.frame.FrameKind;
import io.muxio.core.frame.ProtocolException;
import io.muxio.core.frame.ProtocolException.Reason;
import io.muxio.core.frame.Turn;
import io.muxio.test.FuzzFrames;
import io.muxio.test.FuzzInput;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One input of {@link FrameDecoderFuzzTest}: the decoder against {@link PlainDecoder}. */
final class DecoderCase {
  private static final int FIRST_PART_SIZE = 256;

  private final FuzzInput in;
  private final UnpooledByteBufAllocator memory = new UnpooledByteBufAllocator(false, true);
  private final List<String> frames = new ArrayList<>();
  private final @Nullable FrameFormat format;
  private final CoreLimits limits;
  private final ByteBudget budget;
  private final FrameDecoder decoder;
  private @Nullable ProtocolException failure;

  DecoderCase(FuzzInput in) {
    this.in = in;
    int mode = in.next();
    format =
        switch (mode & 3) {
          case 1 -> FrameFormat.GENERATION_13;
          case 2 -> FrameFormat.GENERATION_21;
          default -> null;
        };
    limits = CoreLimits.builder().maxFramePayload(1 + in.next(400)).build();
    budget = new ByteBudget((mode & 4) == 0 ? 1L << 20 : 1 + in.next(300));
    decoder = new FrameDecoder(format, limits, budget, memory, this::onFrame);
  }

  private void onFrame(int stream, int sequence, FrameKind kind, ByteBuf payload) {
    frames.add(PlainDecoder.frame(stream, sequence, kind.code(), ByteBufUtil.getBytes(payload)));
    payload.skipBytes(payload.readableBytes() / 2); // what a listener reads is its own affair
  }

  void run() {
    byte[] first = wire();
    byte[] rest = wire();
    PlainDecoder expected = new PlainDecoder(format, limits.maxFramePayload());
    expected.decode(first, rest);

    feed(first, format == null);
    if (failure == null) {
      feed(rest, false);
    }
    compare(expected);

    decoder.close();
    equal(0L, budget.used(), "bytes charged after the end");
    equal(0L, held(), "bytes of memory after the end");
  }

  /** Frames, and some bytes that are none. */
  private byte[] wire() {
    ByteArrayOutputStream wire = new ByteArrayOutputStream();
    int what = in.next();
    FuzzFrames peer = new FuzzFrames((what & 1) == 0 ? 13 : 21, 0, 1);
    for (int left = what >> 1 & 7; left > 0; left--) {
      wire.writeBytes(peer.next(in));
    }
    wire.writeBytes(in.nextBytes(what >> 4));
    return wire.toByteArray();
  }

  /** A first message ends where it ends; later ones may end anywhere. */
  private void feed(byte[] bytes, boolean oneMessage) {
    int at = 0;
    do {
      int cut = in.next();
      int length = cut == 0 ? bytes.length - at : Math.min(cut, bytes.length - at);
      byte[] piece = Arrays.copyOfRange(bytes, at, at + length);
      at += length;
      receive(piece, oneMessage ? at == bytes.length : (cut & 1) == 0);
    } while (at < bytes.length && failure == null);
  }

  private void receive(byte[] piece, boolean endOfMessage) {
    ByteBuf lent = memory.heapBuffer(piece.length + 1).writeByte(-1).writeBytes(piece).skipBytes(1);
    try {
      Turn turn = Turn.of(1 + piece.length % 3);
      while (!decoder.decode(lent, endOfMessage, turn)) {
        turn.begin();
      }
      check(!lent.isReadable(), "bytes left unread");
    } catch (ProtocolException e) {
      equal(ProtocolException.Scope.CONNECTION, e.scope(), "scope");
      failure = e;
      again(lent);
    } finally {
      lent.release();
    }
    check(budget.used() >= 0, "bytes charged below 0");
    check(held() <= 2 * budget.used() + FIRST_PART_SIZE, "more memory held than is charged");
    check(budget.used() == 0 || failure == null, "a failed decoder holds bytes");
  }

  private void again(ByteBuf lent) {
    try {
      decoder.decode(lent, true, Turn.endless());
      check(false, "a failed decoder takes bytes");
    } catch (ProtocolException e) {
      check(e == failure, "another failure");
    }
  }

  private long held() {
    return memory.metric().usedHeapMemory() + memory.metric().usedDirectMemory();
  }

  private void compare(PlainDecoder expected) {
    boolean refused =
        failure != null
            && (failure.reason() == Reason.BUFFER_FULL
                || String.valueOf(failure.getMessage()).startsWith("first message: "));
    if (refused) {
      // For how the bytes were cut, which the plain decoder does not see.
      int count = Math.min(frames.size(), expected.frames().size());
      equal(expected.frames().subList(0, count), frames, "frames before the buffer was full");
      return;
    }
    equal(expected.frames(), frames, "frames");
    equal(expected.failure(), failure == null ? null : failure.reason(), "failure");
    equal(expected.format(), decoder.format(), "generation");
  }
}
