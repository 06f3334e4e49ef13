package io.muxio.netty.client;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.muxio.rpc.endpoint.RpcEndpoint;
import io.muxio.testkit.contract.ConnectedPair;
import io.muxio.testkit.contract.PairOptions;
import io.muxio.testkit.contract.TransportContract;

/** The contract over real sockets with TLS. */
class TlsContractIT extends TransportContract {
  private static final Certificates CERTIFICATES = Certificates.make("localhost");

  @Override
  protected ConnectedPair connect(RpcEndpoint server, RpcEndpoint client, PairOptions options)
      throws Exception {
    assumeTrue(options.extension(), "SocketContractIT does without; here it would be the same");
    return new SocketPair(server, client, options, CERTIFICATES);
  }
}
