package io.muxio.netty.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
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
  @CsvSource({
    "unix:/run/app.sock, /run/app.sock, ws://localhost/ws, unix:/run/app.sock:/ws",
    "unix:/a%20b:/rpc/v1, /a b, ws://localhost/rpc/v1, unix:/a b:/rpc/v1",
    "UNIX:///run/a:b?t=secret, /run/a:b, ws://localhost/ws?t=secret, unix:/run/a:b:/ws",
    "unix:/a:/b:/c?d, /a, ws://localhost/b:/c?d, unix:/a:/b:/c",
  })
  void aUnixSocketIsAFileAndAPath(String text, Path file, URI asked, String name) {
    ServerUri uri = ServerUri.parse(text);
    assertThat(uri.socket().getPath()).isEqualTo(file);
    assertThat(uri.uri()).isEqualTo(asked);
    assertThat(uri.isSecure()).isFalse();
    assertThat(uri).hasToString(name);
  }

  @Test
  void aUnixSocketsPathHasToFit() {
    String fits = "/" + "x".repeat(106);
    assertThat(ServerUri.parse("unix:" + fits).socket()).hasToString(fits);
    assertThatThrownBy(() -> ServerUri.parse("unix:" + fits + "x"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("108 bytes (expected: 1 to 107");
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
        "ws://a b",
        "unix:",
        "unix:relative.sock",
        "unix://host/file",
        "unix:/file#x",
        "unix:/a%00b"
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

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ws://ada:secret@host/ws",
        "http://host/ws?token=secret",
        "ws://host/ws?token=sec ret secret",
        "ws://host/ws?token=secret#x"
      })
  void whatIsWrongIsToldWithoutSecrets(String uri) {
    assertThatThrownBy(() -> ServerUri.parse(uri))
        .isInstanceOf(IllegalArgumentException.class)
        .hasNoCause()
        .hasMessageNotContaining("secret");
  }
}
