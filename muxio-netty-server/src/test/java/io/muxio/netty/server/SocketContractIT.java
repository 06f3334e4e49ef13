package io.muxio.netty.server;

import io.muxio.netty.Transport;
import io.muxio.rpc.endpoint.RpcEndpoint;
import io.muxio.testkit.contract.ConnectedPair;
import io.muxio.testkit.contract.PairOptions;
import io.muxio.testkit.contract.TransportContract;

/** The contract over real sockets, on the transport that a server would choose. */
class SocketContractIT extends TransportContract {
  @Override
  protected ConnectedPair connect(RpcEndpoint server, RpcEndpoint client, PairOptions options)
      throws Exception {
    return new SocketPair(Transport.best(), server, client, options);
  }
}
