package io.muxio.netty.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.muxio.core.frame.FrameFormat;
import io.muxio.netty.ConnectionProbe;
import io.muxio.netty.Transport;
import io.muxio.netty.server.RpcServerBuilder;
import io.muxio.rpc.endpoint.RpcEndpoint;
import io.muxio.rpc.service.CallOptions;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcMethod;
import io.muxio.rpc.service.RpcStatus;
import io.muxio.rpc.service.StreamCall;
import io.muxio.rpc.service.StreamMethod;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoopGroup;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A client and a server of this project, while the connection lasts. */
@Timeout(60)
class RpcClientIT {
  private static final RpcMethod<String, String> ECHO =
      RpcMethod.unary("echo", Codec.utf8(), Codec.utf8());
  private static final RpcMethod<String, String> NEVER =
      RpcMethod.unary("never", Codec.utf8(), Codec.utf8());
  private static final RpcMethod<String, String> ASK =
      RpcMethod.unary("ask", Codec.utf8(), Codec.utf8());
  private static final RpcMethod<String, String> OF_THE_CLIENT =
      RpcMethod.unary("of_the_client", Codec.utf8(), Codec.utf8());
  private static final StreamMethod STREAM_ECHO = StreamMethod.of("stream.echo");

  private final AtomicInteger cancelled = new AtomicInteger();
  private ServerOnPort server;

  @BeforeEach
  void start() throws IOException {
    server = new ServerOnPort(this::methods);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private void methods(RpcServerBuilder builder) {
    builder
        .handle(ECHO, (text, call) -> text)
        .handleAsync(
            NEVER,
            (text, call) -> {
              call.onCancel(cancelled::incrementAndGet);
              return new CompletableFuture<>();
            })
        .handle(ASK, (text, call) -> call.connection().caller().call(OF_THE_CLIENT, text).join())
        .handleStreamAsync(STREAM_ECHO, (request, call) -> request);
  }

  @ParameterizedTest
  @EnumSource(FrameFormat.class)
  void callsInBothWireGenerations(FrameFormat format) throws IOException {
    String text = "x".repeat(200_000);
    try (RpcClient client = RpcClient.builder(server.uri()).format(format).connect()) {
      assertThat(client.state()).isEqualTo(ClientState.CONNECTED);
      assertThat(client.call(ECHO, text).join()).isEqualTo(text);
    }
  }

  @Test
  void servesTheServersCalls() throws IOException {
    RpcEndpoint served =
        RpcEndpoint.builder().handle(OF_THE_CLIENT, (text, call) -> "client: " + text).build();
    try (RpcClient client = RpcClient.builder(server.uri()).handleAll(served).connect()) {
      assertThat(client.call(ASK, "who").join()).isEqualTo("client: who");
    }
  }

  @Test
  void streamsInBothDirections() throws Exception {
    try (RpcClient client = RpcClient.connect(server.uri());
        StreamCall call = client.open(STREAM_ECHO)) {
      call.request().write(Unpooled.copiedBuffer("one", StandardCharsets.UTF_8));
      ByteBuf chunk = call.response().read();
      assertThat(chunk.toString(StandardCharsets.UTF_8)).isEqualTo("one");
      chunk.release();
      call.request().end();
      assertThat(call.response().read()).isNull();
    }
  }

  @Test
  void aDeadlineEndsACallThatIsNeverAnswered() throws IOException {
    try (RpcClient client = RpcClient.connect(server.uri())) {
      CallOptions options = CallOptions.deadline(Duration.ofMillis(100));
      RpcException failure = Failures.of(client.call(NEVER, "x", options));
      assertThat(failure.status()).isEqualTo(RpcStatus.DEADLINE_EXCEEDED);
      assertThat(failure.method()).isEqualTo("never");
      assertThat(failure.mayHaveReachedPeer()).isTrue();
    }
  }

  @Test
  void callsWithoutOptionsHaveThoseOfTheClient() throws IOException {
    CallOptions options = CallOptions.deadline(Duration.ofMillis(50));
    try (RpcClient client = RpcClient.builder(server.uri()).callOptions(options).connect()) {
      assertThat(Failures.of(client.call(NEVER, "x")).status())
          .isEqualTo(RpcStatus.DEADLINE_EXCEEDED);
    }
  }

  @Test
  void aFutureThatIsCancelledGivesTheCallUp() throws IOException {
    try (RpcClient client = RpcClient.connect(server.uri())) {
      CompletableFuture<String> call = client.call(NEVER, "x");
      await().until(() -> ConnectionProbe.usageOf(client.connection()).pendingCalls() == 1);
      call.cancel(false);
      await().until(() -> ConnectionProbe.usageOf(client.connection()).pendingCalls() == 0);
      assertThat(client.call(ECHO, "still there").join()).isEqualTo("still there");
    }
  }

  @Test
  void theHandshakeCarriesPathQueryAndHeaders() throws Exception {
    try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      CompletableFuture<List<String>> request =
          CompletableFuture.supplyAsync(() -> readAndRefuse(listener));
      String uri = "ws://127.0.0.1:" + listener.getLocalPort() + "/a/b?token=x%20y";
      assertThatThrownBy(() -> RpcClient.builder(uri).header("X-Who", "me").connect())
          .hasRootCauseInstanceOf(HandshakeRefusedException.class)
          .rootCause()
          .extracting(refusal -> ((HandshakeRefusedException) refusal).status())
          .isEqualTo(401);
      assertThat(request.join())
          .startsWith("GET /a/b?token=x%20y HTTP/1.1")
          .contains("x-who: me", "upgrade: websocket");
    }
  }

