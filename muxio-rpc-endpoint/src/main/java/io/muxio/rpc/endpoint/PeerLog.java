package io.muxio.rpc.endpoint;

import io.muxio.rpc.service.RpcConnection;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs what a peer does wrong. One that does it again and again fills no log: the first is a
 * warning, the rest is debug. Safe to use from any thread.
 */
final class PeerLog {
  private static final Logger logger = LoggerFactory.getLogger(RpcEndpoint.class);

  private final RpcConnection peer;
  private volatile boolean warned;

  PeerLog(RpcConnection peer) {
    this.peer = peer;
  }

  void report(String what, @Nullable Object detail) {
    if (warned) {
      logger.debug("{}: {}: {}", peer, what, detail);
    } else {
      warned = true;
      logger.warn("{}: {}: {} (more of this peer is logged at debug)", peer, what, detail);
    }
  }
}
