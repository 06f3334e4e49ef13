package io.muxio.rpc.endpoint;

import org.jspecify.annotations.Nullable;

/** Is told, once and on any thread, what became of a unary handler. */
interface HandlerOutcome<R> {
  void succeed(@Nullable R value);

  void fail(Throwable failure);
}
