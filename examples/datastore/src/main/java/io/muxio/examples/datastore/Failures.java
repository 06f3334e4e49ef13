package io.muxio.examples.datastore;

import io.muxio.examples.datastore.store.StoreException;
import io.muxio.examples.datastore.store.ValueTooLongException;
import io.muxio.rpc.service.RpcException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What clients are told of a failure. The published server passes the text of every failure on;
 * this one that of a value it does not take, and that the store cannot do what it was asked to.
 */
final class Failures {
  private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

  interface Work<T> {
    T run() throws InterruptedException;
  }

  private Failures() {}

  static <T> T of(Supplier<T> work) {
    try {
      return work.get();
    } catch (StoreException | ValueTooLongException e) {
      throw failure(e);
    }
  }

  static CompletionStage<Long> told(Work<CompletableFuture<Long>> work) {
    try {
      return work.run().exceptionallyCompose(e -> CompletableFuture.failedFuture(failure(e)));
    } catch (StoreException | IllegalArgumentException e) {
      throw failure(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw RpcException.plainSystemError("the server is being stopped");
    }
  }

  static RuntimeException failure(Throwable thrown) {
    Throwable cause =
        thrown instanceof CompletionException && thrown.getCause() != null
            ? thrown.getCause()
            : thrown;
    if (cause instanceof StoreException broken) {
      LOG.error("{}", broken.getMessage());
      return RpcException.plainSystemError(broken.publicMessage());
    }
    if (cause instanceof IllegalArgumentException || cause instanceof ValueTooLongException) {
      return RpcException.plainSystemError(cause.getMessage());
    }
    return cause instanceof RuntimeException unexpected
        ? unexpected
        : new IllegalStateException(cause);
  }
}
