package io.muxio.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.muxio.core.frame.FrameFormat;
import io.muxio.netty.client.RpcClient;
import io.muxio.rpc.service.CallOptions;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.RpcMethod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The published servers, unchanged: each check of our client against them is a test here, and of
 * their own clients, which shows that a server program is sound. What is left out is what a server
 * cannot do; {@code interop/README.md} says why.
 */
@Timeout(300)
class RustServersIT {
  private static final String CANNOT_FAIL_OR_WAIT =
      "stream-fail burst-malformed call_me.inline call_me.inline-20";
  private static final RpcMethod<byte[], byte[]> ECHO = raw("echo");
  private static final RpcMethod<byte[], byte[]> SLOW = raw("slow");

  /** A published server, what its wire is, and what it cannot do. */
  enum Server {
    RUST_0_10(
        "0-10",
        FrameFormat.GENERATION_21,
        34,
        CANNOT_FAIL_OR_WAIT
            + " deadline-stuck stream-200 stream-ping-pong stream-longest stream-empty stream-50x100"
            + " stream-cancel stream-cancel-50 burst-0 burst-10000x64 burst-1000x60000"
            + " call_me call_me-20 call_me-in-stream"),
    RUST_0_14("0-14", FrameFormat.GENERATION_21, 48, CANNOT_FAIL_OR_WAIT),
    RUST_0_17("0-17", FrameFormat.GENERATION_13, 48, CANNOT_FAIL_OR_WAIT);

    private final String generation;
    private final FrameFormat format;
    private final int checks;
    private final String leftOut;

    Server(String generation, FrameFormat format, int checks, String leftOut) {
      this.generation = generation;
      this.format = format;
      this.checks = checks;
      this.leftOut = leftOut;
    }

    ServerProgram start(String... arguments) throws Exception {
      List<String> command = new ArrayList<>();
      command.add(ForeignPeers.rust().resolve("muxio-server-" + generation).toString());
      command.addAll(List.of(arguments));
      return ServerProgram.run(command);
    }
  }

  private static RpcMethod<byte[], byte[]> raw(String name) {
    return RpcMethod.unary(name, Codec.bytes(), Codec.bytes());
  }

  @TestFactory
  Stream<DynamicNode> ourClient() throws Exception {
    Stream.Builder<DynamicNode> servers = Stream.builder();
    for (Server server : Server.values()) {
      List<String> leftOut = new ArrayList<>(List.of("--except"));
      leftOut.addAll(List.of(server.leftOut.split(" ")));
      try (ServerProgram program = server.start()) {
        ForeignPeers.Outcome outcome =
            InteropJar.check(
                program.port(), server.format.headerSize(), leftOut.toArray(String[]::new));
        servers.add(PeerChecks.of("Rust server " + server.generation, outcome, server.checks));
      }
    }
    return servers.build();
  }

  @TestFactory
  Stream<DynamicNode> theirOwnClients() throws Exception {
    return Stream.of(
        theirOwnClient(Server.RUST_0_10, 38, "basic", "stream-upload"),
        theirOwnClient(
            Server.RUST_0_17,
            44,
            "basic",
            "call_me",
            "call_me-20",
            "stream-200",
            "stream-ping-pong",
            "stream-cancel",
            "stream-upload",
            "burst-10000x64"));
  }

  private static DynamicNode theirOwnClient(Server server, int checks, String... suite)
      throws Exception {
    try (ServerProgram program = server.start()) {
      List<String> command = new ArrayList<>();
      command.add(ForeignPeers.rust().resolve("muxio-client-" + server.generation).toString());
      command.addAll(List.of("--host", "127.0.0.1", "--port", Integer.toString(program.port())));
      command.add("--suite");
      command.addAll(List.of(suite));
      return PeerChecks.of(
          "Rust client and server " + server.generation, ForeignPeers.run(command), checks);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aServerThatIsGoneIsReconnectedTo(Server server) throws Exception {
    ServerProgram first = server.start();
    try (RpcClient client = connectTo(first, server.format)) {
      CompletableFuture<byte[]> running = client.call(SLOW, new byte[10]);
      byte[] bytes = {1, 2, 3};
      assertThat(client.call(ECHO, bytes).join()).isEqualTo(bytes);
      first.close();
      assertThat(running.handle((answer, failure) -> true).join()).isTrue();
      CompletableFuture<byte[]> waiting = client.call(ECHO, bytes);
      try (ServerProgram second = server.start("--port", Integer.toString(first.port()))) {
        assertThat(second.port()).isEqualTo(first.port());
        assertThat(waiting.join()).isEqualTo(bytes);
      }
    } finally {
      first.close();
    }
  }

  private static RpcClient connectTo(ServerProgram program, FrameFormat format) throws Exception {
    return RpcClient.builder("ws://127.0.0.1:" + program.port() + "/ws")
        .format(format)
        .callOptions(CallOptions.deadline(Duration.ofSeconds(60)))
        .reconnectPolicy((attempt, cause) -> Duration.ofMillis(20))
        .connect();
  }
}
