package io.muxio.testkit.typed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.muxio.rpc.endpoint.ExecutionMode;
import io.muxio.rpc.endpoint.RpcEndpoint;
import io.muxio.rpc.service.CallOptions;
import io.muxio.rpc.service.ItemReader;
import io.muxio.rpc.service.ItemWriter;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcStatus;
import io.muxio.testkit.InMemoryLink;
import io.muxio.testkit.Usage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Streams of a service that are read and written by loops which wait. */
class StreamLoopTest {
  private static final int MANY = 1_000;

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final LoopShop implementation = new LoopShop();
  private InMemoryLink link;

  /** Reads and writes by loops. */
  private final class LoopShop extends OpenShop {
    final CompletableFuture<Throwable> left = new CompletableFuture<>();

    @Override
    public double total(double discount, Flow.Publisher<Double> prices) {
      double total = 0;
      try (ItemReader<Double> all = ItemReader.of(prices)) {
        for (double price : all) {
          total += price * (1 - discount);
          if (price < 0) {
            return 0;
          }
        }
      }
      return total;
    }

    @Override
    public Flow.Publisher<Item> items(String article, int count) {
      return ItemWriter.publisher(
          threads,
          items -> {
            try {
              for (int index = 0; index < Math.abs(count); index++) {
                items.write(new Item(article, index));
              }
            } catch (RpcException e) {
              left.complete(e);
              throw e;
            }
            if (count < 0) {
              throw new OutOfStock("none at all", new OutOfStock.Left(article, 0));
            }
          });
    }
  }

  private Shop connect() {
    return connect(ExecutionMode.EXECUTOR, threads);
  }

  private Shop connect(ExecutionMode mode, Executor handlers) {
    RpcEndpoint endpoint =
        RpcEndpoint.builder().service(Shop.class, implementation, mode).exposeErrors(true).build();
    link = InMemoryLink.builder().server(endpoint).handlerExecutor(handlers).connect();
    return link.client().caller().service(Shop.class, CallOptions.deadline(Duration.ofSeconds(20)));
  }

  @AfterEach
  void nothingIsLeft() {
    Awaitility.await().until(() -> link.clientUsage().equals(Usage.ZERO));
    Awaitility.await().until(() -> link.serverUsage().equals(Usage.ZERO));
    link.close();
    Awaitility.await().until(() -> link.allocatedBytes() == 0);
    threads.shutdown();
  }

  private static <T> List<T> all(Flow.Publisher<T> publisher) {
    List<T> items = new ArrayList<>();
    try (ItemReader<T> reader = ItemReader.of(publisher)) {
      reader.forEach(items::add);
    }
    return items;
  }

  private Flow.Publisher<Double> prices(double price, int count) {
    return ItemWriter.publisher(
        threads,
        items -> {
          for (int index = 0; index < count; index++) {
            items.write(price);
          }
        });
  }

  @Test
  void anAnswerIsWrittenAndRead() throws Exception {
    Shop shop = connect();
    assertThat(all(shop.items("tea", MANY)))
        .isEqualTo(IntStream.range(0, MANY).mapToObj(i -> new Shop.Item("tea", i)).toList());
    assertThat(all(shop.items("tea", 0))).isEmpty();
  }

  @Test
  void aRequestIsWrittenAndRead() {
    assertThat(connect().total(0.5, prices(2.0, MANY))).isEqualTo(MANY);
  }

  @Test
  void aConversationIsWrittenWhileItIsRead() {
    Flow.Publisher<String> questions =
        ItemWriter.publisher(
            threads,
            items -> {
              for (int number = 0; number < MANY; number++) {
                items.write("x".repeat(number));
              }
            });
    assertThat(all(connect().chat(questions)))
        .isEqualTo(IntStream.range(0, MANY).mapToObj("x"::repeat).toList());
  }

  @Test
  void anItemMayBeLongerThanAChunk() {
    String text = "x".repeat(300_000);
    Counting<String> texts =
        new Counting<>(4, i -> i % 2 == 0 ? "" : text, new CompletableFuture<>());
    assertThat(all(connect().chat(texts))).containsExactly("", text, "", text);
  }

  @Test
  void whoLeavesTheLoopCancelsTheCall() throws Exception {
    try (ItemReader<Shop.Item> items = ItemReader.of(connect().items("tea", Integer.MAX_VALUE))) {
      for (Shop.Item item : items) {
        if (item.count() == 3) {
          break;
        }
      }
    }
    assertThat(implementation.left)
        .succeedsWithin(Duration.ofSeconds(20))
        .isInstanceOfSatisfying(
            RpcException.class, e -> assertThat(e.status()).isEqualTo(RpcStatus.CANCELLED));
  }

  @Test
  void aHandlerMayLeaveItsLoop() {
    assertThat(connect().total(0.5, prices(-1, MANY))).isZero();
  }

  /** A stream whose items another thread brings would wait for the thread that waits for it. */
  @Test
  void aHandlerThatWaitsNeedsNoSecondThread() {
    ExecutorService one = Executors.newSingleThreadExecutor();
    Shop shop = connect(ExecutionMode.EXECUTOR, one);
    assertThat(shop.total(0.5, prices(2.0, MANY))).isEqualTo(MANY);
    one.shutdown();
  }

