package io.muxio.rpc.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcStatus;
import io.muxio.test.ManualExecutor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An inbound stream that is read by a subscriber. */
class ChunkQueueSubscriberTest {
  private final Windows windows = new Windows();
  private final ManualThread thread = new ManualThread();
  private final ManualExecutor signals = ManualExecutor.pool();
  private final List<String> told = new ArrayList<>();
  private final ChunkQueue queue =
      new ChunkQueue(
          windows.open(),
          thread,
          signals,
          () -> told.add("cancelled"),
          cause -> told.add("broken: " + cause.getMessage()));
  private final RecordingSubscriber subscriber = new RecordingSubscriber();

  @AfterEach
  void nothingIsLeft() {
    queue.cancel();
    settle();
    assertThat(windows.bufferedBytes()).as("bytes still charged").isZero();
    assertThat(windows.memory()).as("memory not given back").isZero();
  }

  private void settle() {
    while (signals.waiting() + thread.executor.waiting() > 0) {
      signals.runAll();
      thread.executor.runAll();
    }
  }

  private void arrive(int... numbers) {
    for (int number : numbers) {
      thread.executor.run(() -> queue.onChunk(windows.chunk(number)));
    }
  }

  private void end() {
    thread.executor.run(queue::onEnd);
  }

  private void fail() {
    thread.executor.run(() -> queue.onFailure(new RpcException(RpcStatus.DISCONNECTED, "gone")));
  }

  @Test
  void chunksComeInOrderAsFarAsTheyAreAskedFor() {
    queue.subscribe(subscriber);
    arrive(1, 2, 3);
    settle();
    assertThat(subscriber.events).containsExactly("subscribed");
    subscriber.subscription.request(2);
    settle();
    assertThat(subscriber.events).containsExactly("subscribed", "1", "2");
    subscriber.subscription.request(2);
    settle();
    assertThat(subscriber.events).containsExactly("subscribed", "1", "2", "3");
    arrive(4, 5);
    settle();
    assertThat(subscriber.events).containsExactly("subscribed", "1", "2", "3", "4");
  }

  @Test
  void everySignalIsOnTheExecutorAndBehindOnSubscribe() {
    arrive(1);
    end();
    queue.subscribe(subscriber.atSubscribe(self -> self.subscription.request(9)));
    assertThat(subscriber.events).as("on this thread").containsExactly("subscribed");
    settle();
    assertThat(subscriber.events).containsExactly("subscribed", "1", "complete");
  }

  @Test
  void theEndNeedsNoDemandWhereNothingWaits() {
    queue.subscribe(subscriber);
    end();
    settle();
    assertThat(subscriber.events).containsExactly("subscribed", "complete");
  }

  @Test
  void theEndWaitsForTheChunksBeforeIt() {
    queue.subscribe(subscriber);
    arrive(1);
    end();
    settle();
    assertThat(subscriber.events).containsExactly("subscribed");
    subscriber.subscription.request(1);
    settle();
    assertThat(subscriber.events).containsExactly("subscribed", "1", "complete");
  }

  @Test
  void aFailureOvertakesWhatWaits() {
    queue.subscribe(subscriber);
    arrive(1, 2);
    fail();
    settle();
    assertThat(subscriber.events).containsExactly("subscribed", "error");
    assertThat(subscriber.failure).isInstanceOf(RpcException.class).hasMessageContaining("gone");
    assertThat(told).isEmpty();
  }

  @Test
  void aFailureBehindTheEndChangesNothing() {
    queue.subscribe(subscriber);
    arrive(1);
    end();
    fail();
    subscriber.subscription.request(1);
    settle();
    assertThat(subscriber.events).containsExactly("subscribed", "1", "complete");
  }

  @Test
  void aSubscriberThatCancelsHearsNothingMoreAndTheOtherEndIsToldOnce() {
    queue.subscribe(subscriber.atNext(self -> self.subscription.cancel()));
    subscriber.subscription.request(Long.MAX_VALUE);
    arrive(1, 2);
    settle();
    subscriber.subscription.cancel();
    queue.cancel();
    arrive(3);
    end();
    settle();
    assertThat(subscriber.events).containsExactly("subscribed", "1");
    assertThat(told).containsExactly("cancelled");
    assertThat(windows.bufferedBytes()).isZero();
  }

  @Test
  void aCancelOfAStreamThatHasEndedIsToldNobody() {
    queue.subscribe(subscriber);
    arrive(1);
    end();
    subscriber.subscription.cancel();
    settle();
    assertThat(subscriber.events).containsExactly("subscribed");
    assertThat(told).isEmpty();
    assertThat(windows.memory()).isZero();
  }

