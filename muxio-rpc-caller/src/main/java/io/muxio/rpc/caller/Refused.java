package io.muxio.rpc.caller;

import io.muxio.rpc.service.RpcException;
import java.time.Duration;

/** Calls that the callee says it has not begun with, so that they may be made again. */
final class Refused {
  private Refused() {}

  /**
   * What became of such a call.
   *
   * @param method the name of the method that was called
   * @param detail what the callee said
   * @param retryAfterMillis see {@link io.muxio.core.rpc.PendingCall#retryAfterMillis()}; 0 where
   *     the callee knows no time
   */
  static RpcException of(String method, String detail, long retryAfterMillis) {
    Duration retryAfter = retryAfterMillis == 0 ? null : Duration.ofMillis(retryAfterMillis);
    return RpcException.overloaded(method, detail, retryAfter);
  }
}
