package io.muxio.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Acknowledges what was read at once, where the transport can. A peer without TCP_NODELAY holds the
 * rest of its request back until the first part is acknowledged, some 40 ms.
 */
final class QuickAck {
  private static final Logger logger = LoggerFactory.getLogger(QuickAck.class);

  private final Channel channel;
  private final @Nullable ChannelOption<Boolean> option;

  QuickAck(Channel channel) {
    this.channel = channel;
    this.option = Transport.quickAckOf(channel);
  }

  /** Lasts for one acknowledgement, so it is called after each read that it is worth it for. */
  void acknowledge() {
    if (option == null || !channel.isActive()) {
      return;
    }
    try {
      channel.config().setOption(option, true);
    } catch (ChannelException e) {
      logger.debug("{}: cannot acknowledge at once", channel.remoteAddress(), e);
    }
  }
}
