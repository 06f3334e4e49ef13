package io.muxio.rpc.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcStatus;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An outbound stream whose writer waits, in threads that race. */
class ChunkSinkBlockingTest implements ChunkSink.Target {
  private final Windows windows = Windows.fast();
  private final LoopThread loop = new LoopThread();
  private final List<Integer> sent = new ArrayList<>();
  private final ChunkSink sink = sink();
  private boolean open = true;
  private int ends;

  /** Runs when the sink looks whether it may send. */
  private Runnable onLook = () -> {};

  private ChunkSink sink() {
    loop.onLook(this::look);
    return new ChunkSink(
        this,
        loop,
        Runnable::run,
        cause -> {
          throw new AssertionError(cause);
        });
  }

  @AfterEach
  void nothingIsLeft() throws Exception {
    sink.fail(new RpcException(RpcStatus.CANCELLED, "the test is over"));
    loop.stop();
    assertThat(windows.memory()).as("memory not given back").isZero();
  }

  @Override
  public boolean isOpen() {
    look();
    return open;
  }

  private void look() {
    onLook.run();
  }

  @Override
  public boolean hasCredit(int cost) {
    return true;
  }

  @Override
  public int chunkSize() {
    return 1 << 16;
  }

  @Override
  public void send(ByteBuf chunk) {
    sent.add(chunk.readInt());
    chunk.release();
  }

  @Override
  public void end() {
    ends++;
    open = false;
  }

  /** Writes in a thread of its own, which is known to wait when this returns. */
  private CompletableFuture<Void> waitingWriter(ByteBuf chunk, List<Thread> threads)
      throws Exception {
    loop.run(() -> loop.writable(false));
    sink.write(windows.bytes(1 << 16));
    CompletableFuture<Void> written = new CompletableFuture<>();
    Thread writer =
        new Thread(
            () -> {
              try {
                sink.write(chunk);
                written.complete(null);
              } catch (Throwable e) {
                written.completeExceptionally(e);
              }
            });
    threads.add(writer);
    writer.start();
    while (writer.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    return written;
  }

  /** It has found nothing to send, and is not told yet that there is something. */
  @Test
  void aChunkThatComesWhileTheSinkStopsToSendIsSent() throws Exception {
    AtomicInteger looks = new AtomicInteger();
    onLook =
        () -> {
          if (looks.incrementAndGet() == 3) {
            CompletableFuture.runAsync(() -> sink.writeAsync(windows.chunk(1))).join();
          }
        };
    loop.run(sink::drain);
    loop.run(() -> {}); // behind what the writer has asked for
    assertThat(sent).containsExactly(1);
  }

  @Test
  void aWriterWaitsForThePeerToRead() throws Exception {
    CompletableFuture<Void> written = waitingWriter(windows.chunk(7), new ArrayList<>());
    assertThat(written).isNotDone();
    loop.run(() -> loop.writable(true));
    written.get(20, TimeUnit.SECONDS);
    sink.end().toCompletableFuture().get(20, TimeUnit.SECONDS);
    assertThat(sent).containsExactly(0, 7);
  }

  @Test
  void anInterruptEndsTheWaitAndTheChunkIsNotSent() throws Exception {
    List<Thread> threads = new ArrayList<>();
    ByteBuf chunk = windows.chunk(7);
    CompletableFuture<Void> written = waitingWriter(chunk, threads);
    threads.get(0).interrupt();
    assertThatThrownBy(() -> written.get(20, TimeUnit.SECONDS))
        .hasCauseInstanceOf(InterruptedException.class);
    assertThat(chunk.refCnt()).isZero();
    loop.run(() -> loop.writable(true));
    sink.end().toCompletableFuture().get(20, TimeUnit.SECONDS);
    assertThat(sent).containsExactly(0);
  }

  @Test
  void aFailureEndsTheWait() throws Exception {
    ByteBuf chunk = windows.chunk(7);
    CompletableFuture<Void> written = waitingWriter(chunk, new ArrayList<>());
    sink.fail(new RpcException(RpcStatus.DISCONNECTED, "gone"));
    assertThatThrownBy(() -> written.get(20, TimeUnit.SECONDS))
        .cause()
        .isInstanceOfSatisfying(
            RpcException.class, e -> assertThat(e.status()).isEqualTo(RpcStatus.DISCONNECTED));
    assertThat(chunk.refCnt()).isZero();
  }

  @Test
  void theEndEndsTheWait() throws Exception {
    ByteBuf chunk = windows.chunk(7);
    CompletableFuture<Void> written = waitingWriter(chunk, new ArrayList<>());
    sink.end();
    loop.run(() -> loop.writable(true));
    assertThatThrownBy(() -> written.get(20, TimeUnit.SECONDS))
        .hasCauseInstanceOf(IllegalStateException.class);
    assertThat(chunk.refCnt()).isZero();
  }

  @Test
  void writeOnTheConnectionsThreadIsRefused() throws Exception {
    ByteBuf chunk = windows.chunk(7);
    loop.run(
        () ->
            assertThatThrownBy(() -> sink.write(chunk))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("event loop"));
    assertThat(chunk.refCnt()).isZero();
  }

  @Test
  void whateverThePeerDoesAllArrivesInOrderAndLittleWaits() throws Exception {
    SplittableRandom random = new SplittableRandom(42);
    int chunks = 20_000;
    Thread peer =
        new Thread(
            () -> {
              while (!Thread.currentThread().isInterrupted()) {
                boolean reads = random.nextInt(3) > 0;
                loop.execute(() -> loop.writable(reads));
                Thread.onSpinWait();
              }
            });
    peer.start();
    long most = 0;
    for (int number = 0; number < chunks; number++) {
      if (random.nextBoolean()) {
        sink.write(windows.chunk(number));
      } else {
        sink.writeAsync(windows.chunk(number)).get(20, TimeUnit.SECONDS);
      }
      most = Math.max(most, windows.memory());
    }
    peer.interrupt();
    peer.join();
    loop.run(() -> loop.writable(true));
    sink.end().toCompletableFuture().get(20, TimeUnit.SECONDS);

    assertThat(sent).hasSize(chunks).isSorted();
    assertThat(ends).isEqualTo(1);
    assertThat(most).isLessThan(1 << 16);
  }

  @Test
  void aFailureThatRacesWithWritersLeavesNothing() throws Exception {
    for (int seed = 0; seed < 500; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      ChunkSink own = sink();
      int spins = random.nextInt(5_000);
      Thread failing =
          new Thread(
              () -> {
                for (int i = 0; i < spins; i++) {
                  Thread.onSpinWait();
                }
                own.fail(new RpcException(RpcStatus.CANCELLED, "void"));
              });
      failing.start();
      try {
        for (int number = 0; number < 200; number++) {
          own.write(windows.chunk(number));
        }
        own.end();
      } catch (RpcException e) {
        assertThat(e.status()).isEqualTo(RpcStatus.CANCELLED);
      }
      failing.join();
      loop.run(() -> open = true);
      assertThat(windows.memory()).as("seed " + seed).isZero();
    }
  }
}
