package io.muxio.testkit.typed;

import io.muxio.rpc.endpoint.CallContext;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcStatus;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.stream.DoubleStream;

/** Serves the shop, with hooks for what tests want to see. */
class OpenShop implements Shop {
  final List<CallContext> calls = new ArrayList<>();
  final CompletableFuture<Void> cancelled = new CompletableFuture<>();
  final CountDownLatch reached = new CountDownLatch(1);
  volatile CompletableFuture<Double> product;

  @Override
  public CompletionStage<Void> open(int hour) throws Closed {
    if (hour < 8) {
      throw new Closed("too early", 8);
    }
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public double add(double[] prices) {
    calls.add(CallContext.current());
    return DoubleStream.of(prices).sum();
  }

  @Override
  public CompletionStage<Double> multiply(double[] prices) {
    CompletableFuture<Double> given = product;
    if (given != null) {
      reached.countDown();
      return given;
    }
    return CompletableFuture.completedFuture(DoubleStream.of(prices).reduce(1, (a, b) -> a * b));
  }

  @Override
  public List<Item> order(String article, int count, byte[] note, Optional<Item> other)
      throws OutOfStock {
    if (count > 10) {
      throw new OutOfStock("only 10 left", new OutOfStock.Left(article, 10));
    }
    List<Item> ordered = new ArrayList<>(List.of(new Item(article, count + note.length)));
    other.ifPresent(ordered::add);
    return ordered;
  }

  @Override
  public CompletionStage<Item> orderLater(Item item) {
    return item.count() <= 10
        ? CompletableFuture.completedFuture(item)
        : CompletableFuture.failedFuture(
            new OutOfStock("only 10 left", new OutOfStock.Left(item.article(), 10)));
  }

  @Override
  public void clear() {
    throw new RpcException(RpcStatus.NOT_FOUND, "nothing to clear");
  }

  @Override
  public byte[] bytes(byte[] bytes) {
    return bytes;
  }

  @Override
  public ByteBuf buffer(ByteBuf bytes) {
    return bytes;
  }

  @Override
  public Flow.Publisher<Item> items(String article, int count) throws OutOfStock {
    if (count < 0) {
      throw new OutOfStock("none at all", new OutOfStock.Left(article, 0));
    }
    return new Counting<>(count, index -> new Item(article, index), cancelled);
  }

  @Override
  public double total(double discount, Flow.Publisher<Double> prices) {
    List<Double> all = Collected.of(prices).join();
    return all.stream().mapToDouble(price -> price * (1 - discount)).sum();
  }

  @Override
  public CompletionStage<Integer> upload(Flow.Publisher<byte[]> chunks) {
    return Collected.of(chunks)
        .thenApply(all -> all.stream().mapToInt(chunk -> chunk.length).sum())
        .thenCompose(
            size ->
                size == 0
                    ? CompletableFuture.failedFuture(new Closed("nothing came", 9))
                    : CompletableFuture.completedFuture(size));
  }

  @Override
  public Flow.Publisher<String> chat(Flow.Publisher<String> questions) {
    return questions;
  }

  @Override
  public Flow.Publisher<ByteBuf> raw(Flow.Publisher<ByteBuf> chunks) {
    return chunks;
  }
}
