package io.muxio.core.fuzz;

import static io.muxio.core.fuzz.Check.check;
import static io.muxio.core.fuzz.Check.equal;

import io.muxio.core.frame.FrameFormat;
import io.muxio.core.frame.IdSpace;
import io.muxio.core.wire.Wire;
import io.muxio.core.wire.WireFrame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads what an end sends as a strict peer does: by the rules, and only what was asked for. */
final class SentFrames {
  static final long TIMESTAMP = 77;

  private static final int CALL = 0;
  private static final int RPC_HEADER = 15;

  private record Answer(int requestId, int status, int size) {}

  private static final class Stream {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private int frames;
  }

  private final Supplier<FrameFormat> formats;
  private final IdSpace ids;
  private final int chunkSize;
  private final int messageSize;
  private final Map<Integer, Stream> streams = new HashMap<>();
  private final Queue<Answer> answers = new ArrayDeque<>();
  private final Set<Integer> calls = new HashSet<>();
  private @Nullable SentExtension extension;
  private boolean begun;

  SentFrames(Supplier<FrameFormat> formats, IdSpace ids, int chunkSize, int messageSize) {
    this.formats = formats;
    this.ids = ids;
    this.chunkSize = chunkSize;
    this.messageSize = messageSize;
  }

  void extend() {
    extension = new SentExtension(ids);
  }

  void expectAnswer(int requestId, int status, int size) {
    answers.add(new Answer(requestId, status, size));
  }

  void expectCall(int requestId) {
    calls.add(requestId);
  }

  void forgetCall(int requestId) {
    calls.remove(requestId);
  }

  /** Takes a message over. */
  void send(ByteBuf message) {
    byte[] bytes = ByteBufUtil.getBytes(message);
    message.release();
    check(bytes.length > 0, "an empty message");
    FrameFormat format = formats.get();
    List<WireFrame> frames = Wire.frames(format.headerSize(), bytes);
    check(frames.size() == 1 || bytes.length <= messageSize, "a message that is too large");
    check(begun || ids == IdSpace.SERVER || frames.size() == 1, "more than one frame first");
    begun = true;
    for (WireFrame frame : frames) {
      check(frame.kind() != Wire.CANCEL || frames.size() == 1, "a Cancel with other frames");
      check(format == FrameFormat.GENERATION_13 || frame.timestamp() == TIMESTAMP, "timestamp");
      onFrame(frame);
    }
  }

  private void onFrame(WireFrame frame) {
    if ((extension != null && extension.takes(frame)) || frame.kind() == Wire.PONG) {
      return;
    }
    check(ids.contains(frame.stream()), "a stream of the other half");
    check(frame.payload().length <= chunkSize, "a frame that is too large");
    if (frame.kind() == Wire.OPEN) {
      check(streams.put(frame.stream(), new Stream()) == null, "a stream id that is in use");
    }
    Stream stream = streams.get(frame.stream());
    check(stream != null, "a frame without a stream");
    equal(stream.frames++, frame.sequence(), "sequence");
    stream.bytes.writeBytes(frame.payload());
    switch (frame.kind()) {
      case Wire.OPEN -> {}
      case Wire.DATA -> check(frame.payload().length > 0, "empty Data");
      case Wire.END -> {
        check(frame.payload().length == 0, "payload in an End");
        streams.remove(frame.stream());
        onStream(stream.bytes.toByteArray());
      }
      case Wire.CANCEL -> {
        check(frame.payload().length == 0, "payload in a Cancel");
        streams.remove(frame.stream());
      }
      default -> check(false, "kind " + frame.kind());
    }
  }

  private void onStream(byte[] bytes) {
    ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int type = header.get();
    int requestId = header.getInt();
    header.getLong();
    int metadata = header.getShort();
    if (type == CALL) {
      check(calls.remove(requestId), "a call that was not made");
    } else {
      equal(1, metadata, "status bytes");
      equal(
          answers.poll(),
          new Answer(requestId, bytes[RPC_HEADER], bytes.length - RPC_HEADER - 1),
          "answer");
    }
  }

  /** After a flush, with so many streams of chunks that have begun and not ended. */
  void checkAllSent(boolean callsToo, int openStreams) {
    check(answers.isEmpty(), "an answer was not sent");
    check(calls.isEmpty() || !callsToo, "a call was not sent");
    equal(openStreams, streams.size(), "streams without their end");
  }
}
