package io.muxio.rpc.scope;

import io.muxio.rpc.service.Codec;
import java.util.concurrent.CompletionStage;

/** A stage whose outcome nobody waits for any more. */
public final class CancelledStage {
  private CancelledStage() {}

  /**
   * Whether a stage with such an answer may be cancelled.
   *
   * @param answer the codec of the answer
   * @return false for buffers: one that comes later than the cancel would be released by nobody
   */
  public static boolean isPossibleFor(Codec<?> answer) {
    return answer != (Codec<?>) Codec.byteBuf();
  }

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
