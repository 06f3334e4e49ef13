package io.muxio.netty.client;

import io.muxio.rpc.endpoint.RpcEndpoint;
import io.muxio.testkit.contract.ConnectedPair;
import io.muxio.testkit.contract.PairOptions;
import io.muxio.testkit.hunt.DeadlockHunt;

/** The hunt over real sockets. */
class DeadlockHuntIT extends DeadlockHunt {
  DeadlockHuntIT() {
    super(60);
  }

  @Override
  protected ConnectedPair connect(RpcEndpoint server, RpcEndpoint client, PairOptions options)
      throws Exception {
    return new SocketPair(server, client, options, (Certificates) null);
  }
}
