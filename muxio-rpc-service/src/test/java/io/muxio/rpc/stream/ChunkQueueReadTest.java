package io.muxio.rpc.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.muxio.core.frame.CoreLimits;
import io.muxio.core.frame.ProtocolException;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcStatus;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An inbound stream that is read by a thread that waits. */
class ChunkQueueReadTest {
  private final Windows windows =
      new Windows(
          CoreLimits.builder().maxStreamBufferedBytes(4096).build(),
          new UnpooledByteBufAllocator(false));
  private final LoopThread loop = new LoopThread();
  private final AtomicInteger cancels = new AtomicInteger();
  private final ChunkQueue queue =
      new ChunkQueue(
          windows.open(),
          loop,
          task -> {
            throw new AssertionError("nobody subscribes");
          },
          cancels::incrementAndGet,
          cause -> {
            throw new AssertionError(cause);
          });

  @AfterEach
  void nothingIsLeft() throws Exception {
    queue.cancel();
    loop.run(() -> assertThat(windows.bufferedBytes()).as("bytes still charged").isZero());
    loop.stop();
    assertThat(windows.memory()).as("memory not given back").isZero();
  }

  private void arrive(int... numbers) throws Exception {
    loop.run(
        () -> {
          for (int number : numbers) {
            queue.onChunk(windows.chunk(number));
          }
        });
  }

  private int readNumber() throws InterruptedException {
    ByteBuf chunk = queue.read();
    assertThat(chunk).isNotNull();
    int number = chunk.readInt();
    chunk.release();
    return number;
  }

  /** Something that waits in a thread of its own, which is known to wait when this returns. */
  private static Reading waiting(java.util.concurrent.Callable<Object> task) throws Exception {
    Reading reading = new Reading(task);
    reading.thread.start();
    while (reading.thread.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    return reading;
  }

  private static final class Reading {
    final CompletableFuture<Object> result = new CompletableFuture<>();
    final Thread thread;

    Reading(java.util.concurrent.Callable<Object> task) {
      thread =
          new Thread(
              () -> {
                try {
                  result.complete(task.call());
                } catch (Throwable e) {
                  result.completeExceptionally(e);
                }
              });
    }

    Object get() throws Exception {
      return result.get(20, TimeUnit.SECONDS);
    }
  }

  @Test
  void chunksAreReadInOrderAndThenTheEnd() throws Exception {
    arrive(1, 2);
    loop.run(queue::onEnd);
    assertThat(readNumber()).isEqualTo(1);
    assertThat(readNumber()).isEqualTo(2);
    assertThat(queue.read()).isNull();
    assertThat(queue.read()).as("again").isNull();
    loop.run(() -> assertThat(windows.bufferedBytes()).isZero());
  }

  @Test
  void aReaderWaitsForTheNextChunk() throws Exception {
    Reading reading = waiting(this::readNumber);
    arrive(1);
    assertThat(reading.get()).isEqualTo(1);
  }

  @Test
  void aReaderThatWaitsIsToldOfTheEnd() throws Exception {
    Reading reading = waiting(queue::read);
    loop.run(queue::onEnd);
    assertThat(reading.get()).isNull();
  }

  @Test
  void aReaderThatWaitsIsToldOfTheFailure() throws Exception {
    Reading reading = waiting(queue::read);
    loop.run(() -> queue.onFailure(new RpcException(RpcStatus.DISCONNECTED, "gone")));
    assertThatThrownBy(reading::get)
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOfSatisfying(
            RpcException.class,
            e -> {
              assertThat(e.status()).isEqualTo(RpcStatus.DISCONNECTED);
              assertThat(e.detail()).isEqualTo("gone");
            });
    assertThatThrownBy(queue::read).as("again").isInstanceOf(RpcException.class);
  }

  @Test
  void aReaderThatWaitsIsToldThatAnotherThreadCancels() throws Exception {
    Reading reading = waiting(queue::read);
    queue.cancel();
    assertThatThrownBy(reading::get).hasCauseInstanceOf(RpcException.class);
    assertThat(cancels).hasValue(1);
  }

  @Test
  void anInterruptEndsTheWaitAndLosesNothing() throws Exception {
    Reading reading = waiting(queue::read);
    reading.thread.interrupt();
    assertThatThrownBy(reading::get).hasCauseInstanceOf(InterruptedException.class);
    arrive(1);
    assertThat(readNumber()).isEqualTo(1);
  }

  @Test
  void aFailureDropsWhatWaits() throws Exception {
    arrive(1, 2);
    loop.run(() -> queue.onFailure(new RpcException(RpcStatus.CANCELLED, "cancelled")));
    assertThat(windows.memory()).isZero();
    assertThatThrownBy(queue::read).isInstanceOf(RpcException.class);
  }

  @Test
  void readOnTheConnectionsThreadIsRefused() throws Exception {
    arrive(1);
    loop.run(
        () ->
            assertThatThrownBy(queue::read)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("event loop"));
    assertThat(readNumber()).as("the chunk is still there").isEqualTo(1);
  }

  @Test
  void readerAndSubscriberExcludeEachOther() throws Exception {
    arrive(1, 2);
    assertThat(readNumber()).isEqualTo(1);
    RecordingSubscriber subscriber = new RecordingSubscriber();
    queue.subscribe(subscriber);
    assertThat(subscriber.events).containsExactly("subscribed", "error");
    assertThat(readNumber()).isEqualTo(2);

    ChunkQueue subscribed = new ChunkQueue(windows.open(), loop, task -> {}, () -> {}, cause -> {});
    subscribed.subscribe(new RecordingSubscriber());
    assertThatThrownBy(subscribed::read)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("subscriber");
  }

  @Test
  void tooMuchFailsOnArrivalAndIsReleased() throws Exception {
    loop.run(
        () -> {
          queue.onChunk(windows.bytes(3000));
          assertThat(windows.isCongested()).isTrue();
          assertThatThrownBy(() -> queue.onChunk(windows.bytes(1000)))
              .isInstanceOf(ProtocolException.class)
              .hasMessageContaining("maxStreamBufferedBytes");
        });
    assertThat(windows.memory()).isEqualTo(3000);
  }

  @Test
  void theConnectionIsToldWhatWasReadAlsoWhereChunksWaitBehindIt() throws Exception {
    loop.run(
        () -> {
          for (int i = 0; i < 12; i++) {
            queue.onChunk(windows.bytes(128));
          }
          assertThat(windows.isCongested()).isTrue();
        });
    for (int i = 0; i < 11; i++) {
      queue.read().release();
    }
    loop.run(() -> assertThat(windows.isCongested()).isFalse());
  }

  @Test
  void aStreamThatWasReadWholeStaysWhole() throws Exception {
    arrive(1);
    loop.run(queue::onEnd);
    assertThat(readNumber()).isEqualTo(1);
    queue.discard();
    assertThat(queue.read()).isNull();
  }

  @Test
  void chunksThatComeWhenItIsOverAreReleased() throws Exception {
    queue.cancel();
    arrive(1);
    loop.run(queue::onEnd);
    assertThat(windows.memory()).isZero();
    assertThatThrownBy(queue::read).isInstanceOf(RpcException.class);
  }

  @Test
  void severalThreadsThatWaitAreAllToldOfTheEnd() throws Exception {
    CountDownLatch told = new CountDownLatch(3);
    for (int i = 0; i < 3; i++) {
      waiting(
          () -> {
            ByteBuf chunk = queue.read();
            told.countDown();
            return chunk;
          });
    }
    loop.run(queue::onEnd);
    assertThat(told.await(20, TimeUnit.SECONDS)).isTrue();
  }
}
