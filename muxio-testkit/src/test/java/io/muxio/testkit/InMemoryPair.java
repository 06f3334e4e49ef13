package io.muxio.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.muxio.rpc.endpoint.RpcEndpoint;
import io.muxio.rpc.service.RpcConnection;
import io.muxio.testkit.contract.ConnectedPair;
import io.muxio.testkit.contract.PairOptions;
import java.time.Duration;
import java.util.List;

/** The ends of a link in memory, whose memory is counted too. */
record InMemoryPair(InMemoryLink link) implements ConnectedPair {
  InMemoryPair(RpcEndpoint server, RpcEndpoint client, PairOptions options) {
    this(
        InMemoryLink.builder()
            .server(server)
            .client(client)
            .format(options.format())
            .extension(options.extension())
            .limits(options.limits())
            .readerTimeout(options.readerTimeout())
            .connect());
  }

  @Override
  public RpcConnection server() {
    return link.server();
  }

  @Override
  public RpcConnection client() {
    return link.client();
  }

  @Override
  public void cut() {
    link.cut();
  }

  @Override
  public List<Usage> usage() {
    return List.of(link.serverUsage(), link.clientUsage());
  }

  @Override
  public void close() {
    link.close();
    await()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(1))
        .untilAsserted(
            () -> assertThat(link.allocatedBytes()).as("memory not given back").isZero());
  }
}
