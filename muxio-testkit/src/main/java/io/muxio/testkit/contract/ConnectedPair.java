package io.muxio.testkit.contract;

import io.muxio.rpc.service.RpcConnection;
import io.muxio.testkit.Usage;
import java.util.List;

/** Two ends that are connected by the transport that is tested. */
public interface ConnectedPair extends AutoCloseable {
  /**
   * The server's end.
   *
   * @return always the same connection, which is up
   */
  RpcConnection server();

  /**
   * The client's end.
   *
   * @return always the same connection, which is up
   */
  RpcConnection client();

  /** Loses the connection: neither end says that it closes. */
  void cut();

  /**
   * What the ends hold now, as far as that can be seen.
   *
   * @return one for each end that can be seen
   */
  List<Usage> usage();

  /** Ends whatever was started for this pair, threads included. */
  @Override
  void close();
}
