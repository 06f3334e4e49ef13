package io.muxio.rpc.service;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** Time and chance of retries, which tests replace. */
interface RetryTiming {
  /** Those of the JVM. */
  RetryTiming SYSTEM =
      new RetryTiming() {
        @Override
        public long nanoTime() {
          return System.nanoTime();
        }

        @Override
        public double random() {
          return ThreadLocalRandom.current().nextDouble();
        }

        @Override
        public CompletableFuture<?> after(long nanos, Runnable task) {
          CompletableFuture<Void> pause =
              new CompletableFuture<Void>().completeOnTimeout(null, nanos, TimeUnit.NANOSECONDS);
          pause.thenRunAsync(task); // the timer's thread is that of the whole JVM
          return pause;
        }
      };

  /** As {@link System#nanoTime}. */
  long nanoTime();

  /** 0 to less than 1. */
  double random();

  /** Runs a task later, unless what it returns is cancelled before. */
  CompletableFuture<?> after(long nanos, Runnable task);
}
