package io.muxio.netty.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an authenticator is shown. */
class HandshakeRequestTest {
  private static final InetSocketAddress ADDRESS =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 5);

  private static HandshakeRequest request(String uri, HttpHeaders headers) {
    return new HandshakeRequest(uri, headers, List.of(), ADDRESS, false);
  }

  private static HandshakeRequest request(String uri) {
    return request(uri, new DefaultHttpHeaders());
  }

  @Test
  void headersAreFoundByTheirNamesInAnyCase() {
    HandshakeRequest request =
        request(
            "/ws", new DefaultHttpHeaders().add("X-One", "1").add("x-two", "a").add("X-TWO", "b"));
    assertThat(request.header("x-one")).isEqualTo("1");
    assertThat(request.header("x-none")).isNull();
    assertThat(request.header("X-Two")).as("which of both?").isNull();
    assertThat(request.headers().getAll("X-Two")).containsExactly("a", "b");
  }

  @Test
  void parametersAreDecoded() {
    HandshakeRequest request = request("/ws?a=1&b=x%20y+z%2B&b=&c&%C3%A9=ü;1&a%3D=2");
    assertThat(request.path()).isEqualTo("/ws");
    assertThat(request.parameter("a")).isEqualTo("1");
    assertThat(request.parameters("b")).containsExactly("x y z+", "");
    assertThat(request.parameter("b")).as("which of both?").isNull();
    assertThat(request.parameter("c")).isEmpty();
    assertThat(request.parameter("é")).isEqualTo("ü;1");
    assertThat(request.parameter("a=")).isEqualTo("2");
    assertThat(request.parameter("d")).isNull();
    assertThat(request.parameters("d")).isEmpty();
    assertThat(request("http://h/ws?a=%3F").parameter("a")).isEqualTo("?");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/ws?a=%", "/ws?a=%1", "/ws?a=%zz", "/ws?%zz=a"})
  void aQueryThatCannotBeDecoded(String uri) {
    assertThatThrownBy(() -> request(uri)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void cookies() {
    HandshakeRequest request =
        request(
            "/ws",
            new DefaultHttpHeaders()
                .add("Cookie", "a=1; b=\"2\"; bad=x y; a=3")
                .add("cookie", "c=4; novalue; A=5"));
    assertThat(request.cookie("b")).isEqualTo("2");
    assertThat(request.cookie("c")).isEqualTo("4");
    assertThat(request.cookie("A")).isEqualTo("5");
    assertThat(request.cookies("a")).containsExactly("1", "3");
    assertThat(request.cookie("a")).as("which of both?").isNull();
    assertThat(request.cookie("bad")).isNull();
    assertThat(request.cookie("novalue")).isNull();
  }

  @Test
  void itIsACopyThatCannotBeChanged() {
    HttpHeaders headers = new DefaultHttpHeaders().add("X", "1");
    HandshakeRequest request = request("/ws", headers);
    headers.set("X", "2").add("Y", "3");
    assertThat(request.header("X")).isEqualTo("1");
    assertThat(request.header("Y")).isNull();
    assertThatThrownBy(() -> request.headers().set("X", "2"))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void itsTextHoldsNoSecret() {
    HttpHeaders headers = new DefaultHttpHeaders().add("Authorization", "Bearer secret");
    assertThat(request("/ws?token=secret", headers))
        .hasToString("handshake of " + ADDRESS + " for /ws");
  }

  /** However many others are between the two. */
  @Test
  void aParameterThatWasSentTwiceIsNeverTakenForOne() {
    HandshakeRequest request = request("/ws?t=good" + "&a".repeat(1023) + "&t=evil");
    assertThat(request.parameters("t")).containsExactly("good", "evil");
    assertThat(request.parameter("t")).as("which of both?").isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://h?x=/ws", "x?y://h/ws", "?://h/ws"})
  void whatIsInTheQueryIsNoPath(String uri) {
    assertThat(request(uri).path()).isNotEqualTo("/ws");
  }
}
