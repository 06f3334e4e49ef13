package io.muxio.testkit.hunt;

import java.util.List;

/**
 * One call of a {@link Program}. Its id travels in front of its request, so that the end that is
 * called knows what to do.
 */
sealed interface Step permits UnaryStep, StreamStep {
  /** How a handler serves, or a caller reads and writes. */
  enum Mode {
    BLOCKING,
    ASYNC,
    EVENT_LOOP
  }

  /** When a caller gives its call up. */
  enum Leaving {
    NEVER,
    AT_ONCE,
    /** Once the handler has begun. */
    WHEN_SERVED,
    /** Once any other call has ended. */
    WHEN_ANOTHER_ENDS,
    /** After a few milliseconds. */
    DEADLINE
  }

  /** Its number in the program. */
  int id();

  /** Whether the client calls. */
  boolean toServer();

  /** How it is served. */
  Mode mode();

  /** When its caller gives it up. */
  Leaving leaving();

  /** Whether it ends only after those that do not, on purpose. */
  boolean isStalled();

  /** What its handler calls. */
  List<Step> children();
}
