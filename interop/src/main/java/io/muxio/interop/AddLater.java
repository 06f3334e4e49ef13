package io.muxio.interop;

import io.muxio.rpc.service.RpcName;
import java.util.concurrent.CompletionStage;

/** A method of the calculator for callers that do not wait. */
public interface AddLater {
  /**
   * Adds numbers.
   *
   * @param numbers what to add
   * @return completes with the sum
   */
  @RpcName("math.add")
  CompletionStage<Double> add(double[] numbers);
}
