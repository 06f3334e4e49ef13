package io.muxio.netty.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which pages may connect, and which only look like it. */
class OriginsTest {
  private static HttpHeaders headers(String origin, String host) {
    return new DefaultHttpHeaders().add("Origin", origin).add("Host", host);
  }

  @ParameterizedTest
  @CsvSource({
    "http://localhost:3000, localhost:3000",
    "http://LOCALHOST:3000, localhost:3000",
    "HTTP://localhost:3000, LocalHost:3000",
    "http://localhost, localhost",
    "http://localhost:80, localhost",
    "http://localhost, localhost:80",
    "https://shop.example, shop.example",
    "https://shop.example:443, shop.example",
    "https://shop.example, shop.example:443",
    "https://shop.example:8443, shop.example:8443",
    "http://127.0.0.1:3000, 127.0.0.1:3000",
    "http://[::1]:3000, [::1]:3000",
    "http://[0:0:0:0:0:0:0:1]:3000, [::1]:3000",
    "http://[2001:DB8::A], [2001:db8::a]",
  })
  void aPageOfTheSameHost(String origin, String host) {
    assertThat(Origins.SAME_HOST.admits(headers(origin, host), false)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "http://localhost.evil.example:3000, localhost:3000",
    "http://evil.example/localhost:3000, localhost:3000",
    "http://localhost:3000@evil.example, localhost:3000",
    "http://evil.example@localhost:3000, localhost:3000",
    "http://user:pw@localhost:3000, localhost:3000",
    "http://evillocalhost:3000, localhost:3000",
    "http://localhost:3001, localhost:3000",
    "http://localhost, localhost:3000",
    "http://localhost:3000, localhost",
    "https://localhost, localhost:80",
    "http://localhost.:3000, localhost:3000",
    "http://localhost:3000, localhost.:3000",
    "http://localhost:3000/, localhost:3000",
    "http://localhost:3000/path, localhost:3000",
    "http://localhost:3000?x, localhost:3000",
    "http://localhost:3000#x, localhost:3000",
    "http:localhost:3000, localhost:3000",
    "http:///localhost:3000, localhost:3000",
    "//localhost:3000, localhost:3000",
    "localhost:3000, localhost:3000",
    "ws://localhost:3000, localhost:3000",
    "file://localhost:3000, localhost:3000",
    "http://localhost:03000, localhost:3000",
    "http://localhost:, localhost",
    "http://localhost:65536, localhost:65536",
    "http://localhost:0, localhost:0",
    "http://localhost:+80, localhost",
    "http://[::1]:3000, [::2]:3000",
    "http://[::1%25eth0]:3000, [::1%25eth0]:3000",
    "http://[::1:3000, [::1:3000",
    "http://[::ffff:127.0.0.1], 127.0.0.1",
    "http://[localhost], localhost",
    "http://[1:2:3], [1:2:3]",
    "http://löcalhost, löcalhost",
    "http://local host, local host",
    "http://a\\b, a\\b",
    "http://a, 'http://b,http://a'",
    "'http://a http://b', a",
    "null, localhost:3000",
    "null, null",
    "'', ''",
    "'', localhost:3000",
    "*, localhost:3000",
  })
  void aPageThatOnlyLooksLikeIt(String origin, String host) {
    assertThat(Origins.SAME_HOST.admits(headers(origin, host), false)).isFalse();
  }

  @Test
  void withTlsAPageWithoutItIsNotOfTheSameHost() {
    assertThat(Origins.SAME_HOST.admits(headers("http://a:1", "a:1"), true)).isFalse();
    assertThat(Origins.SAME_HOST.admits(headers("https://a:1", "a:1"), true)).isTrue();
  }

  @Test
  void whoIsNoBrowserIsNotAsked() {
    assertThat(Origins.SAME_HOST.admits(new DefaultHttpHeaders(), false)).isTrue();
    assertThat(Origins.SAME_HOST.admits(new DefaultHttpHeaders(), true)).isTrue();
  }

  @Test
  void severalOriginsAreNone() {
    HttpHeaders twice = headers("http://a", "a").add("Origin", "http://a");
    assertThat(Origins.SAME_HOST.admits(twice, false)).isFalse();
    assertThat(Origins.SAME_HOST.and("http://a").admits(twice, false)).isFalse();
  }

  @Test
  void withoutExactlyOneHostThereIsNoSameHost() {
    HttpHeaders none = new DefaultHttpHeaders().add("Origin", "http://a");
    assertThat(Origins.SAME_HOST.admits(none, false)).isFalse();
    HttpHeaders twice = headers("http://a", "a").add("Host", "a");
    assertThat(Origins.SAME_HOST.admits(twice, false)).isFalse();
    assertThat(Origins.SAME_HOST.and("http://a").admits(twice, false)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "https://shop.example, https://shop.example, true",
    "https://shop.example:443, https://shop.example, true",
    "HTTPS://Shop.Example, https://shop.example:443, true",
    "http://[::1]:80, http://[0::1], true",
    "app://it, app://it, true",
    "app://it:5, app://it:5, true",
    "app://it, app://it:5, false",
    "https://shop.example, http://shop.example, false",
    "https://shop.example, https://shop.example:444, false",
    "https://shop.example, https://www.shop.example, false",
    "https://shop.example, https://shop.example.evil.example, false",
    "https://shop.example, https://shop.example., false",
    "https://shop.example, null, false",
    "https://shop.example, https://*, false",
  })
  void aPageThatIsAllowed(String allowed, String origin, boolean expected) {
    Origins origins = Origins.SAME_HOST.and("http://other:1").and(allowed);
    assertThat(origins.admits(headers(origin, "elsewhere"), false)).isEqualTo(expected);
    assertThat(origins.admits(headers(origin, "elsewhere"), true)).isEqualTo(expected);
    assertThat(origins.admits(headers("http://elsewhere", "elsewhere"), false)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://evil.example", "null", "nonsense", ""})
  void anyIsAny(String origin) {
    Origins any = Origins.SAME_HOST.andAny();
    assertThat(any.admits(headers(origin, "a").add("Origin", "x"), true)).isTrue();
    assertThat(any.and("http://b").admits(headers(origin, "a"), true)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "*",
        "null",
        "",
        "shop.example",
        "https://shop.example/",
        "https://*.shop.example",
        "https://läden.example",
        "https://",
        "https://a:0",
        "https://a:65536"
      })
  void whatNoBrowserTellsCannotBeAllowed(String origin) {
    assertThatThrownBy(() -> RpcServer.builder().allowedOrigins("https://a", origin))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "origin: '"
                + origin
                + "' (expected: SCHEME://HOST[:PORT] in ASCII without a slash at the end, such as"
                + " https://shop.example; allowAnyOrigin() for all)");
  }
}
