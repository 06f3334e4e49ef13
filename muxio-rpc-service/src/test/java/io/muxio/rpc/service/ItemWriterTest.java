package io.muxio.rpc.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** A loop that writes the items of a publisher. */
class ItemWriterTest {
  private final AtomicReference<Thread> thread = new AtomicReference<>();
  private final Executor threads =
      task -> {
        thread.set(new Thread(task));
        thread.get().start();
      };

  /** Asks when the test says. */
  private static final class Asking implements Flow.Subscriber<Object> {
    final List<Object> items = new ArrayList<>();
    final CompletableFuture<Void> ended = new CompletableFuture<>();
    volatile Flow.Subscription subscription;
    volatile int count;

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      this.subscription = subscription;
    }

    @Override
    public void onNext(Object item) {
      items.add(item);
      count = items.size();
    }

    @Override
    public void onError(Throwable cause) {
      ended.completeExceptionally(cause);
    }

    @Override
    public void onComplete() {
      ended.complete(null);
    }
  }

  private final Asking asking = new Asking();

  private void awaitLoopWaits() {
    await().until(() -> thread.get().getState() == Thread.State.WAITING);
  }

  @Test
  void theLoopWaitsUntilItIsAsked() throws Exception {
    ItemWriter.publisher(
            threads,
            items -> {
              for (int number = 0; number < 5; number++) {
                items.write(number);
              }
            })
        .subscribe(asking);
    awaitLoopWaits();
    assertThat(asking.count).isZero();
    asking.subscription.request(2);
    await().until(() -> asking.count == 2);
    awaitLoopWaits();
    assertThat(asking.count).isEqualTo(2);
    asking.subscription.request(Long.MAX_VALUE);
    asking.subscription.request(Long.MAX_VALUE);
    asking.ended.get(20, TimeUnit.SECONDS);
    assertThat(asking.items).containsExactly(0, 1, 2, 3, 4);
  }

  @Test
  void eachSubscriberHasALoop() throws Exception {
    Flow.Publisher<Object> publisher =
        ItemWriter.publisher(Runnable::run, items -> assertThat(items.isCancelled()).isFalse());
    publisher.subscribe(asking);
    Asking other = new Asking();
    publisher.subscribe(other);
    asking.ended.get(20, TimeUnit.SECONDS);
    other.ended.get(20, TimeUnit.SECONDS);
  }

  @Test
  void whatTheLoopThrowsIsTheFailure() {
    Exception cause = new Exception("no more");
    ItemWriter.publisher(
            Runnable::run,
            items -> {
              throw cause;
            })
        .subscribe(asking);
    assertThat(catchThrowable(asking.ended::join)).hasCause(cause);
  }

  @Test
  void whoCancelsEndsTheLoopAndHearsNoMore() throws Exception {
    ByteBuf dropped = Unpooled.buffer(1);
    CompletableFuture<Throwable> thrown = new CompletableFuture<>();
    CompletableFuture<Boolean> cancelled = new CompletableFuture<>();
    ItemWriter.publisher(
            threads,
            items -> {
              thrown.complete(catchThrowable(() -> items.write(dropped)));
              cancelled.complete(items.isCancelled());
            })
        .subscribe(asking);
    awaitLoopWaits();
    asking.subscription.cancel();
    assertThat(thrown.get(20, TimeUnit.SECONDS))
        .isInstanceOfSatisfying(
            RpcException.class, e -> assertThat(e.status()).isEqualTo(RpcStatus.CANCELLED));
    assertThat(cancelled.get(20, TimeUnit.SECONDS)).isTrue();
    thread.get().join(20_000);
    assertThat(dropped.refCnt()).isZero();
    assertThat(asking.ended).isNotDone();
  }

  @Test
  void whoCancelsAtOnceRunsNoLoop() {
    ItemWriter.publisher(
            task -> {
              throw new AssertionError("it runs");
            },
            items -> {})
        .subscribe(
            new Flow.Subscriber<>() {
              @Override
              public void onSubscribe(Flow.Subscription subscription) {
                subscription.cancel();
              }

              @Override
              public void onNext(Object item) {
                throw new AssertionError("an item: " + item);
              }

              @Override
              public void onError(Throwable cause) {
                throw new AssertionError("an error", cause);
              }

              @Override
              public void onComplete() {
                throw new AssertionError("the end");
              }
            });
  }

  @Test
  void anInterruptedLoopFailsAndItsItemIsReleased() {
    ByteBuf dropped = Unpooled.buffer(1);
    ItemWriter.publisher(threads, items -> items.write(dropped)).subscribe(asking);
    awaitLoopWaits();
    thread.get().interrupt();
    assertThat(asking.ended)
        .failsWithin(Duration.ofSeconds(20))
        .withThrowableOfType(ExecutionException.class)
        .withCauseInstanceOf(InterruptedException.class);
    assertThat(dropped.refCnt()).isZero();
  }

  @Test
  void aBadRequestFailsTheSubscriber() {
    ItemWriter.publisher(threads, items -> items.write("never")).subscribe(asking);
    asking.subscription.request(-1);
    assertThat(catchThrowable(asking.ended::join))
        .cause()
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("request: -1 (expected: 1 or more)");
  }

  @Test
  void anExecutorThatRefusesIsTheFailure() {
    ItemWriter.publisher(
            task -> {
              throw new RejectedExecutionException("full");
            },
            items -> {})
        .subscribe(asking);
    assertThat(catchThrowable(asking.ended::join))
        .cause()
        .isInstanceOf(RejectedExecutionException.class);
  }

  @Test
  void nothingIsWrittenBehindTheEnd() {
    AtomicReference<ItemWriter<Object>> kept = new AtomicReference<>();
    ItemWriter.publisher(Runnable::run, kept::set).subscribe(asking);
    assertThatIllegalStateException()
        .isThrownBy(() -> kept.get().write("late"))
        .withMessageContaining("the loop has returned");
    assertThatExceptionOfType(NullPointerException.class).isThrownBy(() -> kept.get().write(null));
  }
}
