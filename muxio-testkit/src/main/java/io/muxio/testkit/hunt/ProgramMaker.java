package io.muxio.testkit.hunt;

import io.muxio.core.frame.CoreLimits;
import io.muxio.core.frame.FrameFormat;
import io.muxio.testkit.contract.PairOptions;
import io.muxio.testkit.hunt.Step.Leaving;
import io.muxio.testkit.hunt.Step.Mode;
import io.muxio.testkit.hunt.StreamStep.Act;
import io.muxio.testkit.hunt.StreamStep.Kind;
import io.muxio.testkit.hunt.StreamStep.Pace;
import io.muxio.testkit.hunt.StreamStep.Reader;
import io.muxio.testkit.hunt.StreamStep.Writer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Makes a program of random numbers: the same one of the same seed. */
final class ProgramMaker {
  private static final int MAX_FIRST = 8;
  private static final int MAX_DEPTH = 4;
  private static final int MAX_STEPS = 40;
  private static final int MAX_CHUNK = 1 << 17;

  /** Without credit a stream that nobody reads holds the others up for so long. */
  private static final Duration READER_TIMEOUT = Duration.ofMillis(5);

  private final Random random;
  private int steps;

  private ProgramMaker(long seed) {
    random = new Random(seed);
  }

  static Program make(long seed, boolean extension) {
    ProgramMaker maker = new ProgramMaker(seed);
    PairOptions options =
        new PairOptions(FrameFormat.GENERATION_13, extension, maker.limits(), READER_TIMEOUT);
    List<Step> first = new ArrayList<>();
    int count = 1 + maker.random.nextInt(MAX_FIRST);
    for (int i = 0; i < count; i++) {
      boolean stalled = maker.isOneOf(4);
      first.add(maker.step(maker.random.nextBoolean(), stalled, 0));
    }
    return new Program(options, first);
  }

  private boolean isOneOf(int count) {
    return random.nextInt(count) == 0;
  }

  private <T> T anyOf(T[] values) {
    return values[random.nextInt(values.length)];
  }

  /** From 1 to a power of two; small ones are as likely as large ones. */
  private int size(int maxBits) {
    return 1 + random.nextInt(1 << random.nextInt(maxBits + 1));
  }

  private CoreLimits limits() {
    int streamWindow = 16 << random.nextInt(13);
    int most = isOneOf(4) ? streamWindow : streamWindow + (1 << 18);
    CoreLimits.Builder limits =
        CoreLimits.builder()
            .streamWindow(streamWindow)
            .maxStreamBufferedBytes(most)
            .connectionWindow(16 << random.nextInt(16));
    if (isOneOf(3)) {
      limits.maxInboundCalls(1 + size(5));
    }
    if (isOneOf(3)) {
      limits.maxPendingCalls(1 + size(5));
    }
    if (isOneOf(8)) {
      limits.maxRequestSize(MAX_CHUNK / 4).maxResponseSize(MAX_CHUNK / 4);
    }
    if (isOneOf(8)) {
      limits.maxBufferedBytes(1 << 20);
    }
    return limits.build();
  }

  private Step step(boolean toServer, boolean stalled, int depth) {
    return stalled || isOneOf(2) ? stream(toServer, stalled, depth) : unary(toServer, depth);
  }

  private Leaving leaving() {
    return isOneOf(3) ? anyOf(Leaving.values()) : Leaving.NEVER;
  }

  private UnaryStep unary(boolean toServer, int depth) {
    int id = steps++;
    List<Step> children = new ArrayList<>();
    for (int left = random.nextInt(3); left > 0 && mayNest(depth); left--) {
      children.add(step(!toServer, false, depth + 1));
    }
    return new UnaryStep(
        id,
        toServer,
        anyOf(Mode.values()),
        leaving(),
        size(17),
        size(17),
        isOneOf(8),
        random.nextBoolean(),
        children);
  }

  private boolean mayNest(int depth) {
    return depth < MAX_DEPTH && steps < MAX_STEPS;
  }

  private StreamStep stream(boolean toServer, boolean stalled, int depth) {
    int id = steps++;
    boolean stalledReader = stalled && random.nextBoolean();
    Mode mode = stalled && !stalledReader ? Mode.BLOCKING : anyOf(Mode.values());
    List<Act> acts = new ArrayList<>();
    if (stalled && !stalledReader) {
      acts.add(new Act(Kind.STALL, 0, 0, null));
    }
    if (mode == Mode.BLOCKING) {
      addActs(acts, !toServer, depth);
    }
    Pace pace = stalledReader ? Pace.STALLED : isOneOf(3) ? Pace.SLOW : Pace.EAGER;
    return new StreamStep(
        id,
        toServer,
        mode,
        leaving(),
        new Writer(callerMode(), random.nextInt(24), size(17)),
        new Reader(callerMode(), pace, isOneOf(3) ? random.nextInt(6) : Integer.MAX_VALUE),
        acts);
  }

  private Mode callerMode() {
    return random.nextBoolean() ? Mode.BLOCKING : Mode.ASYNC;
  }

  private void addActs(List<Act> acts, boolean toServer, int depth) {
    if (isOneOf(4)) {
      acts.add(new Act(Kind.ECHO_REST, 0, 0, null));
      return;
    }
    for (int left = random.nextInt(6); left > 0; left--) {
      Kind kind = anyOf(Kind.values());
      switch (kind) {
        case CALL -> {
          if (mayNest(depth)) {
            acts.add(new Act(kind, 0, 0, step(toServer, false, depth + 1)));
          }
        }
        case STALL -> {} // only where the whole call is meant to
        case READ, WRITE, READ_REST, ECHO_REST, CANCEL_REQUEST, FAIL ->
            acts.add(new Act(kind, random.nextInt(12), size(17), null));
      }
    }
  }
}
