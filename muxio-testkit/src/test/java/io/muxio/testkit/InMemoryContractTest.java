package io.muxio.testkit;

import io.muxio.rpc.endpoint.RpcEndpoint;
import io.muxio.testkit.contract.ConnectedPair;
import io.muxio.testkit.contract.PairOptions;
import io.muxio.testkit.contract.TransportContract;

/** The contract over a link in memory. */
class InMemoryContractTest extends TransportContract {
  @Override
  protected ConnectedPair connect(RpcEndpoint server, RpcEndpoint client, PairOptions options) {
    return new InMemoryPair(server, client, options);
  }
}
