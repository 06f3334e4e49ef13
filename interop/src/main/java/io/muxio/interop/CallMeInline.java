package io.muxio.interop;

import io.muxio.rpc.service.RpcName;
import java.util.concurrent.CompletionStage;

/** The same as {@link CallMe} on the connection's event loop. */
public interface CallMeInline {
  /**
   * Adds numbers by {@code math.add} of whoever calls.
   *
   * @param numbers what to add
   * @return completes with the caller's answer
   */
  @RpcName("call_me.inline")
  CompletionStage<Double> add(double[] numbers);
}
