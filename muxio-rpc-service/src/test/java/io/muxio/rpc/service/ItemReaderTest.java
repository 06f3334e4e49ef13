package io.muxio.rpc.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A loop over the items of a publisher that is no stream of a peer. */
class ItemReaderTest {
  private static final int MANY = 1_000;

  private final ByHand source = new ByHand();
  private final ItemReader<Object> reader = ItemReader.of(source);
  private final Iterator<Object> items = reader.iterator();

  /** Its items are given by the test. */
  private static final class ByHand implements Flow.Publisher<Object>, Flow.Subscription {
    final List<Long> requests = new ArrayList<>();
    Flow.Subscriber<? super Object> subscriber;
    volatile boolean cancelled;

    @Override
    public void subscribe(Flow.Subscriber<? super Object> subscriber) {
      this.subscriber = subscriber;
      subscriber.onSubscribe(this);
    }

    @Override
    public void request(long count) {
      requests.add(count);
    }

    @Override
    public void cancel() {
      cancelled = true;
    }

    void give(int count) {
      IntStream.range(0, count).forEach(subscriber::onNext);
    }
  }

  @Test
  void aLoopWaitsForEachItem() throws Exception {
    SubmissionPublisher<Integer> publisher = new SubmissionPublisher<>();
    CompletableFuture<List<Integer>> read = new CompletableFuture<>();
    Thread loop =
        new Thread(
            () -> {
              List<Integer> all = new ArrayList<>();
              try (ItemReader<Integer> numbers = ItemReader.of(publisher)) {
                numbers.forEach(all::add);
              }
              read.complete(all);
            });
    loop.start();
    await().until(publisher::hasSubscribers);
    IntStream.range(0, MANY).forEach(publisher::submit);
    publisher.close();
    assertThat(read.get(20, TimeUnit.SECONDS)).isEqualTo(IntStream.range(0, MANY).boxed().toList());
  }

  @Test
  void asManyAreAskedForAsTheLoopIsLikelyToTakeSoon() {
    source.give(16);
    IntStream.range(0, 7).forEach(i -> items.next());
    assertThat(source.requests).containsExactly(16L);
    items.next();
    assertThat(source.requests).containsExactly(16L, 8L);
  }

  @Test
  void whatCameBeforeTheEndIsRead() {
    source.give(2);
    source.subscriber.onComplete();
    assertThat(items.next()).isEqualTo(0);
    assertThat(items.hasNext()).isTrue();
    assertThat(items.next()).isEqualTo(1);
    assertThat(items.hasNext()).isFalse();
    assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(items::next);
    reader.close();
    assertThat(items.hasNext()).isFalse();
    assertThat(source.cancelled).isFalse();
  }

  @Test
  void whatCameBeforeTheFailureIsRead() {
    source.give(1);
    IllegalStateException cause = new IllegalStateException("broken");
    source.subscriber.onError(cause);
    assertThat(items.next()).isEqualTo(0);
    assertThatExceptionOfType(RpcException.class)
        .isThrownBy(items::hasNext)
        .withCause(cause)
        .extracting(RpcException::status, RpcException::detail)
        .containsExactly(RpcStatus.SYSTEM_ERROR, "broken");
  }

  @Test
  void anRpcExceptionKeepsItsStatus() {
    source.subscriber.onError(new RpcException(RpcStatus.NOT_FOUND, "gone"));
    assertFails(RpcStatus.NOT_FOUND, "gone");
  }

  @Test
  void whoeverThrowsInsteadOfServingFails() {
    ItemReader<Object> refused =
        ItemReader.of(
            subscriber -> {
              throw new IllegalStateException("no more subscribers");
            });
    assertThatExceptionOfType(RpcException.class)
        .isThrownBy(() -> refused.iterator().hasNext())
        .withMessageContaining("no more subscribers");
  }

  private void assertFails(RpcStatus status, String detail) {
    assertThatExceptionOfType(RpcException.class)
        .isThrownBy(items::hasNext)
        .withMessageContaining(detail)
        .extracting(RpcException::status)
        .isEqualTo(status);
  }

  @Test
  void anItemThatNobodyAskedForFailsTheReader() {
    source.give(16);
    ByteBuf unasked = Unpooled.buffer(1);
    source.subscriber.onNext(unasked);
    assertThat(unasked.refCnt()).isZero();
    assertThat(source.cancelled).isTrue();
    IntStream.range(0, 16).forEach(i -> items.next());
    assertFails(RpcStatus.SYSTEM_ERROR, "an item that nobody asked for");
  }

  @Test
  void closingDropsWhatWaitsAndWhatComes() {
    List<ByteBuf> buffers = IntStream.range(0, 3).mapToObj(i -> Unpooled.buffer(1)).toList();
    source.subscriber.onNext(buffers.get(0));
    source.subscriber.onNext(buffers.get(1));
    assertThat(items.hasNext()).isTrue();
    reader.close();
    reader.close();
    source.subscriber.onNext(buffers.get(2));
    assertThat(buffers).allMatch(buffer -> buffer.refCnt() == 0);
    assertThat(source.cancelled).isTrue();
    assertFails(RpcStatus.CANCELLED, "cancelled by its reader");
  }

  @Test
  void aSecondSubscriptionIsCancelled() {
    ByHand second = new ByHand();
    source.subscriber.onSubscribe(second);
    assertThat(second.cancelled).isTrue();
    assertThat(source.cancelled).isFalse();
  }

  /** What a thread that reads ends with. */
  private CompletableFuture<Boolean> wakenBy(Runnable waker) {
    CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                interrupted.completeExceptionally(new AssertionError("" + items.next()));
              } catch (RpcException e) {
                assertThat(e.status()).isEqualTo(RpcStatus.CANCELLED);
                interrupted.complete(Thread.currentThread().isInterrupted());
              }
            });
    thread.start();
    await().until(() -> thread.getState() == Thread.State.WAITING);
    if (waker == null) {
      thread.interrupt();
    } else {
      waker.run();
    }
    return interrupted;
  }

  @Test
  void anInterruptClosesTheReaderAndIsKept() throws Exception {
    assertThat(wakenBy(null).get(20, TimeUnit.SECONDS)).isTrue();
    assertThat(source.cancelled).isTrue();
  }

  @Test
  void anotherThreadMayCloseIt() throws Exception {
    assertThat(wakenBy(reader::close).get(20, TimeUnit.SECONDS)).isFalse();
    assertThat(source.cancelled).isTrue();
  }
}
