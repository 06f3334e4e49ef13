package io.muxio.netty.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Settings that cannot work are refused when they are made. */
class RpcServerBuilderTest {
  @ParameterizedTest
  @ValueSource(strings = {"", "ws", "/ws?generation=13", "/ws#top"})
  void whatNoRequestCanAskForIsNoPath(String path) {
    assertThatThrownBy(() -> RpcServer.builder().path(path))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("path: '" + path + "' (expected: begins with /, without query and fragment)");
  }

  @Test
  void aServerListensAtOnePlace() {
    assertThatThrownBy(
            () -> RpcServer.builder().bind("127.0.0.1", 3000).bindUnix(Path.of("/run/app.sock")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("bindUnix(/run/app.sock) after bind(127.0.0.1, 3000) (expected: one of them)");
    assertThatThrownBy(
            () -> RpcServer.builder().bindUnix(Path.of("/run/app.sock")).bind("127.0.0.1", 3000))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("bind(127.0.0.1, 3000) after bindUnix(/run/app.sock) (expected: one of them)");
  }

  @Test
  void theLastAddressOfAKindCounts() {
    try (RpcServer server = RpcServer.builder().bind("127.0.0.1", 1).bind("::1", 2).build()) {
      assertThat(server).hasToString("server on /[0:0:0:0:0:0:0:1]:2, 0 connections, NEW");
    }
  }

  @Test
  void aServerTellsWhereItIsInItsLife() throws Exception {
    try (RpcServer embedded = RpcServer.builder().build()) {
      assertThat(embedded).hasToString("server without an address, 0 connections, NEW");
    }
    RpcServer server = RpcServer.builder().bind("127.0.0.1", 0).build();
    assertThat(server).hasToString("server on /127.0.0.1:0, 0 connections, NEW");
    server.start();
    int port = server.address().getPort();
    try (WebSocketPeer peer = WebSocketPeer.connect(server)) {
      peer.send(Frames.call(0, 1, "none", ""), true);
      peer.next();
      assertThat(server).hasToString("server on /127.0.0.1:" + port + ", 1 connections, STARTED");
    }
    server.close();
    assertThat(server).hasToString("server on /127.0.0.1:" + port + ", 0 connections, CLOSED");
  }

  @Test
  void aServerOnAUnixSocketNamesItsFile() {
    try (RpcServer server = RpcServer.builder().bindUnix(Path.of("/run/app.sock")).build()) {
      assertThat(server).hasToString("server on unix:/run/app.sock, 0 connections, NEW");
    }
  }

  @Test
  void aServerThatDoesNotListenHasNoAddress() {
    try (RpcServer server = RpcServer.builder().build()) {
      assertThatThrownBy(server::address)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("without a listener of its own (expected: start() was called)");
    }
  }
}
