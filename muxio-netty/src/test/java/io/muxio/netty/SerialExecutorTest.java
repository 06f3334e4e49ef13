package io.muxio.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.muxio.test.ManualExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SerialExecutorTest {
  private final ManualExecutor pool = ManualExecutor.pool();
  private final SerialExecutor serial = new SerialExecutor(pool);
  private final List<String> ran = new CopyOnWriteArrayList<>();

  @Test
  void tasksRunInTheirOrderAndOneThatThrowsHoldsUpNoOther() {
    serial.execute(() -> ran.add("one"));
    serial.execute(
        () -> {
          throw new IllegalStateException("thrown as the test wants it");
        });
    serial.execute(() -> ran.add("three"));
    assertThat(ran).as("on the thread that brings them").isEmpty();
    pool.runAll();
    serial.execute(() -> ran.add("four"));
    pool.runAll();

    assertThat(ran).containsExactly("one", "three", "four");
  }

  @Test
  void neverTwoAtATime() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    SerialExecutor onThreads = new SerialExecutor(threads);
    AtomicInteger running = new AtomicInteger();
    List<Integer> order = new ArrayList<>();
    List<Integer> expected = IntStream.range(0, 10_000).boxed().toList();
    for (int number : expected) {
      onThreads.execute(
          () -> {
            assertThat(running.incrementAndGet()).isEqualTo(1);
            order.add(number); // safe, as no two run at a time
            running.decrementAndGet();
          });
    }
    onThreads.execute(() -> ran.add("last"));
    await().until(() -> !ran.isEmpty());

    assertThat(order).isEqualTo(expected);
    threads.shutdown();
  }

  /** As a pool does that can start no thread. */
  @Test
  void aPoolThatBreaksDownBreaksNothingElse() {
    SerialExecutor onBroken =
        new SerialExecutor(
            task -> {
              throw new OutOfMemoryError("thrown as the test wants it");
            });
    onBroken.execute(() -> ran.add("one"));
    await().until(() -> ran.contains("one"));
    onBroken.execute(() -> ran.add("two"));
    await().until(() -> ran.contains("two"));
  }

  @Test
  void whatThePoolRefusesRunsOnAThreadOfItsOwn() {
    pool.reject(true);
    serial.execute(() -> ran.add(Thread.currentThread().getName()));

    await().until(() -> ran.equals(List.of("muxio-callback-late")));
  }
}
