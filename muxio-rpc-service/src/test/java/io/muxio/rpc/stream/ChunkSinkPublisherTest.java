package io.muxio.rpc.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcStatus;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An outbound stream that is written by a publisher, a good one or a bad one. */
class ChunkSinkPublisherTest {
  private final SinkFixture fixture = new SinkFixture();
  private final ChunkSink sink = fixture.sink;
  private final Source source = new Source();

  @AfterEach
  void nothingIsLeft() {
    fixture.assertNothingLeft();
  }

  /** A publisher that does what the test says, whatever it is asked. */
  private static final class Source implements Flow.Publisher<ByteBuf>, Flow.Subscription {
    Flow.Subscriber<? super ByteBuf> subscriber;
    long asked;
    int cancels;
    LongConsumer atRequest = count -> {};

    @Override
    public void subscribe(Flow.Subscriber<? super ByteBuf> subscriber) {
      this.subscriber = subscriber;
      subscriber.onSubscribe(this);
    }

    @Override
    public void request(long count) {
      asked += count;
      atRequest.accept(count);
    }

    @Override
    public void cancel() {
      cancels++;
    }
  }

  private CompletableFuture<Void> writeAll() {
    CompletableFuture<Void> written = sink.writeAll(source).toCompletableFuture();
    fixture.settle();
    return written;
  }

  @Test
  void itIsAskedForMoreAsItsChunksLeave() {
    CompletableFuture<Void> written = writeAll();
    long first = source.asked;
    assertThat(first).isPositive();
    fixture.thread.writable(false);
    for (int number = 0; number < first; number++) {
      source.subscriber.onNext(fixture.costing(SinkFixture.FULL));
    }
    fixture.settle();
    assertThat(source.asked).as("nothing has left").isEqualTo(first);
    fixture.thread.writable(true);
    fixture.settle();
    assertThat(source.asked).isEqualTo(2 * first);
    source.subscriber.onComplete();
    assertThat(written).isNotDone();
    fixture.settle();
    assertThat(written).isCompleted();
    assertThat(fixture.sent).hasSize((int) first + 1).endsWith("end");
    assertThat(source.cancels).isZero();
  }

  @Test
  void itMayEmitFromWithinItsRequest() {
    int[] next = new int[1];
    source.atRequest =
        count -> {
          for (long i = 0; i < count && next[0] < 1000; i++) {
            source.subscriber.onNext(fixture.chunk(next[0]++));
          }
          if (next[0] == 1000) {
            next[0]++;
            source.subscriber.onComplete();
          }
        };
    assertThat(writeAll()).isCompleted();
    assertThat(fixture.sent).hasSize(1001).startsWith("0", "1").endsWith("999", "end");
  }

  @Test
  void emptyChunksDoNotStopIt() {
    int[] left = {1000};
    source.atRequest =
        count -> {
          for (long i = 0; i < count && left[0] > 0; i++) {
            left[0]--;
            source.subscriber.onNext(fixture.windows.bytes(0));
          }
        };
    writeAll();
    assertThat(left[0]).isZero();
    source.subscriber.onComplete();
    fixture.settle();
    assertThat(fixture.sent).containsExactly("end");
  }

  @Test
  void itsFailureVoidsTheStream() {
    CompletableFuture<Void> written = writeAll();
    source.subscriber.onNext(fixture.chunk(1));
    fixture.settle();
    source.subscriber.onNext(fixture.chunk(2));
    IllegalStateException failure = new IllegalStateException("deliberate");
    source.subscriber.onError(failure);
    fixture.settle();

    assertThat(fixture.broken).containsExactly(failure);
    assertThat(fixture.sent).containsExactly("1");
    assertThatThrownBy(written::get).isInstanceOf(ExecutionException.class).hasCause(failure);
    assertThat(source.cancels).as("it is over already").isZero();
  }

  @Test
  void oneThatGivesMoreThanItWasAskedForVoidsTheStream() {
    writeAll();
    fixture.thread.writable(false);
    for (long i = 0; i <= source.asked; i++) {
      source.subscriber.onNext(fixture.chunk(1));
    }
    source.subscriber.onNext(fixture.chunk(1));
    fixture.settle();
    fixture.thread.writable(true);
    fixture.settle();

    assertThat(fixture.broken).hasSize(1);
    assertThat(fixture.broken.get(0)).hasMessageContaining("nobody asked for");
    assertThat(fixture.sent).isEmpty();
    assertThat(source.cancels).isEqualTo(1);
  }

