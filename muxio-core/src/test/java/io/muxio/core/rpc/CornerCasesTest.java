package io.muxio.core.rpc;

import static io.muxio.core.wire.Wire.NOTHING;
import static io.muxio.core.wire.Wire.call;
import static io.muxio.core.wire.Wire.frame;
import static io.muxio.core.wire.Wire.pattern;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.muxio.core.frame.CoreLimits;
import io.muxio.core.frame.FrameFormat;
import io.muxio.core.frame.ProtocolException;
import io.muxio.core.frame.ProtocolException.Reason;
import io.muxio.core.wire.Link;
import io.muxio.core.wire.RecordingListener;
import io.muxio.core.wire.RecordingRouter;
import io.muxio.core.wire.Wire;
import io.muxio.core.wire.WireStream;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rare turns of events, each of which once went wrong. */
class CornerCasesTest {
  private final Exception gone = new IllegalStateException("gone");

  /** A client of ours packs Open and End; the last 8 bytes of its parameters are a u64, 16. */
  @Test
  void aPackedFirstMessageOfOurOwn21ClientIsNotTakenFor13() {
    try (Link client = Link.client(FrameFormat.GENERATION_21, config -> config);
        Link server = Link.server()) {
      client.call(7, new byte[] {16, 0, 0, 0, 0, 0, 0, 0});
      server.receive(client.flush().toArray(byte[][]::new));

      assertThat(server.dispatcher().session().format()).isEqualTo(FrameFormat.GENERATION_21);
    }
  }

  @Test
  void anEndThatCameAheadEndsAStreamThatIsNotWanted() {
    try (Link link = Link.server(CoreLimits.builder().maxInboundCalls(1))) {
      link.receive(WireStream.whole(13, 1, call(1, 7, NOTHING, NOTHING)));
      link.receive(frame(13, 2, 1, Wire.END, NOTHING));
      link.receive(frame(13, 2, 0, Wire.OPEN, call(2, 7, NOTHING, NOTHING)));

      assertThat(link.router().log()).endsWith("refused 2");
      assertThat(link.dispatcher().session().openStreams()).isZero();
    }
  }

  @Test
  void anEndThatCameAheadEndsAStreamThatFailsBeforeIt() {
    try (Link link = Link.client()) {
      link.receive(frame(13, 2, 2, Wire.END, NOTHING));
      link.receive(frame(13, 2, 0, Wire.DATA, NOTHING));

      assertThat(link.router().failureReasons()).containsExactly(Reason.FRAME_OUT_OF_PLACE);
      assertThat(link.dispatcher().session().openStreams()).isZero();
    }
  }

  @Test
  void anEndThatCameAheadEndsAStreamThatFailsAtIt() {
    try (Link link = Link.client()) {
      link.receive(frame(13, 2, 1, Wire.END, NOTHING));
      link.receive(frame(13, 2, 0, Wire.OPEN, new byte[3]));

      assertThat(link.router().failureReasons()).containsExactly(Reason.HEADER_INCOMPLETE);
      assertThat(link.dispatcher().session().openStreams()).isZero();
    }
  }

