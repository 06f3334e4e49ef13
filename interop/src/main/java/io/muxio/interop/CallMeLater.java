package io.muxio.interop;

import io.muxio.rpc.service.RpcName;

/** Lets the caller do the work once it has its answer. */
public interface CallMeLater {
  /**
   * Answers at once; then adds numbers by {@code math.add} of whoever called, and multiplies the
   * sum by itself by its {@code math.mult}.
   *
   * @param numbers what to add
   */
  @RpcName("call_me.later")
  void add(double[] numbers);
}
