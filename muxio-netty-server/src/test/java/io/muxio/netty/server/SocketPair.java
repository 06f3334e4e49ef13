package io.muxio.netty.server;

import static org.awaitility.Awaitility.await;

import io.muxio.core.frame.CoreLimits;
import io.muxio.netty.ConnectionProbe;
import io.muxio.netty.Transport;
import io.muxio.rpc.endpoint.RpcEndpoint;
import io.muxio.rpc.service.ConnectionState;
import io.muxio.rpc.service.RpcConnection;
import io.muxio.testkit.Usage;
import io.muxio.testkit.contract.ConnectedPair;
import io.muxio.testkit.contract.PairOptions;
import io.netty.channel.EventLoopGroup;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ConditionFactory;

/** A real server and a client, joined by a socket of this machine. */
final class SocketPair implements ConnectedPair {
  private final EventLoopGroup group;
  private final RpcServer server;
  private final SocketClient client;
  private final RpcConnection serverEnd;

  SocketPair(Transport transport, RpcEndpoint served, RpcEndpoint called, PairOptions options)
      throws Exception {
    ServerLimits limits = limits(options);
    group = transport.newGroup(1, "server", true);
    server =
        RpcServer.builder()
            .bind("127.0.0.1", 0)
            .eventLoopGroup(group)
            .limits(limits)
            .handleAll(served)
            .build()
            .start();
    client =
        SocketClient.connect(
            transport, server.address(), called, options.format(), limits.connection());
    serverEnd = soon().until(server::connections, list -> !list.isEmpty()).get(0);
  }

  private static ConditionFactory soon() {
    return await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1));
  }

  private static ServerLimits limits(PairOptions options) {
    CoreLimits core = options.limits();
    return ServerLimits.builder()
        .maxFramePayload(core.maxFramePayload())
        .maxStreams(core.maxStreams())
        .maxSequenceGap(core.maxSequenceGap())
        .maxInboundCalls(core.maxInboundCalls())
        .maxPendingCalls(core.maxPendingCalls())
        .maxRequestSize(core.maxRequestSize())
        .maxResponseSize(core.maxResponseSize())
        .maxStreamBufferedBytes(core.maxStreamBufferedBytes())
        .maxBufferedBytes(core.maxBufferedBytes())
        .readerTimeout(options.readerTimeout())
        // So that nothing leaves with a ping that should have left before.
        .heartbeatInterval(Duration.ofMinutes(5))
        .heartbeatTimeout(Duration.ofMinutes(10))
        .build();
  }

  @Override
  public RpcConnection server() {
    return serverEnd;
  }

  @Override
  public RpcConnection client() {
    return client.connection();
  }

  @Override
  public void cut() {
    client.vanish();
  }

  @Override
  public List<Usage> usage() {
    return List.of(
        ConnectionProbe.usageOf(serverEnd), ConnectionProbe.usageOf(client.connection()));
  }

  @Override
  public void close() {
    client.close();
    soon().until(() -> serverEnd.state() == ConnectionState.DISCONNECTED);
    server.close();
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
