package io.muxio.testkit;

import io.muxio.rpc.endpoint.RpcEndpoint;
import io.muxio.testkit.contract.ConnectedPair;
import io.muxio.testkit.contract.PairOptions;
import io.muxio.testkit.hunt.DeadlockHunt;

/** The hunt over a link in memory. */
class DeadlockHuntTest extends DeadlockHunt {
  DeadlockHuntTest() {
    super(1000);
  }

  @Override
  protected ConnectedPair connect(RpcEndpoint server, RpcEndpoint client, PairOptions options) {
    return new InMemoryPair(server, client, options);
  }
}
