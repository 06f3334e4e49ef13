package io.muxio.netty.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a client makes of the answer of a server that does not let it in. */
class RefusalsTest {
  private static final ServerUri SERVER = ServerUri.parse("wss://shop.example/ws?token=secret");

  private static HttpResponse answer(int status) {
    return new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status));
  }

  @ParameterizedTest
  @CsvSource({
    "0, PT0S",
    "120, PT2M",
    "999999999, PT277777H46M39S",
    "9999999999,",
    "-1,",
    "1.5,",
    "'',",
    "'Fri, 31 Dec 1999 23:59:59 GMT',",
  })
  void aTimeIsOneInSeconds(String header, Duration expected) {
    HttpResponse answer = answer(503);
    answer.headers().set("Retry-After", header);
    assertThat(Refusals.of(SERVER, answer).retryAfter()).isEqualTo(expected);
  }

  @Test
  void withoutATimeThereIsNone() {
    assertThat(Refusals.of(SERVER, answer(503)).retryAfter()).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "401, Unauthorized, '; the server wants to know who calls, see bearerToken(…)'",
    "403, Forbidden, ; this client may not connect",
    "404, Not Found, ; is the path right?",
    "503, Service Unavailable, ''",
  })
  void theTextSaysWhatToDo(int status, String phrase, String advice) {
    HandshakeRefusedException refusal = Refusals.of(SERVER, answer(status));
    assertThat(refusal.status()).isEqualTo(status);
    assertThat(refusal)
        .hasMessage(
            "cannot connect to wss://shop.example:443/ws: the server answered "
                + status
                + " "
                + phrase
                + " (expected: 101 Switching Protocols"
                + advice
                + ")");
  }

  /** It may be anybody's, and goes into logs. */
  @Test
  void theServersTextIsBounded() {
    HttpResponse answer = answer(401);
    answer.headers().set("WWW-Authenticate", "Béarer " + "x".repeat(1_000));
    assertThat(Refusals.of(SERVER, answer))
        .hasMessageEndingWith(": B?arer " + "x".repeat(193) + "…)");
  }
}
