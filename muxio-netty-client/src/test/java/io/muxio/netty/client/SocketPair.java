package io.muxio.netty.client;

import static org.awaitility.Awaitility.await;

import io.muxio.core.frame.CoreLimits;
import io.muxio.netty.ConnectionProbe;
import io.muxio.netty.LimitsBuilder;
import io.muxio.netty.server.RpcServer;
import io.muxio.netty.server.RpcServerBuilder;
import io.muxio.netty.server.ServerLimits;
import io.muxio.rpc.endpoint.RpcEndpoint;
import io.muxio.rpc.service.ConnectionState;
import io.muxio.rpc.service.RpcConnection;
import io.muxio.testkit.Usage;
import io.muxio.testkit.contract.ConnectedPair;
import io.muxio.testkit.contract.PairOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.awaitility.core.ConditionFactory;

/** A real server and a real client, joined by a socket of this machine. */
final class SocketPair implements ConnectedPair {
  private final RpcServer server;
  private final RpcClient client;
  private final RpcConnection serverEnd;
  private final RpcConnection clientEnd;

  /** Over TCP; without TLS where there are no certificates. */
  SocketPair(RpcEndpoint served, RpcEndpoint called, PairOptions options, Certificates certificates)
      throws IOException {
    this(
        certificates == null ? serverBuilder() : serverBuilder().tls(certificates.server()),
        server -> tcpClient(server, certificates),
        served,
        called,
        options);
  }

  /** Over a unix socket. */
  SocketPair(RpcEndpoint served, RpcEndpoint called, PairOptions options, Path socket)
      throws IOException {
    this(
        RpcServer.builder().bindUnix(socket),
        server -> RpcClient.builder("unix:" + socket),
        served,
        called,
        options);
  }

  private SocketPair(
      RpcServerBuilder serverBuilder,
      Function<RpcServer, RpcClientBuilder> clientOf,
      RpcEndpoint served,
      RpcEndpoint called,
      PairOptions options)
      throws IOException {
    server =
        serverBuilder
            .limits(limits(ServerLimits.builder(), options).build())
            .handleAll(served)
            .build()
            .start();
    RpcClientBuilder clientBuilder = clientOf.apply(server);
    client =
        clientBuilder
            .format(options.format())
            .extension(options.extension())
            .limits(limits(ClientLimits.builder(), options).build())
            .handleAll(called)
            .reconnectPolicy((attempt, cause) -> null)
            .connect();
    clientEnd = client.connection();
    serverEnd = soon().until(server::connections, list -> !list.isEmpty()).get(0);
  }

  private static RpcServerBuilder serverBuilder() {
    return RpcServer.builder().bind("127.0.0.1", 0);
  }

  private static RpcClientBuilder tcpClient(RpcServer server, Certificates certificates) {
    String host = "127.0.0.1:" + server.address().getPort();
    return certificates == null
        ? RpcClient.builder("ws://" + host + "/ws")
        : RpcClient.builder("wss://" + host + "/ws").tls(certificates.client());
  }

  private static ConditionFactory soon() {
    return await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1));
  }

  private static <B extends LimitsBuilder<B>> B limits(B limits, PairOptions options) {
    CoreLimits core = options.limits();
    return limits
        .maxFramePayload(core.maxFramePayload())
        .maxStreams(core.maxStreams())
        .maxSequenceGap(core.maxSequenceGap())
        .maxInboundCalls(core.maxInboundCalls())
        .maxPendingCalls(core.maxPendingCalls())
        .maxRequestSize(core.maxRequestSize())
        .maxResponseSize(core.maxResponseSize())
        .maxStreamBufferedBytes(core.maxStreamBufferedBytes())
        .maxBufferedBytes(core.maxBufferedBytes())
        .streamWindow(core.streamWindow())
        .connectionWindow(core.connectionWindow())
        .maxAbandonedCalls(core.maxAbandonedCalls())
        .maxMetadataSize(core.maxMetadataSize())
        .readerTimeout(options.readerTimeout())
        // So that nothing leaves with a ping that should have left before.
        .heartbeatInterval(Duration.ofMinutes(5))
        .heartbeatTimeout(Duration.ofMinutes(10));
  }

  @Override
  public RpcConnection server() {
    return serverEnd;
  }

  @Override
  public RpcConnection client() {
    return clientEnd;
  }

  @Override
  public void cut() {
    ConnectionProbe.cut(clientEnd);
  }

  @Override
  public List<Usage> usage() {
    return List.of(ConnectionProbe.usageOf(serverEnd), ConnectionProbe.usageOf(clientEnd));
  }

  @Override
  public void close() {
    clientEnd.close();
    client.close();
    soon().until(() -> serverEnd.state() == ConnectionState.DISCONNECTED);
    server.close();
  }
}
