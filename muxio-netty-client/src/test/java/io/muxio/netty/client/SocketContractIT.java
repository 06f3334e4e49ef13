package io.muxio.netty.client;

import io.muxio.rpc.endpoint.RpcEndpoint;
import io.muxio.testkit.contract.ConnectedPair;
import io.muxio.testkit.contract.PairOptions;
import io.muxio.testkit.contract.TransportContract;

/** The contract over real sockets, with the client of this project. */
class SocketContractIT extends TransportContract {
  @Override
  protected ConnectedPair connect(RpcEndpoint server, RpcEndpoint client, PairOptions options)
      throws Exception {
    return new SocketPair(server, client, options, (Certificates) null);
  }
}
