package io.muxio.rpc.typed;

import io.muxio.rpc.service.RpcConnection;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcStatus;
import io.netty.util.Attribute;
import io.netty.util.AttributeKey;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the begun items of all streams of one connection may hold. Their chunks were taken, so the
 * connection's own limits do not count them any more. Safe to use from any thread.
 */
public final class ItemBudget {
  /** Bytes that begun items may hold together. */
  static final int MAX_BYTES = 32 << 20;

  private static final AttributeKey<ItemBudget> KEY =
      AttributeKey.valueOf(ItemBudget.class.getName());

  private final AtomicLong held = new AtomicLong();

  ItemBudget() {}

  /**
   * The budget of what a peer sends to methods that are served to it.
   *
   * @param connection to the peer
   * @return always the same for a connection
   */
  public static ItemBudget of(RpcConnection connection) {
    Attribute<ItemBudget> attribute = connection.attr(KEY);
    ItemBudget budget = attribute.get();
    if (budget == null) {
      ItemBudget made = new ItemBudget();
      ItemBudget other = attribute.setIfAbsent(made);
      budget = other == null ? made : other;
    }
    return budget;
  }

  /**
   * More is held.
   *
   * @param bytes how much
   * @throws RpcException where that is too much; then it does not count
   */
  void take(int bytes) {
    if (held.addAndGet(bytes) > MAX_BYTES) {
      give(bytes);
      throw new RpcException(
          RpcStatus.REJECTED,
          "the items that have begun in the connection's streams would hold more than "
              + MAX_BYTES
              + " bytes");
    }
  }

  /** Less is held. */
  void give(int bytes) {
    held.addAndGet(-bytes);
  }

  long held() {
    return held.get();
  }
}
