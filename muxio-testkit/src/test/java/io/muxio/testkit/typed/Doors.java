package io.muxio.testkit.typed;

import io.muxio.rpc.service.RpcName;
import java.util.concurrent.CompletionStage;

/** What all shops have. */
public interface Doors {
  @RpcName("shop.open")
  CompletionStage<Void> open(int hour) throws Closed;
}
