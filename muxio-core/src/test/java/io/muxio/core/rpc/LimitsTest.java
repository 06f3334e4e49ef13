package io.muxio.core.rpc;

import static io.muxio.core.wire.Wire.NOTHING;
import static io.muxio.core.wire.Wire.answer;
import static io.muxio.core.wire.Wire.call;
import static io.muxio.core.wire.Wire.concat;
import static io.muxio.core.wire.Wire.frame;
import static io.muxio.core.wire.Wire.pattern;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.muxio.core.frame.CoreLimits;
import io.muxio.core.frame.FrameFormat;
import io.muxio.core.frame.ProtocolException;
import io.muxio.core.frame.ProtocolException.Reason;
import io.muxio.core.frame.StreamReassembler;
import io.muxio.core.wire.Link;
import io.muxio.core.wire.RecordingRouter;
import io.muxio.core.wire.Wire;
import io.muxio.core.wire.WireStream;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LimitsTest {
  private static final int HELD = StreamReassembler.HELD_FRAME_SIZE;

  private final List<PayloadBuffer> buffers = new ArrayList<>();

  @AfterEach
  void closeBuffers() {
    buffers.forEach(PayloadBuffer::close);
  }

  @Test
  void aCallOverTheLimitIsRefusedAndMayBeAnswered() {
    try (Link link = Link.server(CoreLimits.builder().maxInboundCalls(2))) {
      link.router()
          .refuse(
              (call, cause) ->
                  call.respond(ResponseStatus.SYSTEM_ERROR, link.buffer(Wire.utf8("busy"))));
      link.receive(WireStream.whole(13, 1, call(1, 7, pattern(9), NOTHING)));
      link.receive(WireStream.whole(13, 2, call(2, 7, pattern(9), NOTHING)));
      link.receive(WireStream.whole(13, 3, call(3, 7, pattern(9), pattern(9))));

      RecordingRouter router = link.router();
      assertThat(router.log()).endsWith("refused 3");
      assertThat(router.refusals().get(0).reason()).isEqualTo(Reason.TOO_MANY_CALLS);
      assertThat(router.refusals().get(0).scope()).isEqualTo(ProtocolException.Scope.STREAM);
      assertThat(router.refused().get(0).methodId()).isEqualTo(7);
      assertThat(router.refused().get(0).isOpen()).isFalse();
      assertThat(Wire.frames(13, concat(link.flush())).get(0).payload())
          .isEqualTo(answer(3, 7, 2, Wire.utf8("busy")));
      assertThat(link.dispatcher().inboundCalls()).isEqualTo(2);
      assertThat(link.dispatcher().session().openStreams()).isZero();

      router.call(1).call().respond(ResponseStatus.SUCCESS, Unpooled.EMPTY_BUFFER);
      link.receive(WireStream.whole(13, 3, call(3, 7, NOTHING, NOTHING)));
      assertThat(router.log()).endsWith("call 3", "end 3");
    }
  }

  @Test
  void theBodyOfARefusedCallIsDropped() {
    try (Link link = Link.server(CoreLimits.builder().maxInboundCalls(1))) {
      link.receive(WireStream.whole(13, 1, call(1, 7, NOTHING, NOTHING)));
      WireStream refused = new WireStream(13, 2);
      link.receive(refused.open(call(2, 7, pattern(3), pattern(3))), refused.data(pattern(5)));
      assertThat(link.dispatcher().session().openStreams()).isEqualTo(1);
      link.receive(refused.end());

      assertThat(link.dispatcher().session().openStreams()).isZero();
      assertThat(link.router().failures()).isEmpty();
    }
  }

  @Test
  void aCallOfOursOverTheLimitFailsAndItsParametersAreReleased() {
    CoreLimits limits = CoreLimits.builder().maxPendingCalls(2).build();
    try (Link link = Link.client(FrameFormat.GENERATION_13, config -> config.withLimits(limits))) {
      link.call(7, pattern(9));
      link.call(7, pattern(9));
      link.flush();
      assertThatThrownBy(() -> link.call(7, pattern(9)))
          .isInstanceOfSatisfying(
              ProtocolException.class,
              e -> {
                assertThat(e.reason()).isEqualTo(Reason.TOO_MANY_CALLS);
                assertThat(e.scope()).isEqualTo(ProtocolException.Scope.STREAM);
              });
      assertThat(link.flush()).isEmpty();
      assertThat(link.dispatcher().pendingCalls()).isEqualTo(2);

      link.receive(WireStream.whole(13, 1, answer(0, 7, 0, NOTHING)));
      link.call(7, pattern(9));
      assertThat(link.dispatcher().pendingCalls()).isEqualTo(2);
    }
  }

  @Test
  void aRequestOfTheLimitPassesAndOneByteMoreFailsItsStream() {
    try (Link link = Link.server(CoreLimits.builder().maxRequestSize(100))) {
      link.router().route(this::collect);
      link.receive(WireStream.whole(13, 1, call(1, 7, NOTHING, pattern(100))));
      WireStream large = new WireStream(13, 2);
      link.receive(large.open(call(2, 7, NOTHING, pattern(60))), large.data(pattern(41)));

      assertThat(link.router().log())
          .containsExactly("call 1", "end 1", "call 2", "failure 2", "stream 2 PAYLOAD_TOO_LARGE");
      assertThat(link.bufferedBytes()).as("until the handlers close").isEqualTo(160);
      assertThat(link.dispatcher().inboundCalls()).isEqualTo(1);
      link.receive(large.data(pattern(1000)), large.end());
      assertThat(link.dispatcher().session().openStreams()).isZero();
      closeBuffers();
      assertThat(link.bufferedBytes()).isZero();
    }
  }

  @Test
  void anAnswerOverTheLimitFailsItsCall() {
    CoreLimits limits = CoreLimits.builder().maxResponseSize(10).build();
    try (Link link = Link.client(FrameFormat.GENERATION_13, config -> config.withLimits(limits))) {
      PayloadBuffer buffer = link.dispatcher().newResponseBuffer();
      buffers.add(buffer);
      buffer.add(link.buffer(pattern(10)));

      assertThatThrownBy(() -> buffer.add(link.buffer(pattern(1))))
          .isInstanceOfSatisfying(
              ProtocolException.class,
              e -> assertThat(e.reason()).isEqualTo(Reason.PAYLOAD_TOO_LARGE));
      closeBuffers();
    }
  }

  @Test
  void allStreamsShareTheBufferedBytes() {
    try (Link link = Link.server(CoreLimits.builder().maxBufferedBytes(100 + HELD))) {
      link.router().route(this::collect);
      link.receive(WireStream.whole(13, 1, call(1, 7, NOTHING, pattern(60))));
      link.receive(frame(13, 2, 1, Wire.DATA, pattern(30))); // held
      assertThat(link.bufferedBytes()).isEqualTo(90 + HELD);
      link.receive(frame(13, 3, 0, Wire.OPEN, call(3, 7, NOTHING, pattern(11))));

      assertThat(link.router().log()).endsWith("call 3", "failure 3", "stream 3 BUFFER_FULL");
      link.receive(frame(13, 4, 1, Wire.DATA, pattern(11)));
      assertThat(link.router().log()).endsWith("stream 4 BUFFER_FULL");
      link.receive(frame(13, 5, 0, Wire.OPEN, new byte[11]));
      assertThat(link.router().log()).as("a header's beginning").endsWith("stream 5 BUFFER_FULL");

      link.receive(frame(13, 6, 0, Wire.OPEN, call(6, 7, NOTHING, pattern(10))));
      assertThat(link.router().log()).endsWith("call 6");
      assertThat(link.bufferedBytes()).isEqualTo(100 + HELD);
      closeBuffers();
      assertThat(link.bufferedBytes()).isEqualTo(30 + HELD);
      link.receive(frame(13, 2, 2, Wire.CANCEL, NOTHING));
      assertThat(link.bufferedBytes()).isZero();
    }
  }

  @Test
  void closingGivesBackWhatTheSessionHolds() {
    try (Link link = Link.server()) {
      link.receive(frame(13, 1, 0, Wire.OPEN, call(1, 7, NOTHING, NOTHING)));
      link.receive(frame(13, 2, 1, Wire.DATA, pattern(30)));
      link.receive(frame(13, 3, 0, Wire.OPEN, new byte[11]));
      link.receive(java.util.Arrays.copyOf(frame(13, 4, 0, Wire.OPEN, pattern(50)), 40));
      assertThat(link.bufferedBytes()).isEqualTo(81 + HELD);
      link.dispatcher().close(new IllegalStateException("gone"));

      assertThat(link.bufferedBytes()).isZero();
      assertThat(link.dispatcher().session().openStreams()).isZero();
    }
  }

  private RpcStreamListener collect(RecordingRouter.Received received) {
    PayloadBuffer buffer = received.call().newRequestBuffer();
    buffers.add(buffer);
    return new Collector(buffer, received.listener());
  }
}
