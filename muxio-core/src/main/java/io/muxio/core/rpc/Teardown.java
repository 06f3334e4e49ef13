package io.muxio.core.rpc;

import io.muxio.core.frame.Turn;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Queue;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is left to do when a connection has ended: one part after the other, each thing by itself,
 * so that one that fails does not keep the others from their end. Used on the connection's thread
 * only.
 */
final class Teardown {
  private static final Logger logger = LoggerFactory.getLogger(RpcDispatcher.class);

  private record Part<T>(Iterator<T> things, Consumer<T> end, int steps) {
    void endNext() {
      try {
        end.accept(things.next());
      } catch (Throwable e) {
        logger.error("a call's listener failed while its connection was closed", e);
      }
    }
  }

  private final Queue<Part<?>> parts = new ArrayDeque<>();
  private boolean running;

  /** Adds what comes behind the parts that are there; each thing counts as so many steps. */
  <T> Teardown then(Iterator<T> things, Consumer<T> end, int steps) {
    parts.add(new Part<>(things, end, steps));
    return this;
  }

  /** Goes on until the turn is over; true where nothing is left. */
  boolean goOn(Turn turn) {
    if (running) {
      return false; // called by a listener that is just told; who called before goes on
    }
    running = true;
    try {
      return endThings(turn);
    } finally {
      running = false;
    }
  }

  private boolean endThings(Turn turn) {
    for (Part<?> part = parts.peek(); part != null; part = parts.peek()) {
      while (part.things.hasNext()) {
        if (turn.isOver()) {
          return false;
        }
        turn.steps(part.steps);
        part.endNext();
      }
      parts.remove();
    }
    return true;
  }
}
