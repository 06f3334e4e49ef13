package io.muxio.netty.server;

import io.netty.channel.ChannelHandler;

/** What a server sets its channels up with, for tests that bring a channel of their own. */
public final class Pipelines {
  private Pipelines() {}

  public static ChannelHandler of(RpcServer server) {
    return server.channelInitializer();
  }
}
