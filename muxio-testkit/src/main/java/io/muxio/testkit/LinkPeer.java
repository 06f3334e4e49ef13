package io.muxio.testkit;

import io.netty.buffer.ByteBuf;

/** The other end of a link, as an end sees it. Called on the thread of the end that calls. */
interface LinkPeer {
  /**
   * Brings it a message.
   *
   * @param message lent; an empty one says that the sender has closed
   */
  void deliver(ByteBuf message);

  /**
   * Tells it what the caller has read of what it sent.
   *
   * @param bytes of one message
   */
  void onRead(int bytes);
}