  @Test
  void aCallThatIsAbandonedWhileTheConnectionClosesHearsNothing() {
    try (Link link = Link.client()) {
      List<PendingCall> calls = new ArrayList<>();
      List<RecordingListener> listeners = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        RecordingListener listener =
            new RecordingListener().then(event -> calls.forEach(PendingCall::abandon));
        listeners.add(listener);
        calls.add(link.call(7, NOTHING, listener));
      }
      link.dispatcher().close(gone);

      assertThat(listeners.stream().mapToInt(listener -> listener.events().size()).sum())
          .as("the first to be told gave all others up")
          .isEqualTo(1);
    }
  }

  @Test
  void aCallThatIsAnsweredWhileTheConnectionClosesSendsNothing() {
    try (Link link = Link.client()) {
      for (int i = 0; i < 3; i++) {
        link.receive(frame(13, i, 0, Wire.OPEN, call(i, 7, NOTHING, NOTHING)));
      }
      List<RecordingRouter.Received> calls = link.router().calls();
      calls.forEach(
          received ->
              received
                  .listener()
                  .then(
                      event ->
                          calls.forEach(
                              each ->
                                  each.call()
                                      .respond(ResponseStatus.FAIL, Unpooled.EMPTY_BUFFER))));
      link.dispatcher().close(gone);

      assertThat(link.memory()).as("written after all buffers were released").isZero();
      assertThat(link.flush()).isEmpty();
    }
  }

  @Test
  void aRefusedCallThatIsAnsweredAfterCloseSendsNothing() {
    try (Link link = Link.server(CoreLimits.builder().maxInboundCalls(1))) {
      link.receive(WireStream.whole(13, 1, call(1, 7, NOTHING, NOTHING)));
      link.receive(WireStream.whole(13, 2, call(2, 7, NOTHING, NOTHING)));
      link.dispatcher().close(gone);
      InboundCall refused = link.router().refused().get(0);
      boolean sent = refused.respond(ResponseStatus.SYSTEM_ERROR, Unpooled.EMPTY_BUFFER);
      link.flush(); // what was written is no leak of this test

      assertThat(sent).isFalse();
    }
  }

  @Test
  void aStreamThatIsWrittenAfterCloseSendsNothing() {
    try (Link link = Link.client()) {
      RpcHeader header = new RpcHeader(RpcMessageType.CALL, 1, 7, link.buffer(NOTHING));
      RpcStreamWriter writer =
          link.dispatcher().session().open(header, Unpooled.EMPTY_BUFFER, () -> {});
      link.dispatcher().close(gone);
      try {
        writer.write(link.buffer(pattern(3)));
      } catch (IllegalStateException e) {
        assertThat(e).hasMessageContaining("closed");
      }

      assertThat(link.memory()).isZero();
      assertThat(link.flush()).isEmpty();
    }
  }

  @Test
  void theLateAnswerToARefusedCallForgetsNoOtherCall() {
    try (Link link = Link.server(CoreLimits.builder().maxInboundCalls(1))) {
      link.receive(WireStream.whole(13, 1, call(1, 7, NOTHING, NOTHING)));
      link.receive(WireStream.whole(13, 2, call(2, 7, NOTHING, NOTHING)));
      link.router().call(1).call().respond(ResponseStatus.SUCCESS, Unpooled.EMPTY_BUFFER);
      link.receive(WireStream.whole(13, 3, call(2, 7, NOTHING, NOTHING)));
      link.router().refused().get(0).respond(ResponseStatus.FAIL, Unpooled.EMPTY_BUFFER);

      assertThat(link.router().call(2).call().isOpen()).isTrue();
      assertThat(link.dispatcher().inboundCalls()).isEqualTo(1);
    }
  }

  /** As it does where it adds the metadata to a request buffer that is full. */
  @Test
  void aRouterThatFailsTheStreamLeavesNoCallBehind() {
    try (Link link = Link.server(CoreLimits.builder().maxRequestSize(2))) {
      link.router()
          .route(
              received -> {
                PayloadBuffer buffer = received.call().newRequestBuffer();
                buffer.add(received.metadata().retain());
                return new Collector(buffer, received.listener());
              });
      link.receive(WireStream.whole(13, 1, call(1, 7, pattern(3), NOTHING)));

      assertThat(link.router().failureReasons()).containsExactly(Reason.PAYLOAD_TOO_LARGE);
      assertThat(link.dispatcher().inboundCalls()).isZero();
    }
  }

  @Test
  void aListenerThatFailsTheStreamFromItsHeaderIsToldAndLeavesNoCallBehind() {
    try (Link link = Link.client()) {
      ProtocolException full = ProtocolException.stream(Reason.BUFFER_FULL, "full");
      RecordingListener listener = new RecordingListener();
      listener.then(
          event -> {
            if (event.equals("header")) {
              throw full;
            }
          });
      link.call(7, NOTHING, listener);
      link.receive(WireStream.whole(13, 1, Wire.answer(0, 7, 0, NOTHING)));

      assertThat(listener.failures()).containsExactly(full);
      assertThat(link.dispatcher().pendingCalls()).isZero();
    }
  }

  @Test
  void aHeldFrameIsNotChargedTwiceWhileItIsPassedOn() {
    try (Link link = Link.server(CoreLimits.builder().maxBufferedBytes(1128))) {
      List<PayloadBuffer> buffers = new ArrayList<>();
      link.router()
          .route(
              received -> {
                buffers.add(received.call().newRequestBuffer());
                return new Collector(buffers.get(0), received.listener());
              });
      link.receive(frame(13, 1, 0, Wire.OPEN, call(1, 7, NOTHING, NOTHING)));
      link.receive(frame(13, 1, 2, Wire.END, pattern(600)));
      link.receive(frame(13, 1, 1, Wire.DATA, pattern(100)));
      buffers.forEach(PayloadBuffer::close);

      assertThat(link.router().log()).containsExactly("call 1", "end 1");
    }
  }

  @Test
  void aListenerOfACallThatClosesTheConnectionIsTold() {
    try (Link link = Link.client()) {
      link.router()
          .route(
              received -> {
                link.dispatcher().close(gone);
                return received.listener();
              });
      ByteBuf bytes = link.buffer(WireStream.whole(13, 1, call(1, 7, NOTHING, pattern(3))));
      link.dispatcher().session().receive(bytes, true);
      bytes.release();

      assertThat(link.router().calls().get(0).listener().failures()).containsExactly(gone);
    }
  }

  @Test
  void writingNothingToAnEndedStreamIsAnErrorToo() {
    try (Link link = Link.client()) {
      RpcHeader header = new RpcHeader(RpcMessageType.CALL, 1, 7, link.buffer(NOTHING));
      RpcStreamWriter writer =
          link.dispatcher().session().open(header, Unpooled.EMPTY_BUFFER, () -> {});
      writer.end();

      assertThatIllegalStateException().isThrownBy(() -> writer.write(Unpooled.EMPTY_BUFFER));
    }
  }

  @Test
  void aSequenceFarAheadIsAGapAndNoRepetition() {
    try (Link link = Link.client()) {
      link.receive(frame(13, 1, 0x8000_0005, Wire.END, NOTHING));

      assertThat(link.router().failureReasons()).containsExactly(Reason.SEQUENCE_GAP);
    }
  }
}
