package io.muxio.core.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.muxio.core.wire.Capture;
import io.muxio.core.wire.Link;
import io.muxio.core.wire.RecordingRouter;
import io.muxio.core.wire.Wire;
import io.muxio.core.wire.WireFrame;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The recorded streaming clients, served by a call that sends each chunk back as it comes: each
 * frame of theirs is followed by the frames of ours that followed it in the recording. A client's
 * Cancel is followed by ours, which no published server sends.
 */
class GoldenEchoTest {
  static Stream<Capture> captures() {
    return Capture.all()
        .filter(capture -> capture.name().matches("0\\.1[457]\\.\\d-(stream3|cancel)"));
  }

  @ParameterizedTest
  @MethodSource("captures")
  void anEchoAnswersAsThePublishedServerDid(Capture capture) {
    int headerSize = capture.format().headerSize();
    try (Link server = Link.server()) {
      server.router().route(GoldenEchoTest::echo);
      List<String> ours = new ArrayList<>();
      List<String> recorded = new ArrayList<>();
      for (Capture.Message message : capture.messages()) {
        if (!message.fromClient()) {
          addFrames(recorded, headerSize, message.bytes());
          continue;
        }
        server.receive(message.bytes());
        server.flush().forEach(sent -> addFrames(ours, headerSize, sent));
        if (isCancel(headerSize, message.bytes())) {
          assertThat(ours.remove(ours.size() - 1)).as("ours alone").contains(" cancel ");
        }
      }
      assertThat(ours).isEqualTo(recorded);
      assertThat(server.dispatcher().inboundCalls()).isZero();
      assertThat(server.router().failures()).isEmpty();
    }
  }

  private static boolean isCancel(int headerSize, byte[] message) {
    return Wire.frames(headerSize, message).get(0).kind() == Wire.CANCEL;
  }

  /** What counts of each frame: ids of streams are each server's own. */
  private static void addFrames(List<String> to, int headerSize, byte[] message) {
    for (WireFrame frame : Wire.frames(headerSize, message)) {
      to.add(frame.withStream(0).summary() + " " + HexFormat.of().formatHex(frame.payload()));
    }
  }

  /** A unary call is answered with its parameters, as a method that echoes does. */
  private static RpcStreamListener echo(RecordingRouter.Received received) {
    InboundCall call = received.call();
    boolean unary = received.metadata().isReadable();
    return new RpcStreamListener() {
      @Override
      public void onPayload(ByteBuf payload) {
        call.send(payload);
      }

      @Override
      public void onEnd() {
        if (unary) {
          call.respond(ResponseStatus.SUCCESS, received.metadata().retain());
        } else {
          call.end();
        }
      }

      @Override
      public void onCancel() {}

      @Override
      public void onFailure(Throwable cause) {
        throw new AssertionError(cause);
      }
    };
  }
}
