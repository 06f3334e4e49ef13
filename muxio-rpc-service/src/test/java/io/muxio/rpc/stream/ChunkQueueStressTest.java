package io.muxio.rpc.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcStatus;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Inbound streams between threads that race: nothing is lost, doubled, or kept. */
class ChunkQueueStressTest {
  private static final int CHUNKS = 300;
  private static final int CASES = 300;

  private final LoopThread loop = new LoopThread();
  private final ExecutorService pool = Executors.newFixedThreadPool(3);

  @AfterEach
  void close() throws Exception {
    pool.shutdown();
    assertThat(pool.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
    loop.stop();
  }

  @Test
  void aSubscriberGetsWhatItAskedForInOrderByOneThreadAtATime() throws Exception {
    for (int seed = 0; seed < CASES; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      Windows windows = Windows.fast();
      ChunkQueue queue = queue(windows);
      Checking subscriber = new Checking(random.split());
      produce(queue, windows, random.split());
      queue.subscribe(subscriber);
      assertThat(subscriber.done.get(20, TimeUnit.SECONDS)).as("seed " + seed).isEqualTo(CHUNKS);
      assertGivenBack(windows, seed);
    }
  }

  @Test
  void aReaderGetsAllInOrder() throws Exception {
    for (int seed = 0; seed < CASES; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      Windows windows = Windows.fast();
      ChunkQueue queue = queue(windows);
      produce(queue, windows, random.split());
      int next = 0;
      for (ByteBuf chunk = queue.read(); chunk != null; chunk = queue.read()) {
        assertThat(chunk.readInt()).as("seed " + seed).isEqualTo(next++);
        chunk.release();
      }
      assertThat(next).as("seed " + seed).isEqualTo(CHUNKS);
      assertGivenBack(windows, seed);
    }
  }

  @Test
  void anEndThatRacesLeavesNothing() throws Exception {
    for (int seed = 0; seed < CASES; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      Windows windows = Windows.fast();
      ChunkQueue queue = queue(windows);
      boolean subscribed = random.nextBoolean();
      Checking subscriber = new Checking(random.split());
      if (subscribed) {
        queue.subscribe(subscriber);
      }
      List<CompletableFuture<Void>> racing = new ArrayList<>();
      racing.add(produce(queue, windows, random.split()));
      racing.add(CompletableFuture.runAsync(ending(queue, subscriber, random.split()), pool));
      if (!subscribed) {
        racing.add(CompletableFuture.runAsync(() -> readToTheEnd(queue), pool));
      }
      for (CompletableFuture<Void> each : racing) {
        each.get(20, TimeUnit.SECONDS);
      }
      queue.discard();
      assertGivenBack(windows, seed);
      assertThat(subscriber.broken).as("seed " + seed).isNull();
    }
  }

  private ChunkQueue queue(Windows windows) {
    return new ChunkQueue(
        windows.open(),
        loop,
        pool,
        () -> {},
        cause -> {
          throw new AssertionError(cause);
        });
  }

  private Runnable ending(ChunkQueue queue, Checking subscriber, SplittableRandom random) {
    int spins = random.nextInt(20_000);
    int kind = random.nextInt(4);
    return () -> {
      for (int i = 0; i < spins; i++) {
        Thread.onSpinWait();
      }
      switch (kind) {
        case 0 -> queue.cancel();
        case 1 -> queue.discard();
        case 2 ->
            loop.execute(() -> queue.onFailure(new RpcException(RpcStatus.CANCELLED, "void")));
        default -> {
          if (subscriber.subscription == null) {
            queue.cancel();
          } else {
            subscriber.subscription.cancel();
          }
        }
      }
    };
  }

  private static void readToTheEnd(ChunkQueue queue) {
    try {
      for (ByteBuf chunk = queue.read(); chunk != null; chunk = queue.read()) {
        chunk.release();
      }
    } catch (RpcException e) {
      assertThat(e.status()).isEqualTo(RpcStatus.CANCELLED);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Chunks and the end, on the loop, in bursts. */
  private CompletableFuture<Void> produce(
      ChunkQueue queue, Windows windows, SplittableRandom random) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    loop.execute(() -> {});
    pool.execute(
        () -> {
          int number = 0;
          while (number < CHUNKS) {
            int from = number;
            number = Math.min(CHUNKS, number + random.nextInt(1, 20));
            int to = number;
            loop.execute(
                () -> {
                  for (int each = from; each < to; each++) {
                    queue.onChunk(windows.chunk(each));
                  }
                });
          }
          loop.execute(
              () -> {
                queue.onEnd();
                done.complete(null);
              });
        });
    return done;
  }

  private void assertGivenBack(Windows windows, int seed) throws Exception {
    loop.run(() -> assertThat(windows.bufferedBytes()).as("seed %s: charged", seed).isZero());
    // The subscriber may still be at the chunk that it got last.
    await()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(1))
        .untilAsserted(() -> assertThat(windows.memory()).as("seed %s: memory", seed).isZero());
  }

  /** Asks for a few at a time, from inside and outside of its signals. */
  private static final class Checking implements Flow.Subscriber<ByteBuf> {
    final CompletableFuture<Integer> done = new CompletableFuture<>();
    volatile Flow.Subscription subscription;
    volatile Throwable broken;
    private final SplittableRandom random;
    private final AtomicBoolean inside = new AtomicBoolean();
    private final AtomicLong asked = new AtomicLong();
    private int next;

    Checking(SplittableRandom random) {
      this.random = random;
    }

    private void enter() {
      if (!inside.compareAndSet(false, true)) {
        broken = new AssertionError("two signals at once");
      }
    }

    private void ask(int count) {
      asked.addAndGet(count);
      subscription.request(count);
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      enter();
      this.subscription = subscription;
      ask(1 + random.nextInt(3));
      inside.set(false);
    }

    @Override
    public void onNext(ByteBuf chunk) {
      enter();
      int number = chunk.readInt();
      chunk.release();
      if (number != next++ || asked.decrementAndGet() < 0) {
        broken = new AssertionError(number + " instead of " + (next - 1) + ", asked: " + asked);
      }
      if (asked.get() == 0 || random.nextInt(4) == 0) {
        ask(1 + random.nextInt(5));
      }
      inside.set(false);
    }

    @Override
    public void onError(Throwable cause) {
      enter();
      done.completeExceptionally(broken == null ? cause : broken);
      inside.set(false);
    }

    @Override
    public void onComplete() {
      enter();
      if (broken == null) {
        done.complete(next);
      } else {
        done.completeExceptionally(broken);
      }
      inside.set(false);
    }
  }
}
