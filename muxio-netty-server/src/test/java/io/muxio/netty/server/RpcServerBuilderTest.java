package io.muxio.netty.server;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
  void aServerThatDoesNotListenHasNoAddress() {
    try (RpcServer server = RpcServer.builder().build()) {
      assertThatThrownBy(server::address)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("without a listener of its own (expected: start() was called)");
    }
  }
}
