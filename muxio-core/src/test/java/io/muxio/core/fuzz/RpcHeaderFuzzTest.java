package io.muxio.core.fuzz;

import static io.muxio.core.fuzz.Check.check;
import static io.muxio.core.fuzz.Check.equal;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.muxio.core.frame.FrameFormat;
import io.muxio.core.frame.IdSpace;
import io.muxio.core.frame.ProtocolException.Reason;
import io.muxio.core.wire.Link;
import io.muxio.core.wire.RecordingRouter;
import io.muxio.core.wire.Wire;
import io.muxio.core.wire.WireStream;
import io.muxio.test.FuzzInput;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/** One stream of any bytes, cut into any frames: it is heard as if it were read in one piece. */
class RpcHeaderFuzzTest {
  @FuzzTest(maxDuration = "30s")
  void oneStreamCutAnywhere(byte[] data) {
    FuzzInput in = new FuzzInput(data);
    int what = in.next();
    byte[] cuts = in.nextBytes(what & 15);
    byte[] stream = in.nextBytes(data.length);
    try (Link link = Link.fast(IdSpace.SERVER, FrameFormat.GENERATION_13, config -> config)) {
      send(link, stream, cuts, (what & 16) != 0);
      compare(link, stream);
    }
  }

  private static void send(Link link, byte[] stream, byte[] cuts, boolean endHasPayload) {
    WireStream frames = new WireStream(13, 5);
    int kind = Wire.OPEN;
    int at = 0;
    for (byte cut : cuts) {
      int length = Math.min(Byte.toUnsignedInt(cut), stream.length - at);
      byte[] piece = Arrays.copyOfRange(stream, at, at + length);
      link.receive(frames.next(kind, piece));
      kind = Wire.DATA;
      at += length;
    }
    byte[] rest = Arrays.copyOfRange(stream, at, stream.length);
    if (!endHasPayload) {
      link.receive(frames.next(kind, rest));
      rest = Wire.NOTHING;
    }
    link.receive(frames.next(Wire.END, rest));
  }

  private static void compare(Link link, byte[] stream) {
    ByteBuffer in = ByteBuffer.wrap(stream).order(ByteOrder.LITTLE_ENDIAN);
    List<Reason> failures = link.router().failureReasons();
    int size = stream.length < Wire.RPC_HEADER ? 0 : Wire.RPC_HEADER + (in.getShort(13) & 0xffff);
    if (stream.length < Wire.RPC_HEADER || stream.length < size) {
      equal(List.of(Reason.HEADER_INCOMPLETE), failures, "failures");
    } else if (stream[0] == Wire.RESPONSE) {
      equal(List.of(Reason.UNEXPECTED_RESPONSE), failures, "failures");
    } else if (stream[0] != Wire.CALL) {
      equal(List.of(Reason.UNKNOWN_MESSAGE_TYPE), failures, "failures");
    } else {
      equal(List.of(), failures, "failures");
      RecordingRouter.Received call = link.router().call(in.getInt(1));
      equal(in.getLong(5), call.call().methodId(), "method");
      check(
          Arrays.equals(
              Wire.concat(call.metadataBytes(), call.listener().payload()),
              Arrays.copyOfRange(stream, Wire.RPC_HEADER, stream.length)),
          "metadata and body");
      equal(size - Wire.RPC_HEADER, call.metadataBytes().length, "metadata");
      equal(List.of("end"), call.listener().events(), "events");
    }
    equal(0, link.dispatcher().session().openStreams(), "streams after the end");
  }
}