  @Test
  void itIsCancelledWithTheStreamAndWhatItGivesLaterIsReleased() {
    CompletableFuture<Void> written = writeAll();
    sink.fail(new RpcException(RpcStatus.DISCONNECTED, "gone"));
    source.subscriber.onNext(fixture.chunk(1));
    fixture.settle();
    source.subscriber.onNext(fixture.chunk(2));
    source.subscriber.onError(new IllegalStateException("late"));

    assertThat(source.cancels).isEqualTo(1);
    assertThat(written).isCompletedExceptionally();
    assertThat(fixture.broken).isEmpty();
    assertThat(fixture.windows.memory()).isZero();
  }

  @Test
  void oneThatSubscribesAfterTheStreamFailedIsCancelled() {
    Flow.Publisher<ByteBuf> late = subscriber -> source.subscriber = subscriber;
    sink.writeAll(late);
    sink.fail(new RpcException(RpcStatus.DISCONNECTED, "gone"));
    source.subscriber.onSubscribe(source);
    fixture.settle();
    assertThat(source.cancels).isEqualTo(1);
    assertThat(source.asked).isZero();
  }

  @Test
  void itsSecondSubscriptionIsCancelled() {
    writeAll();
    Source second = new Source();
    source.subscriber.onSubscribe(second);
    fixture.settle();
    assertThat(second.cancels).isEqualTo(1);
    assertThat(second.asked).isZero();
    assertThat(source.cancels).isZero();
  }

  @Test
  void oneThatThrowsVoidsTheStream() {
    CompletableFuture<Void> written =
        sink.writeAll(
                subscriber -> {
                  throw new IllegalStateException("deliberate");
                })
            .toCompletableFuture();
    fixture.settle();
    assertThat(fixture.broken).hasSize(1);
    assertThat(written).isCompletedExceptionally();
  }

  @Test
  void oneThatThrowsWhenItIsAskedVoidsTheStream() {
    source.atRequest =
        count -> {
          throw new IllegalStateException("deliberate");
        };
    assertThat(writeAll()).isCompletedExceptionally();
    assertThat(fixture.broken).hasSize(1);
  }

  @Test
  void theStreamEndsWithItAndNotBefore() {
    writeAll();
    source.subscriber.onNext(fixture.chunk(1));
    CompletableFuture<Void> ended = sink.end().toCompletableFuture();
    fixture.settle();
    assertThat(ended).isNotDone();
    source.subscriber.onNext(fixture.chunk(2));
    source.subscriber.onComplete();
    fixture.settle();
    assertThat(fixture.sent).containsExactly("1", "2", "end");
    assertThat(ended).isCompleted();
  }

  @Test
  void thereIsOne() {
    writeAll();
    assertThatThrownBy(() -> sink.writeAll(new Source()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("already");
    source.subscriber.onComplete();
    fixture.settle();
    assertThatThrownBy(() -> sink.writeAll(new Source())).isInstanceOf(IllegalStateException.class);
    assertThat(fixture.sent).containsExactly("end");
  }

  @Test
  void anEmptyOneEndsTheStream() {
    source.atRequest = count -> {};
    CompletableFuture<Void> written =
        sink.writeAll(
                subscriber -> {
                  subscriber.onSubscribe(source);
                  subscriber.onComplete();
                })
            .toCompletableFuture();
    fixture.settle();
    assertThat(written).isCompleted();
    assertThat(fixture.sent).containsExactly("end");
  }

  @Test
  void anExecutorThatRefusesVoidsTheStream() {
    fixture.callbacks.reject(true);
    CompletableFuture<Void> written = sink.writeAll(source).toCompletableFuture();
    fixture.settle();
    assertThat(fixture.broken).hasSize(1);
    assertThat(source.cancels).isEqualTo(1);
    assertThat(written).isCompletedExceptionally();
  }
}
