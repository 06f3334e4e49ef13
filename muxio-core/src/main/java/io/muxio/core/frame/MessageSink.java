package io.muxio.core.frame;

import io.netty.buffer.ByteBuf;

/** Takes whole messages for the transport: one call is one WebSocket binary message. */
@FunctionalInterface
public interface MessageSink {
  /**
   * Sends a message.
   *
   * @param message whole frames back to back; the sink owns it from here on
   */
  void send(ByteBuf message);
}
