package io.muxio.netty.client;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.muxio.rpc.endpoint.RpcEndpoint;
import io.muxio.testkit.contract.ConnectedPair;
import io.muxio.testkit.contract.PairOptions;
import io.muxio.testkit.contract.TransportContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The contract over unix sockets. */
class UnixContractIT extends TransportContract {
  @TempDir Path folder;

  @Override
  protected ConnectedPair connect(RpcEndpoint server, RpcEndpoint client, PairOptions options)
      throws Exception {
    assumeTrue(options.extension(), "SocketContractIT does without; here it would be the same");
    return new SocketPair(server, client, options, folder.resolve("s"));
  }
}
