package io.muxio.netty.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.muxio.rpc.service.RpcException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** What calls fail with. */
final class Failures {
  private Failures() {}

  /** Waits for the failure of a call. */
  static RpcException of(CompletableFuture<?> call) {
    ExecutionException failure = catchThrowableOfType(ExecutionException.class, call::get);
    assertThat(failure).as("the call failed").isNotNull();
    return (RpcException) failure.getCause();
  }
}
