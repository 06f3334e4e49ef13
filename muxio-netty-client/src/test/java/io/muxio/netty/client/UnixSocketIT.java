package io.muxio.netty.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.muxio.netty.Transport;
import io.muxio.netty.server.RpcServer;
import io.muxio.netty.server.RpcServerBuilder;
import io.muxio.rpc.service.CallOptions;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.RpcMethod;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients of a unix socket, with the server of this project and by the bytes that they send. */
@Timeout(60)
class UnixSocketIT {
  private static final RpcMethod<String, String> ECHO =
      RpcMethod.unary("echo", Codec.utf8(), Codec.utf8());
  private static final RpcMethod<String, String> WHO =
      RpcMethod.unary("who", Codec.utf8(), Codec.utf8());

  @TempDir Path folder;
  private Path socket;

  @BeforeEach
  void name() {
    socket = folder.resolve("muxio.sock");
  }

  private RpcServerBuilder server() {
    return RpcServer.builder()
        .bindUnix(socket)
        .handle(ECHO, (text, call) -> text)
        .handle(WHO, (text, call) -> call.remoteAddress() + ", " + call.connection());
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void bothEndsAreThereOnEveryTransport(Transport transport) throws Exception {
    Assumptions.assumeTrue(transport.isAvailable());
    EventLoopGroup group = transport.newGroup(1, "users-own", true);
    UnixDomainSocketAddress address = UnixDomainSocketAddress.of(socket);
    try (RpcServer server = server().eventLoopGroup(group).build().start();
        RpcClient client = RpcClient.builder("unix:" + socket).eventLoopGroup(group).connect()) {
      assertThat(server.localAddress()).isEqualTo(address);
      assertThat(client.call(ECHO, "a").join()).isEqualTo("a");
      assertThat(client.connection().remoteAddress()).isEqualTo(address);
      assertThat(server.connections().get(0).remoteAddress()).isEqualTo(address);
      assertThat(client.call(WHO, "").join())
          .startsWith(socket + ", connection ")
          .endsWith(" of " + socket);
    } finally {
      group.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
    }
  }

  @Test
  void theServiceMayHaveAPathOfItsOwn() throws Exception {
    try (RpcServer server = server().path("/rpc").build().start();
        RpcClient client = RpcClient.connect("unix:" + socket + ":/rpc?a=b")) {
      assertThat(client.call(ECHO, "a").join()).isEqualTo("a");
      assertThat(server.connections()).hasSize(1);
      assertThat(client).hasToString("client of unix:" + socket + ":/rpc, CONNECTED");
      assertThatThrownBy(() -> RpcClient.connect("unix:" + socket))
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith(
              "cannot connect to unix:" + socket + ":/ws: the server answered 404 Not Found");
    }
  }

  @Test
  void theHandshakeNamesThisMachine() throws Exception {
    try (ServerSocketChannel listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      listening.bind(UnixDomainSocketAddress.of(socket));
      try (RpcClient client = RpcClient.builder("unix:" + socket + ":/a?b=c").connectLater();
          SocketChannel accepted = listening.accept()) {
        assertThat(readHead(accepted))
            .startsWith("GET /a?b=c HTTP/1.1\r\n")
            .containsIgnoringCase("\r\nHost: localhost\r\n");
        assertThat(client.state()).isEqualTo(ClientState.CONNECTING);
      }
    }
  }

  private static String readHead(SocketChannel channel) throws IOException {
    ByteBuffer read = ByteBuffer.allocate(4096);
    String text = "";
    while (!text.endsWith("\r\n\r\n") && channel.read(read) >= 0) {
      text = new String(read.array(), 0, read.position(), StandardCharsets.US_ASCII);
    }
    return text;
  }

  @Test
  void aSocketThatIsNotThereIsNamed() {
    assertThatThrownBy(() -> RpcClient.connect("unix:" + socket))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("cannot connect to unix:" + socket + ":/ws: ")
        .message()
        .containsIgnoringCase("no such file");
  }

  @Test
  void theClientIsBackWhenItsServerIs() throws Exception {
    RecordedStates states = new RecordedStates();
    RpcServer first = server().build().start();
    try (RpcClient client =
        RpcClient.builder("unix:" + socket)
            .reconnectPolicy((attempt, cause) -> Duration.ofMillis(5))
            .stateListener(states)
            .connect()) {
      first.close();
      states.awaitCount(ClientState.RECONNECTING, 2);
      CompletableFuture<String> waiting = client.call(ECHO, "a", CallOptions.DEFAULT.idempotent());
      try (RpcServer second = server().build().start()) {
        assertThat(waiting.join()).isEqualTo("a");
        assertThat(second.connections()).hasSize(1);
      }
    }
  }

  @Test
  void tlsIsNotSpokenThere() {
    Certificates certificates = Certificates.make("localhost");
    assertThatThrownBy(() -> RpcClient.builder("unix:" + socket).tls(certificates.client()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("tls with unix:");
    assertThatThrownBy(() -> server().tls(certificates.server()).build())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("bindUnix with tls (expected: one of them)");
  }
}
