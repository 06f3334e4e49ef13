package io.muxio.rpc.caller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcStatus;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** What became of a future. */
final class Outcome {
  private Outcome() {}

  static RpcException failure(CompletableFuture<?> future) {
    assertThat(future).as("has an outcome").isDone();
    ExecutionException wrapper = catchThrowableOfType(ExecutionException.class, future::get);
    assertThat(wrapper).as("failed").isNotNull();
    assertThat(wrapper.getCause()).isInstanceOf(RpcException.class);
    return (RpcException) wrapper.getCause();
  }

  static void assertFailed(
      CompletableFuture<?> future, RpcStatus status, String method, String detail) {
    RpcException failure = failure(future);
    assertThat(failure.status()).as(failure.getMessage()).isEqualTo(status);
    assertThat(failure.method()).isEqualTo(method);
    assertThat(failure.detail()).isEqualTo(detail);
    assertThat(failure).hasMessage(method + ": " + status + ": " + detail);
  }

  static void assertFailedWith(CompletableFuture<?> future, RpcStatus status, String part) {
    RpcException failure = failure(future);
    assertThat(failure.status()).as(failure.getMessage()).isEqualTo(status);
    assertThat(failure.detail()).contains(part);
  }
}
