package io.muxio.interop;

import io.muxio.rpc.service.RpcName;

/** Lets the caller do the work, over the connection on which it waits for the answer. */
public interface CallMe {
  /**
   * Adds numbers by {@code math.add} of whoever calls.
   *
   * @param numbers what to add
   * @return the caller's answer
   */
  @RpcName("call_me")
  double add(double[] numbers);
}
