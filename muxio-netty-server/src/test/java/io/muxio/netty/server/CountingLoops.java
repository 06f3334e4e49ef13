package io.muxio.netty.server;

import io.muxio.netty.Transport;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.Executor;

/** Event loops that tell whether a timer is set on any of them. */
final class CountingLoops extends MultiThreadIoEventLoopGroup {
  CountingLoops(int threads) {
    super(threads, new DefaultThreadFactory("counting", true), NioIoHandler.newFactory());
    if (Transport.of(this) != Transport.NIO) {
      throw new AssertionError("not taken for what it is");
    }
  }

  @Override
  protected IoEventLoop newChild(
      Executor executor, IoHandlerFactory ioHandlerFactory, Object... arguments) {
    return new Loop(this, executor, ioHandlerFactory);
  }

  /** Asks each loop on its own thread. */
  boolean hasTimers() throws Exception {
    for (EventExecutor loop : this) {
      if (loop.submit(((Loop) loop)::hasTimer).get()) {
        return true;
      }
    }
    return false;
  }

  private static final class Loop extends SingleThreadIoEventLoop {
    Loop(MultiThreadIoEventLoopGroup group, Executor executor, IoHandlerFactory factory) {
      super(group, executor, factory);
    }

    boolean hasTimer() {
      return nextScheduledTaskNano() >= 0;
    }
  }
}