  private static List<String> readAndRefuse(ServerSocket listener) {
    List<String> lines = new ArrayList<>();
    try (Socket client = listener.accept()) {
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
      for (String line = in.readLine(); !line.isEmpty(); line = in.readLine()) {
        int colon = line.indexOf(':');
        lines.add(
            colon < 0
                ? line
                : line.substring(0, colon).toLowerCase(Locale.ROOT) + line.substring(colon));
      }
      String answer = "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n";
      client.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return lines;
  }

  @Test
  void aServerOfAnotherPathIsToldFromOneThatIsGone() {
    String wrongPath = "ws://127.0.0.1:" + server.port() + "/other?x=1";
    assertThatThrownBy(() -> RpcClient.connect(wrongPath))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("127.0.0.1:" + server.port())
        .hasMessageContaining("404 Not Found")
        .hasRootCauseInstanceOf(HandshakeRefusedException.class);
  }

  @Test
  void anUnreachableServerIsToldAtOnce() {
    int port = server.port();
    server.stop();
    assertThatThrownBy(() -> RpcClient.connect("ws://127.0.0.1:" + port + "/ws"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cannot connect to ws://127.0.0.1:" + port)
        .hasMessageContaining("refused");
  }

  @Test
  void theNextAddressIsTriedWhereOneFails() throws IOException {
    try (RpcClient client =
        RpcClient.builder("ws://some.name:" + server.port() + "/ws")
            .resolver(name -> new InetAddress[] {loopback(2), loopback(1)})
            .connect()) {
      assertThat(client.call(ECHO, "x").join()).isEqualTo("x");
    }
  }

  /** All of them are this machine, but the server listens on the first only. */
  private static InetAddress loopback(int last) throws UnknownHostException {
    return InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) last});
  }

  @Test
  void theUsersEventLoopsAreUsedAndStay() throws Exception {
    EventLoopGroup group = Transport.NIO.newGroup(1, "users-own", true);
    try {
      try (RpcClient client = RpcClient.builder(server.uri()).eventLoopGroup(group).connect()) {
        assertThat(client.call(ECHO, "x").join()).isEqualTo("x");
        assertThatThrownBy(() -> group.submit(client::close).get())
            .hasRootCauseInstanceOf(IllegalStateException.class);
        assertThatThrownBy(
                () ->
                    group
                        .submit(
                            () -> RpcClient.builder(server.uri()).eventLoopGroup(group).connect())
                        .get())
            .hasRootCauseInstanceOf(IllegalStateException.class);
      }
      assertThat(group.isShuttingDown()).isFalse();
    } finally {
      group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    }
  }
}
