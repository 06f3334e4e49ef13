package io.muxio.interop.client;

import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcStatus;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** Compares what came with what should have come. */
final class Expect {
  private Expect() {}

  static void equal(String what, @Nullable Object actual, Object expected) throws CheckFailure {
    if (!Objects.equals(actual, expected)) {
      throw new CheckFailure(what + ": " + actual + " (expected: " + expected + ")");
    }
  }

  /** As numbers: the sum of nothing is -0.0 in Rust. */
  static void number(String what, double actual, double expected) throws CheckFailure {
    if (actual != expected) {
      throw new CheckFailure(what + ": " + actual + " (expected: " + expected + ")");
    }
  }

  static void bytes(String what, byte[] actual, byte[] expected) throws CheckFailure {
    int difference = Arrays.mismatch(actual, expected);
    if (difference >= 0) {
      throw new CheckFailure(
          what
              + ": "
              + actual.length
              + " bytes (expected: "
              + expected.length
              + "), of which the first "
              + difference
              + " are right");
    }
  }

  static void failure(String what, RpcException actual, RpcStatus status, String detail)
      throws CheckFailure {
    equal("status of " + what, actual.status(), status);
    equal("text of " + what, actual.detail(), detail);
  }

  /** Waits until a call has failed. */
  static RpcException failureOf(String what, CompletableFuture<?> call)
      throws CheckFailure, InterruptedException {
    try {
      call.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RpcException failure) {
        return failure;
      }
      throw new CheckFailure(what + ": " + e.getCause() + " (expected: an RpcException)");
    }
    throw new CheckFailure(what + ": answered (expected: a failure)");
  }
}
