package io.muxio.netty.server;

import io.netty.channel.ChannelHandler;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.lang.reflect.Field;

/** What a server sets its channels up with, for tests that bring a channel of their own. */
public final class Pipelines {
  private Pipelines() {}

  public static ChannelHandler of(RpcServer server) {
    try {
      Field config = RpcServer.class.getDeclaredField("config");
      config.setAccessible(true);
      return new ServerInitializer(
          (ServerConfig) config.get(server), new DefaultChannelGroup(GlobalEventExecutor.INSTANCE));
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("RpcServer.config", e);
    }
  }
}
