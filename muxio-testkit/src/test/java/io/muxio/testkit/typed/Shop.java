package io.muxio.testkit.typed;

import io.muxio.rpc.service.RpcName;
import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/** A service with a method of each kind. */
public interface Shop extends Doors {
  /** So many of an article. */
  record Item(String article, int count) {}

  @RpcName("shop.add")
  double add(double[] prices);

  @RpcName("shop.multiply")
  CompletionStage<Double> multiply(double[] prices);

  @RpcName("shop.order")
  List<Item> order(String article, int count, byte[] note, Optional<Item> other) throws OutOfStock;

  @RpcName("shop.order.later")
  CompletionStage<Item> orderLater(Item item) throws OutOfStock, Closed;

  @RpcName("shop.clear")
  void clear();

  @RpcName("shop.bytes")
  byte[] bytes(byte[] bytes);

  @RpcName("shop.buffer")
  ByteBuf buffer(ByteBuf bytes);

  @RpcName("shop.items")
  Flow.Publisher<Item> items(String article, int count) throws OutOfStock;

  @RpcName("shop.total")
  double total(double discount, Flow.Publisher<Double> prices);

  @RpcName("shop.upload")
  CompletionStage<Integer> upload(Flow.Publisher<byte[]> chunks) throws Closed;

  @RpcName("shop.chat")
  Flow.Publisher<String> chat(Flow.Publisher<String> questions);

  @RpcName("shop.raw")
  Flow.Publisher<ByteBuf> raw(Flow.Publisher<ByteBuf> chunks);

  default double addAndDouble(double... prices) {
    return 2 * add(prices);
  }

  static double free() {
    return 0;
  }
}