  @Test
  void demandAddsUpWithoutOverflow() {
    queue.subscribe(subscriber);
    subscriber.subscription.request(Long.MAX_VALUE - 1);
    subscriber.subscription.request(Long.MAX_VALUE);
    arrive(1, 2, 3);
    settle();
    assertThat(subscriber.events).containsExactly("subscribed", "1", "2", "3");
  }

  @Test
  void aRequestOfNothingIsAnError() {
    for (long count : new long[] {0, -1, Long.MIN_VALUE}) {
      Windows own = new Windows();
      ChunkQueue refusing = new ChunkQueue(own.open(), thread, signals, () -> {}, cause -> {});
      RecordingSubscriber asking = new RecordingSubscriber();
      refusing.subscribe(asking);
      thread.executor.run(() -> refusing.onChunk(own.chunk(1)));
      asking.subscription.request(count);
      asking.subscription.request(1);
      settle();
      assertThat(asking.events).containsExactly("subscribed", "error");
      assertThat(asking.failure).isInstanceOf(IllegalArgumentException.class);
      assertThat(own.memory() + own.bufferedBytes()).isZero();
    }
  }

  @Test
  void asManyRequestsAsThereAreChunksNeedNoStack() {
    int count = 100_000;
    int[] heard = new int[1];
    queue.subscribe(
        new RecordingSubscriber() {
          @Override
          public void onNext(io.netty.buffer.ByteBuf chunk) {
            assertThat(chunk.readInt()).isEqualTo(heard[0]++);
            chunk.release();
            subscription.request(1);
          }
        }.atSubscribe(self -> self.subscription.request(1)));
    for (int number = 0; number < count; number++) {
      arrive(number);
      if (number % 10_000 == 0) {
        settle();
      }
    }
    settle();
    assertThat(heard[0]).isEqualTo(count);
  }

  @Test
  void aSecondSubscriberIsToldSo() {
    queue.subscribe(subscriber);
    RecordingSubscriber second = new RecordingSubscriber();
    queue.subscribe(second);
    second.subscription.request(1);
    second.subscription.cancel();
    arrive(1);
    subscriber.subscription.request(1);
    settle();
    assertThat(second.events).containsExactly("subscribed", "error");
    assertThat(second.failure).isInstanceOf(IllegalStateException.class);
    assertThat(subscriber.events).containsExactly("subscribed", "1");
  }

  @Test
  void nobodyIsNoSubscriber() {
    assertThatThrownBy(() -> queue.subscribe(null)).isInstanceOf(NullPointerException.class);
    queue.subscribe(subscriber);
    assertThat(subscriber.events).containsExactly("subscribed");
    assertThat(subscriber.failure).isNull();
  }

  @Test
  void aSubscriberThatThrowsLosesItsStreamAndTheCallIsToldOnce() {
    queue.subscribe(
        subscriber.atNext(
            self -> {
              throw new IllegalStateException("deliberate");
            }));
    subscriber.subscription.request(9);
    arrive(1, 2);
    settle();
    arrive(3);
    settle();
    assertThat(subscriber.events).containsExactly("subscribed", "1");
    assertThat(told).containsExactly("broken: deliberate");
    assertThat(windows.memory()).isZero();
  }

  @Test
  void aSubscriberThatThrowsAtOnceLosesItsStreamToo() {
    arrive(1);
    queue.subscribe(
        subscriber.atSubscribe(
            self -> {
              throw new IllegalStateException("deliberate");
            }));
    settle();
    assertThat(subscriber.events).containsExactly("subscribed");
    assertThat(told).containsExactly("broken: deliberate");
    assertThat(windows.memory()).isZero();
  }

  @Test
  void anExecutorThatRefusesBreaksTheCall() {
    queue.subscribe(subscriber);
    subscriber.subscription.request(9);
    settle();
    signals.reject(true);
    arrive(1, 2);
    signals.reject(false);
    settle();
    assertThat(subscriber.events).containsExactly("subscribed");
    assertThat(told).containsExactly("broken: the test rejects it");
    assertThat(windows.memory()).isZero();
  }

  @Test
  void anExecutorThatRefusesBehindTheEndBreaksNothing() {
    queue.subscribe(subscriber);
    end();
    settle();
    signals.reject(true);
    subscriber.subscription.request(1);
    subscriber.subscription.cancel();
    signals.reject(false);
    assertThat(subscriber.events).containsExactly("subscribed", "complete");
    assertThat(told).isEmpty();
  }

  @Test
  void whatIsDiscardedFailsItsSubscriber() {
    queue.subscribe(subscriber);
    arrive(1);
    queue.discard();
    settle();
    assertThat(subscriber.events).containsExactly("subscribed", "error");
    assertThat(told).isEmpty();
  }
}
