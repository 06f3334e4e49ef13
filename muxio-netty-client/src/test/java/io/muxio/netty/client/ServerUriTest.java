package io.muxio.netty.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerUriTest {
  @ParameterizedTest
  @CsvSource({
    "ws://example.org:3000/ws?a=b, example.org, 3000, false",
    "ws://example.org, example.org, 80, false",
    "WSS://example.org/ws, example.org, 443, true",
    "ws://[::1]:9/ws, [::1], 9, false",
  })
  void tellsWhereToConnect(String text, String host, int port, boolean secure) {
    ServerUri uri = ServerUri.parse(text);
    assertThat(uri.host()).isEqualTo(host);
    assertThat(uri.port()).isEqualTo(port);
    assertThat(uri.isSecure()).isEqualTo(secure);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "http://a/ws",
        "a:80",
        "ws://",
        "ws:///ws",
        "ws://a/#x",
        "ws://me@a",
        "ws://a b"
      })
  void whatIsNoWebSocketUriIsRefused(String text) {
    assertThatThrownBy(() -> ServerUri.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("uri: '" + text + "' (expected: ws://HOST[:PORT][/PATH][?QUERY]");
  }

  @Test
  void queriesStayOutOfMessages() {
    assertThat(ServerUri.parse("ws://a/ws?token=secret")).hasToString("ws://a:80/ws");
  }
}
