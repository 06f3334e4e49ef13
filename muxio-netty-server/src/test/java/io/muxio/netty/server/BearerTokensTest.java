package io.muxio.netty.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.Principal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who a bearer token says that a client is. */
class BearerTokensTest {
  private static final Principal ADA = () -> "Ada";
  private static final Principal BOB = () -> "Bob";
  private static final String NOTHING_GIVEN = "Bearer realm=\"muxio\"";
  private static final String INVALID = NOTHING_GIVEN + ", error=\"invalid_token\"";
  private static final String SEVERAL = NOTHING_GIVEN + ", error=\"invalid_request\"";

  private final BearerTokens tokens = BearerTokens.of(Map.of("ada-1", ADA, "b.o_b~+/==", BOB));

  private static HandshakeRequest request(String uri, String... authorization) {
    HttpHeaders headers = new DefaultHttpHeaders().add("Authorization", List.of(authorization));
    return new HandshakeRequest(
        uri, headers, List.of(), new InetSocketAddress(InetAddress.getLoopbackAddress(), 5), false);
  }

  private static Admission ask(BearerTokens tokens, HandshakeRequest request) {
    try {
      return tokens.authenticate(request).toCompletableFuture().join();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static void assertRefused(Admission admission, int status, String challenge) {
    assertThat(admission.status()).isEqualTo(status);
    assertThat(admission.principal()).isNull();
    assertThat(admission.headers().getAll("WWW-Authenticate")).containsExactly(challenge);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Bearer ada-1", "bearer ada-1", "BEARER ada-1", "Bearer   ada-1"})
  void theSchemeIsCaseInsensitive(String authorization) {
    assertThat(ask(tokens, request("/ws", authorization)).principal()).isSameAs(ADA);
  }

  @Test
  void eachTokenHasItsPrincipal() {
    assertThat(ask(tokens, request("/ws", "Bearer b.o_b~+/==")).principal()).isSameAs(BOB);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Bearer ada-2",
        "Bearer ADA-1",
        "Bearer ada-",
        "Bearer ada-1=",
        "Bearer ada-1 x",
        "Bearer ada-1,",
        "Bearer \"ada-1\"",
        "Bearer",
        "Bearer ",
        "Bearer ädä-1",
        "bearer =",
      })
  void aTokenThatIsNotKnown(String authorization) {
    assertRefused(ask(tokens, request("/ws", authorization)), 401, INVALID);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Basic YTpi", "Bearerada-1", "ada-1", "", "Bearer\tada-1", "X Bearer ada-1"})
  void noBearerToken(String authorization) {
    assertRefused(ask(tokens, request("/ws", authorization)), 401, NOTHING_GIVEN);
  }

  @Test
  void nothingAtAll() {
    assertRefused(ask(tokens, request("/ws?access_token=ada-1")), 401, NOTHING_GIVEN);
  }

  @Test
  void severalAreNone() {
    assertRefused(ask(tokens, request("/ws", "Bearer ada-1", "Bearer ada-1")), 400, SEVERAL);
    assertRefused(ask(tokens, request("/ws", "Basic YTpi", "Bearer ada-1")), 400, SEVERAL);
  }

  @Test
  void aParameterIsTakenWhereItWasAskedFor() {
    BearerTokens both = tokens.orParameter("access_token");
    assertThat(ask(both, request("/ws?access_token=ada-1")).principal()).isSameAs(ADA);
    assertThat(ask(both, request("/ws?access_token=b.o_b~%2B/%3D=")).principal()).isSameAs(BOB);
    assertThat(ask(both, request("/ws", "Bearer ada-1")).principal()).isSameAs(ADA);
    assertRefused(ask(both, request("/ws?access_token=x")), 401, INVALID);
    assertRefused(ask(both, request("/ws?access_token=")), 401, INVALID);
    assertRefused(ask(both, request("/ws?token=ada-1")), 401, NOTHING_GIVEN);
    assertRefused(ask(both, request("/ws?access_token=ada-1&access_token=ada-1")), 400, SEVERAL);
    assertRefused(ask(both, request("/ws?access_token=ada-1", "Bearer ada-1")), 400, SEVERAL);
  }

  @Test
  void aFunctionIsAskedForWhatMayBeAToken() {
    List<String> asked = new ArrayList<>();
    BearerTokens function =
        BearerTokens.by(
            token -> {
              asked.add(token);
              return CompletableFuture.completedFuture(
                  token.equals("good") ? Optional.of(ADA) : Optional.empty());
            });
    assertThat(ask(function, request("/ws", "Bearer good")).principal()).isSameAs(ADA);
    assertRefused(ask(function, request("/ws", "Bearer expired")), 401, INVALID);
    assertRefused(ask(function, request("/ws", "Bearer good good")), 401, INVALID);
    assertRefused(ask(function, request("/ws")), 401, NOTHING_GIVEN);
    assertThat(asked).containsExactly("good", "expired");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a\n", "=", "ä", "Bearer a"})
  void whatCannotBeSentIsNoTokenAndIsNotRepeated(String token) {
    assertThatThrownBy(() -> BearerTokens.of(Map.of(token, ADA)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "a token of "
                + token.length()
                + " characters (expected: letters, digits, - . _ ~ + /, and = at the end)");
  }

  /** A pattern that goes back over the spaces needs seconds for these, once for each of them. */
  @Test
  void spacesAreLookedAtOnce() throws Exception {
    HttpHeaders headers =
        new DefaultHttpHeaders().add("Authorization", "Bearer" + " ".repeat(1_000_000) + "\u0085");
    HandshakeRequest request =
        new HandshakeRequest(
            "/ws", headers, List.of(), InetSocketAddress.createUnresolved("h", 5), false);
    Admission admission =
        assertTimeoutPreemptively(
            Duration.ofSeconds(20),
            () ->
                BearerTokens.of(Map.of("abc", () -> "Ada"))
                    .authenticate(request)
                    .toCompletableFuture()
                    .join());
    assertThat(admission.status()).isEqualTo(401);
  }
}
