package io.muxio.examples.datastore.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Exports and verifications neither keep short reads waiting nor the close. */
class LongReadTest {
  @TempDir Path directory;

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private Store store;

  @BeforeEach
  void open() throws Exception {
    store = Store.open(StoreOptions.builder(directory).sync(SyncPolicy.OS).build());
    store
        .write(List.of(new Entry(new byte[] {1}, new byte[2]), new Entry(new byte[2], new byte[3])))
        .get(30, TimeUnit.SECONDS);
  }

  @AfterEach
  void end() {
    store.close();
    threads.shutdown();
  }

  private long export(Progress progress) {
    try {
      return store.exportTo(Channels.newChannel(new ByteArrayOutputStream()), progress);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void haveBoundsOfTheirOwn() throws Exception {
    CountDownLatch started = new CountDownLatch(10);
    CountDownLatch goOn = new CountDownLatch(1);
    Progress stopped =
        (entries, bytes) -> {
          started.countDown();
          try {
            goOn.await();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        };
    List<CompletableFuture<?>> running = new ArrayList<>();
    try {
      for (int i = 0; i < 8; i++) {
        running.add(CompletableFuture.supplyAsync(() -> export(stopped), threads));
      }
      for (int i = 0; i < 2; i++) {
        running.add(CompletableFuture.supplyAsync(() -> store.verify(stopped), threads));
      }
      assertThat(started.await(30, TimeUnit.SECONDS)).isTrue();
      assertThatThrownBy(() -> export(Progress.NONE))
          .isInstanceOf(StoreException.class)
          .hasMessage(directory + ": 8 exports are running (expected: fewer)");
      assertThatThrownBy(() -> store.verify(Progress.NONE))
          .isInstanceOf(StoreException.class)
          .hasMessage(directory + ": 2 verifications are running (expected: fewer)");
      assertThat(store.count()).isEqualTo(2);
    } finally {
      goOn.countDown();
    }
    for (CompletableFuture<?> one : running) {
      one.get(30, TimeUnit.SECONDS);
    }
    assertThat(export(Progress.NONE)).isEqualTo(2);
    assertThat(store.verify(Progress.NONE).isSound()).isTrue();
  }

  @Test
  void areBrokenOffByTheClose() throws Exception {
    CountDownLatch started = new CountDownLatch(2);
    CompletableFuture<Long> export =
        CompletableFuture.supplyAsync(
            () -> export(untilClosing(started, () -> export(Progress.NONE))), threads);
    CompletableFuture<StoreReport> verification =
        CompletableFuture.supplyAsync(
            () -> store.verify(untilClosing(started, () -> store.verify(Progress.NONE))), threads);
    assertThat(started.await(30, TimeUnit.SECONDS)).isTrue();
    store.close();
    for (CompletableFuture<?> broken : List.of(export, verification)) {
      assertThatThrownBy(() -> broken.get(30, TimeUnit.SECONDS))
          .cause()
          .isInstanceOf(StoreException.class)
          .hasMessage("cannot read " + directory + ": the store is being closed");
    }
  }

  /** Stops a read after its first entry until another of its kind is refused by the close. */
  private static Progress untilClosing(CountDownLatch started, Runnable another) {
    return (entries, bytes) -> {
      started.countDown();
      boolean open = true;
      while (open) {
        try {
          another.run();
        } catch (IllegalStateException | StoreException e) {
          open = false;
        }
      }
    };
  }
}