  @Test
  void aDeclaredErrorIsTheCause() throws Exception {
    Shop shop = connect();
    Iterator<Shop.Item> items = ItemReader.of(shop.items("tea", -1)).iterator();
    assertThatExceptionOfType(RpcException.class)
        .isThrownBy(() -> items.forEachRemaining(item -> {}))
        .withMessageContaining("shop.items")
        .withCauseInstanceOf(OutOfStock.class)
        .extracting(RpcException::status)
        .isEqualTo(RpcStatus.FAIL);
  }

  @Test
  void bytesBelongToTheirReader() {
    Shop shop = connect();
    Counting<ByteBuf> chunks =
        new Counting<>(
            3,
            i -> Unpooled.copiedBuffer("" + i, StandardCharsets.UTF_8),
            new CompletableFuture<>());
    StringBuilder text = new StringBuilder();
    try (ItemReader<ByteBuf> answer = ItemReader.of(shop.raw(chunks))) {
      for (ByteBuf chunk : answer) {
        text.append(chunk.toString(StandardCharsets.UTF_8));
        chunk.release();
      }
    }
    assertThat(text).hasToString("012");
  }

  @Test
  void whatIsNotReadIsDropped() {
    Shop shop = connect();
    Counting<ByteBuf> chunks =
        new Counting<>(
            Integer.MAX_VALUE, i -> Unpooled.buffer(64).writeZero(64), new CompletableFuture<>());
    try (ItemReader<ByteBuf> answer = ItemReader.of(shop.raw(chunks))) {
      assertThat(answer.iterator().hasNext()).isTrue();
    }
    assertThat(chunks.cancelled()).succeedsWithin(Duration.ofSeconds(20));
  }

  /** At any moment of the reader's; what is held there is seen when the test is over. */
  @Test
  void anyThreadMayCloseAReaderThatReads() {
    Shop shop = connect();
    String text = "x".repeat(100_000);
    for (int round = 0; round < 10; round++) {
      CompletableFuture<Void> left = new CompletableFuture<>();
      closeWhileItReads(
          shop.raw(
              new Counting<>(Integer.MAX_VALUE, i -> Unpooled.buffer(64).writeZero(64), left)));
      closeWhileItReads(shop.chat(new Counting<>(Integer.MAX_VALUE, i -> text, left)));
    }
  }

  private void closeWhileItReads(Flow.Publisher<?> publisher) {
    ItemReader<Object> reader = ItemReader.of(publisher);
    CountDownLatch begun = new CountDownLatch(3);
    CompletableFuture<Void> reading =
        CompletableFuture.runAsync(
            () ->
                reader.forEach(
                    item -> {
                      ReferenceCountUtil.release(item);
                      begun.countDown();
                    }),
            threads);
    Awaitility.await().until(() -> begun.getCount() == 0);
    reader.close();
    assertThat(reading)
        .failsWithin(Duration.ofSeconds(20))
        .withThrowableOfType(ExecutionException.class)
        .withCauseInstanceOf(RpcException.class);
  }

  /** Its first item never comes. */
  private static final class Silent implements Flow.Publisher<String>, Flow.Subscription {
    final CompletableFuture<Void> cancelled = new CompletableFuture<>();

    @Override
    public void subscribe(Flow.Subscriber<? super String> subscriber) {
      subscriber.onSubscribe(this);
    }

    @Override
    public void request(long count) {}

    @Override
    public void cancel() {
      cancelled.complete(null);
    }
  }

  @Test
  void whoWaitsIsWokenByAnInterruptOrByTheEnd() throws Exception {
    Shop shop = connect();
    assertThat(interruptedWhenWoken(shop, (reader, thread) -> thread.interrupt())).isTrue();
    assertThat(interruptedWhenWoken(shop, (reader, thread) -> reader.close())).isFalse();
  }

  private boolean interruptedWhenWoken(Shop shop, BiConsumer<ItemReader<String>, Thread> waker)
      throws Exception {
    Silent silent = new Silent();
    ItemReader<String> reader = ItemReader.of(shop.chat(silent));
    CompletableFuture<RpcStatus> thrown = new CompletableFuture<>();
    CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                reader.iterator().next();
              } catch (RpcException e) {
                thrown.complete(e.status());
                interrupted.complete(Thread.currentThread().isInterrupted());
              }
            });
    thread.start();
    Awaitility.await().until(() -> thread.getState() == Thread.State.WAITING);
    waker.accept(reader, thread);
    assertThat(thrown.get(20, TimeUnit.SECONDS)).isEqualTo(RpcStatus.CANCELLED);
    assertThat(silent.cancelled).succeedsWithin(Duration.ofSeconds(20));
    return interrupted.get(20, TimeUnit.SECONDS);
  }

  @Test
  void anEventLoopIsRefused() {
    Shop shop = connect(ExecutionMode.EVENT_LOOP, threads);
    assertThatExceptionOfType(RpcException.class)
        .isThrownBy(() -> shop.total(0.5, prices(1, 1)))
        .withMessageContaining("read() on the connection's event loop");
  }
}
