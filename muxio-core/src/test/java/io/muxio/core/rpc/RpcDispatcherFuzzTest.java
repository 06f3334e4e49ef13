package io.muxio.core.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.muxio.core.frame.CoreLimits;
import io.muxio.core.frame.FrameFormat;
import io.muxio.core.frame.IdSpace;
import io.muxio.core.frame.ProtocolException;
import io.muxio.core.wire.Link;
import io.muxio.core.wire.RecordingListener;
import io.muxio.core.wire.RecordingRouter;
import io.muxio.core.wire.Wire;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Frames that are mostly wrong: whatever a peer sends, nothing but a {@link ProtocolException} of
 * the connection comes out, the counters are right, every listener hears one end, and all memory is
 * given back. Each case can be run again by its seed.
 */
class RpcDispatcherFuzzTest {
  private static final CoreLimits LIMITS =
      CoreLimits.builder()
          .maxFramePayload(200)
          .maxStreams(6)
          .maxSequenceGap(3)
          .maxInboundCalls(3)
          .maxBufferedBytes(300)
          .build();

  @Test
  void wrongFramesDoNoHarm() {
    int ended = 0;
    for (int seed = 0; seed < 3000; seed++) {
      try {
        ended += new Case(new SplittableRandom(seed)).run() ? 1 : 0;
      } catch (Throwable e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
    assertThat(ended).as("cases that ended the connection").isBetween(100, 2900);
  }

  private static final class Case {
    private final SplittableRandom random;
    private final int[] sequences = new int[8];
    private final List<RecordingListener> answers = new ArrayList<>();
    private final List<RecordingListener> refused = new ArrayList<>();
    private Link link;

    Case(SplittableRandom random) {
      this.random = random;
    }

    boolean run() {
      try (Link made =
          Link.fast(
              IdSpace.CLIENT,
              FrameFormat.GENERATION_13,
              config -> config.withLimits(LIMITS).withChunkSize(random.nextInt(1, 50)))) {
        link = made;
        link.router().route(this::route);
        link.router().refuse((call, cause) -> respond(call));
        for (int i = 0; i < 4; i++) {
          answers.add(link.call(7, new byte[i]));
        }
        boolean ended = feed();
        assertThat(link.dispatcher().session().openStreams()).isLessThanOrEqualTo(6);
        link.dispatcher().close(new IllegalStateException("gone"));
        assertThat(link.bufferedBytes()).isZero();
        checkAnswers();
        return ended;
      }
    }

    private boolean feed() {
      try {
        for (int i = 0; i < 60; i++) {
          byte[] frame = frame();
          int cut = random.nextInt(frame.length + 1);
          link.receivePart(Arrays.copyOf(frame, cut), true);
          link.receivePart(Arrays.copyOfRange(frame, cut, frame.length), true);
          answerSomething();
          checkCalls();
        }
        return false;
      } catch (ProtocolException e) {
        assertThat(e.scope()).isEqualTo(ProtocolException.Scope.CONNECTION);
        return true;
      }
    }

    private byte[] frame() {
      int stream = random.nextInt(sequences.length);
      int kind =
          random.nextInt(400) == 0
              ? 9
              : switch (random.nextInt(12)) {
                case 0, 1, 2, 3 -> Wire.OPEN;
                case 4, 5, 6, 7 -> Wire.DATA;
                case 8, 9 -> Wire.END;
                case 10 -> Wire.CANCEL;
                default -> Wire.PING;
              };
      if (kind == Wire.OPEN) {
        sequences[stream] = 0;
      }
      int sequence = random.nextInt(5) == 0 ? random.nextInt(-1, 7) : sequences[stream];
      sequences[stream] = kind == Wire.END || kind == Wire.CANCEL ? 0 : sequence + 1;
      byte[] content =
          Wire.rpc(
              random.nextInt(8) == 0 ? random.nextInt(4) : random.nextInt(2),
              random.nextInt(6),
              7,
              new byte[random.nextInt(20)],
              new byte[random.nextInt(60)]);
      int length = random.nextInt(3) == 0 ? random.nextInt(content.length) : content.length;
      return Wire.frame(13, stream, sequence, kind, Arrays.copyOf(content, length));
    }

    private RpcStreamListener route(RecordingRouter.Received received) {
      switch (random.nextInt(5)) {
        case 0 -> {
          respond(received.call());
          refused.add(received.listener());
          return RpcStreamListener.DISCARD;
        }
        case 1 -> {
          respond(received.call());
          return received.listener();
        }
        default -> {
          return received.listener();
        }
      }
    }

    private void respond(InboundCall call) {
      call.respond(ResponseStatus.FAIL, link.buffer(new byte[random.nextInt(80)]));
    }

    private void answerSomething() {
      List<RecordingRouter.Received> calls = link.router().calls();
      if (!calls.isEmpty() && random.nextInt(6) == 0) {
        respond(calls.get(random.nextInt(calls.size())).call());
      }
      if (random.nextInt(8) == 0) {
        Wire.frames(13, Wire.concat(link.flush())); // whole frames, always
      }
    }

    private void checkCalls() {
      List<RecordingRouter.Received> calls = link.router().calls();
      long open = calls.stream().filter(received -> received.call().isOpen()).count();
      assertThat(link.dispatcher().inboundCalls()).isEqualTo((int) open);
      for (RecordingRouter.Received received : calls) {
        assertThat(received.listener().events().size()).isLessThanOrEqualTo(1);
      }
      assertThat(refused).allMatch(listener -> listener.events().isEmpty());
    }

    /** Every call of ours was told its end: by its answer, a failure, or the close. */
    private void checkAnswers() {
      for (RecordingListener answer : answers) {
        List<String> events = answer.events();
        assertThat(events.subList(0, events.size() - 1)).allMatch("header"::equals);
        assertThat(events.get(events.size() - 1)).isNotEqualTo("header");
      }
    }
  }
}
