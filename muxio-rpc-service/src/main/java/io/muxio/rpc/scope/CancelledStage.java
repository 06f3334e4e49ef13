package io.muxio.rpc.scope;

import java.util.concurrent.CompletionStage;

/** A stage whose outcome nobody waits for any more. */
public final class CancelledStage {
  private CancelledStage() {}

  /**
   * Cancels a stage, where it lets us.
   *
   * @param stage code of the user may run on this thread, because the stage completes
   */
  public static void cancel(CompletionStage<?> stage) {
    try {
      stage.toCompletableFuture().cancel(true);
    } catch (UnsupportedOperationException e) {
      // Such a stage completes by itself alone.
    }
  }
}
