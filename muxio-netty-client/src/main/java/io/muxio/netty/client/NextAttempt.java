package io.muxio.netty.client;

import io.muxio.netty.ConnectionLimits;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When a client that has no connection tries again: asks the policy and waits. On the client's
 * event loop only, but for the policy.
 */
final class NextAttempt {
  private static final Logger logger = LoggerFactory.getLogger(RpcClient.class);

  private final ClientConfig config;
  private final EventLoop loop;
  private final Executor background;
  private final Executor onLoop;

  /** From the question to the attempt. */
  private boolean expected;

  /** Once the policy has said how long. */
  private @Nullable Future<?> delay;

  private int attempts;
  private long delayNanos;
  private long connectedNanos;

  /**
   * Makes what has not been asked for any attempt.
   *
   * @param config of the client
   * @param loop the client's event loop
   * @param background asks the policy, one question after the other
   * @param onLoop runs tasks on the loop, or in its place where it has terminated
   */
  NextAttempt(ClientConfig config, EventLoop loop, Executor background, Executor onLoop) {
    this.config = config;
    this.loop = loop;
    this.background = background;
    this.onLoop = onLoop;
  }

  /** There is a connection. */
  void connected() {
    connectedNanos = System.nanoTime();
  }

  /** There is none any more; tells whether it has lasted, so that the attempts begin anew. */
  boolean endedAfterAll() {
    boolean lasted = System.nanoTime() - connectedNanos >= delayNanos;
    if (lasted) {
      attempts = 0;
    }
    return lasted;
  }

  /**
   * Asks the policy and waits as long as it says.
   *
   * @param failure why there is no connection
   * @param atOnce whether not to wait; the policy may still give up
   * @param attempt called when it is time
   * @param giveUp called where there will be no attempt, with why
   */
  void schedule(Throwable failure, boolean atOnce, Runnable attempt, Consumer<Throwable> giveUp) {
    expected = true;
    int number = ++attempts;
    background.execute(
        () -> {
          Duration answer = ask(number, failure);
          onLoop.execute(
              () -> {
                if (expected && answer == null) {
                  expected = false;
                  giveUp.accept(failure);
                } else if (expected && answer != null) {
                  await(answer, atOnce, attempt, giveUp);
                }
              });
        });
  }

  private @Nullable Duration ask(int number, Throwable failure) {
    try {
      return config.policy().delay(number, failure);
    } catch (Throwable e) {
      logger.error("{}: the reconnect policy failed, no more attempts", config.server(), e);
      return null;
    }
  }

  private void await(Duration wait, boolean atOnce, Runnable attempt, Consumer<Throwable> giveUp) {
    Duration bounded =
        wait.compareTo(ConnectionLimits.LONGEST) > 0 ? ConnectionLimits.LONGEST : wait;
    delayNanos = Math.max(0, bounded.toNanos());
    Runnable due =
        () -> {
          if (expected) {
            expected = false;
            attempt.run();
          }
        };
    if (atOnce) {
      due.run();
      return;
    }
    try {
      delay = loop.schedule(due, delayNanos, TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      expected = false;
      giveUp.accept(e); // the user's event loop has terminated
    }
  }

  /** There is to be no attempt. */
  void cancel() {
    expected = false;
    if (delay != null) {
      delay.cancel(false);
    }
  }
}
