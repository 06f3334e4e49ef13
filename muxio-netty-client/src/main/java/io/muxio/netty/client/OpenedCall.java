package io.muxio.netty.client;

import io.muxio.rpc.service.RpcException;
import io.netty.channel.EventLoop;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Waits for what completes when a call is open. */
final class OpenedCall {
  private OpenedCall() {}

  /**
   * Waits.
   *
   * @throws RpcException where there will be no call
   * @throws IllegalStateException on the event loop, which would wait for itself
   */
  static <T> T await(CompletableFuture<T> result, EventLoop loop) throws InterruptedException {
    if (loop.inEventLoop()) {
      throw new IllegalStateException(
          "a blocking stream on the client's event loop (expected: another thread)");
    }
    try {
      return result.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RpcException failure) {
        throw failure.rethrown();
      }
      throw new IllegalStateException(e.getCause());
    }
  }
}
