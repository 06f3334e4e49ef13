package io.muxio.core.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.muxio.core.frame.CoreLimits;
import io.muxio.core.frame.FrameFormat;
import io.muxio.core.frame.IdSpace;
import io.muxio.core.wire.Link;
import io.muxio.core.wire.RecordingListener;
import io.muxio.core.wire.RecordingRouter;
import io.muxio.core.wire.Wire;
import io.muxio.core.wire.WireFrame;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Bytes cut anywhere give the same events. Each case can be run again by its seed. */
class RpcSessionPropertyTest {
  private static final int CASES = 2500;

  @Test
  void theSameIsHeardWhereverTheBytesAreCut() {
    for (int seed = 0; seed < CASES; seed++) {
      try {
        cutAnywhere(new SplittableRandom(seed));
      } catch (Throwable e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
  }

  private static void cutAnywhere(SplittableRandom random) {
    FrameFormat format =
        random.nextBoolean() ? FrameFormat.GENERATION_13 : FrameFormat.GENERATION_21;
    Script script = new Script(random, format.headerSize());
    boolean detect = random.nextBoolean();
    try (Link link = Link.fast(IdSpace.SERVER, detect ? null : format, config -> config)) {
      if (detect) {
        byte[] first = script.firstFrame();
        int cut = random.nextInt(first.length);
        link.receivePart(Arrays.copyOf(first, cut), false);
        link.receivePart(Arrays.copyOfRange(first, cut, first.length), true);
        Script.feed(link, script.rest(), random);
      } else {
        Script.feed(link, Wire.concat(script.firstFrame(), script.rest()), random);
      }

      assertThat(link.router().log()).isEqualTo(script.log());
      for (RecordingRouter.Received call : link.router().calls()) {
        int id = call.call().requestId();
        assertThat(call.metadataBytes()).as("metadata of %s", id).isEqualTo(script.metadata(id));
        assertThat(call.listener().payload()).as("body of %s", id).isEqualTo(script.body(id));
      }
      List<WireFrame> pongs = Wire.frames(format.headerSize(), Wire.concat(link.flush()));
      assertThat(pongs).allMatch(frame -> frame.kind() == Wire.PONG);
      assertThat(pongs.stream().map(WireFrame::payload)).containsExactlyElementsOf(script.pings());
    }
  }

  /** Ours to ours: what one end writes, in whatever chunks and messages, the other one hears. */
  @Test
  void callsAndAnswersArriveByteExact() {
    for (int seed = 0; seed < 600; seed++) {
      try {
        thereAndBack(new SplittableRandom(seed));
      } catch (Throwable e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
  }

  private static void thereAndBack(SplittableRandom random) {
    FrameFormat format =
        random.nextBoolean() ? FrameFormat.GENERATION_13 : FrameFormat.GENERATION_21;
    try (Link client = Link.fast(IdSpace.CLIENT, format, config -> sized(config, random));
        Link server = Link.fast(IdSpace.SERVER, format, config -> sized(config, random))) {
      List<byte[]> sent = new ArrayList<>();
      List<RecordingListener> answers = new ArrayList<>();
      int calls = random.nextInt(1, 6);
      for (int i = 0; i < calls; i++) {
        byte[] parameters = new byte[parameterSize(random)];
        random.nextBytes(parameters);
        sent.add(parameters);
        answers.add(client.call(random.nextLong(), parameters));
      }
      Script.feed(server, Wire.concat(client.flush()), random);
      for (int i = calls - 1; i >= 0; i--) {
        RecordingRouter.Received call = server.router().calls().get(i);
        byte[] received = Wire.concat(call.metadataBytes(), call.listener().payload());
        assertThat(received).isEqualTo(sent.get(i));
        assertThat(call.listener().events()).containsExactly("end");
        call.call().respond(ResponseStatus.SUCCESS, server.buffer(received));
      }
      Script.feed(client, Wire.concat(server.flush()), random);
      for (int i = 0; i < calls; i++) {
        assertThat(answers.get(i).events()).containsExactly("header", "end");
        assertThat(answers.get(i).metadata()).isEqualTo(new byte[1]);
        assertThat(answers.get(i).payload()).isEqualTo(sent.get(i));
      }
      assertThat(client.dispatcher().pendingCalls()).isZero();
      assertThat(server.dispatcher().inboundCalls()).isZero();
      assertThat(client.dispatcher().session().openStreams()).isZero();
      assertThat(server.dispatcher().session().openStreams()).isZero();
    }
  }

  private static int parameterSize(SplittableRandom random) {
    return switch (random.nextInt(12)) {
      case 0 -> 65_535;
      case 1 -> 65_536;
      case 2 -> random.nextInt(200_000);
      case 3 -> 0;
      default -> random.nextInt(300);
    };
  }

  private static SessionConfig sized(SessionConfig config, SplittableRandom random) {
    int chunkSize = random.nextInt(3) == 0 ? 1 << 16 : random.nextInt(200, 100_000);
    int messageSize = random.nextInt(3) == 0 ? 1 : random.nextInt(1, 200_000);
    return new SessionConfig(
        config.idSpace(),
        config.format(),
        random.nextInt(),
        chunkSize,
        messageSize,
        CoreLimits.DEFAULT,
        config.allocator(),
        random::nextLong,
        () -> 0);
  }
}
