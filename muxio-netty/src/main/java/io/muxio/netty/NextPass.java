package io.muxio.netty;

import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;

/** Where what takes long goes on, so that the other connections of its loop get their turn. */
final class NextPass {
  private NextPass() {}

  /**
   * Runs a task when the loop has looked at its sockets; on the loop. A task of {@link
   * EventLoop#execute} would be run before that.
   *
   * @param task goes on, a turn long
   * @param withoutLoop run instead where the loop shuts down and so may have no next pass
   */
  static void run(EventLoop loop, Runnable task, Runnable withoutLoop) {
    if (loop.isShuttingDown()) {
      withoutLoop.run();
      return;
    }
    loop.schedule(task, 0, TimeUnit.NANOSECONDS)
        .addListener(
            end -> {
              if (end.isCancelled()) { // as the loop does with what is scheduled when it shuts down
                withoutLoop.run();
              }
            });
  }
}
