package io.muxio.testkit.hunt;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A streaming call, which is read and written by its caller at the same time: so no handler can
 * wait for its caller for ever, in whatever order it reads and writes.
 *
 * @param id see {@link Step}
 * @param toServer see {@link Step}
 * @param mode of its handler: one that does not block echoes, or sends everything back to its
 *     caller's end and echoes what comes from there
 * @param leaving see {@link Step}
 * @param writer of the request
 * @param reader of the answer
 * @param acts of its handler, where that blocks, in this order
 */
record StreamStep(
    int id,
    boolean toServer,
    Mode mode,
    Leaving leaving,
    Writer writer,
    Reader reader,
    List<Act> acts)
    implements Step {

  /** How fast somebody reads. */
  enum Pace {
    EAGER,
    /** Makes a unary call of the peer after each chunk. */
    SLOW,
    /** Waits until all calls have ended that do not do so. */
    STALLED
  }

  /** What a handler does. */
  enum Kind {
    READ,
    WRITE,
    READ_REST,
    ECHO_REST,
    CALL,
    CANCEL_REQUEST,
    /** Waits as {@link Pace#STALLED} does. */
    STALL,
    FAIL
  }

  /** Who writes chunks and then ends the stream. */
  record Writer(Mode mode, int chunks, int size) {}

  /** Who reads to the end, or until it has so many chunks. */
  record Reader(Mode mode, Pace pace, int most) {}

  /** One thing that a handler does: with so many chunks of a size, or a call. */
  record Act(Kind kind, int chunks, int size, @Nullable Step call) {}

  @Override
  public boolean isStalled() {
    return reader.pace() == Pace.STALLED || acts.stream().anyMatch(act -> act.kind() == Kind.STALL);
  }

  /** Whether all that is written comes back. */
  boolean isEcho() {
    return mode != Mode.BLOCKING || (acts.size() == 1 && acts.get(0).kind() == Kind.ECHO_REST);
  }

  @Override
  public List<Step> children() {
    return acts.stream().map(Act::call).filter(Objects::nonNull).toList();
  }
}
