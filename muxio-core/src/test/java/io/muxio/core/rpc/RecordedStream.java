package io.muxio.core.rpc;

import io.muxio.core.wire.Wire;
import io.muxio.core.wire.WireFrame;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One stream of a recording, read without the code under test. */
record RecordedStream(List<WireFrame> frames) {
  /** The streams of one direction by id, in the order of their first frame. */
  static Map<Integer, RecordedStream> of(int headerSize, List<byte[]> messages) {
    Map<Integer, RecordedStream> streams = new LinkedHashMap<>();
    for (WireFrame frame : Wire.frames(headerSize, Wire.concat(messages))) {
      streams
          .computeIfAbsent(frame.stream(), id -> new RecordedStream(new ArrayList<>()))
          .frames()
          .add(frame);
    }
    return streams;
  }

  private ByteBuffer bytes() {
    return ByteBuffer.wrap(Wire.concat(frames.stream().map(WireFrame::payload).toList()))
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  boolean isCall() {
    return bytes().get(0) == Wire.CALL;
  }

  int requestId() {
    return bytes().getInt(1);
  }

  long methodId() {
    return bytes().getLong(5);
  }

  byte[] metadata() {
    return Arrays.copyOfRange(bytes().array(), Wire.RPC_HEADER, headerEnd());
  }

  byte[] body() {
    return Arrays.copyOfRange(bytes().array(), headerEnd(), bytes().limit());
  }

  private int headerEnd() {
    return Wire.RPC_HEADER + Short.toUnsignedInt(bytes().getShort(13));
  }

  /** The part of the body that came in one frame, where the header is all in the first. */
  byte[] bodyIn(int frame) {
    byte[] payload = frames.get(frame).payload();
    return frame == 0 ? Arrays.copyOfRange(payload, headerEnd(), payload.length) : payload;
  }

  /** Whether our dispatcher writes the stream by a call or an answer, not frame by frame. */
  boolean isUnary() {
    if (lastKind() != Wire.END) {
      return false;
    }
    return isCall() ? body().length == 0 || body().length >= 65_536 : methodId() != 0;
  }

  /** What a listener hears last: nothing where the recording ends before the stream. */
  List<String> terminal() {
    return switch (lastKind()) {
      case Wire.END -> List.of("end");
      case Wire.CANCEL -> List.of("cancel");
      default -> List.of();
    };
  }

  private int lastKind() {
    return frames.get(frames.size() - 1).kind();
  }
}
