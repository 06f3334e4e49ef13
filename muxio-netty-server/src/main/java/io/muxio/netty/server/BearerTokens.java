package io.muxio.netty.server;

import io.muxio.netty.BearerSyntax;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.security.Principal;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Knows clients by the bearer token (RFC 6750) that they send as {@code Authorization: Bearer
 * TOKEN}. One without is answered 401, one whose token is not known, or no more, 401 with {@code
 * invalid_token}, and one that sends several 400. Tokens are not logged. They are secrets that
 * whoever reads them can use, so they want TLS. Immutable.
 *
 * <pre>{@code
 * RpcServer.builder().authenticator(BearerTokens.of(Map.of(System.getenv("TOKEN"), () -> "shop")))
 * }</pre>
 */
public final class BearerTokens implements Authenticator {
  private static final String CHALLENGE = "Bearer realm=\"muxio\"";

  /** Looks at each character once, whatever was sent. */
  private static final Pattern CREDENTIALS =
      Pattern.compile("bearer(?: ++(.*+))?+", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  private final TokenCheck check;
  private final @Nullable String parameter;

  /** Says whose token one is. Safe to use from any thread. */
  @FunctionalInterface
  public interface TokenCheck {
    /**
     * Looks a token up. Called on the handler executor, so it may block. It is not cancelled where
     * the client leaves, and until it completes the client keeps its place among {@link
     * ServerLimits#maxConnections()}, so it should have a time limit of its own.
     *
     * @param token of the characters that RFC 6750 allows
     * @return completes, on any thread, with the client, or empty where the token is not known or
     *     has expired; one that fails is answered 500
     * @throws Exception answered 500
     */
    CompletionStage<? extends Optional<? extends Principal>> principalOf(String token)
        throws Exception;
  }

  private BearerTokens(TokenCheck check, @Nullable String parameter) {
    this.check = check;
    this.parameter = parameter;
  }

  /**
   * Knows some tokens that do not change. How long it takes to look at a token does not tell how
   * much of it was right; it grows with their number, so this is for hundreds of them, not more.
   *
   * @param principals whose token each is
   * @return the authenticator
   * @throws IllegalArgumentException where a token has characters that RFC 6750 does not allow
   */
  public static BearerTokens of(Map<String, ? extends Principal> principals) {
    principals.keySet().forEach(BearerTokens::requireToken);
    KnownTokens known = new KnownTokens(principals);
    return by(token -> CompletableFuture.completedFuture(known.principalOf(token)));
  }

  private static void requireToken(String token) {
    if (!BearerSyntax.isToken(token)) {
      throw new IllegalArgumentException(
          "a token of "
              + token.length()
              + " characters (expected: letters, digits, - . _ ~ + /, and = at the end)");
    }
  }

  /**
   * Asks a function, such as one that verifies signed tokens or looks into a database.
   *
   * @param check asked anew for every client
   * @return the authenticator
   */
  public static BearerTokens by(TokenCheck check) {
    return new BearerTokens(Objects.requireNonNull(check, "check"), null);
  }

  /**
   * Takes tokens out of the URI too, as {@code ws://…?NAME=TOKEN}, where there is no {@code
   * Authorization} header: a page in a browser cannot set headers on its WebSockets. URIs are
   * written down, by proxies and in histories, so such tokens should be for one use or for some
   * seconds; a cookie, with an authenticator of your own, is better.
   *
   * @param name of the parameter, such as {@code access_token}
   * @return an authenticator that takes both
   */
  public BearerTokens orParameter(String name) {
    return new BearerTokens(check, Objects.requireNonNull(name, "name"));
  }

  @Override
  public CompletionStage<Admission> authenticate(HandshakeRequest request) throws Exception {
    List<String> credentials = request.headers().getAll(HttpHeaderNames.AUTHORIZATION);
    List<String> parameters = parameter == null ? List.of() : request.parameters(parameter);
    if (credentials.size() + parameters.size() > 1) {
      return CompletableFuture.completedFuture(refusal(HttpResponseStatus.BAD_REQUEST));
    }
    String token = parameters.isEmpty() ? tokenOf(credentials) : parameters.get(0);
    if (token == null) {
      return CompletableFuture.completedFuture(Admission.unauthorized(CHALLENGE));
    }
    if (!BearerSyntax.isToken(token)) {
      return CompletableFuture.completedFuture(refusal(HttpResponseStatus.UNAUTHORIZED));
    }
    // Cannot be cancelled: it would be over then before the check is.
    return check
        .principalOf(token)
        .thenApply(BearerTokens::admissionOf)
        .toCompletableFuture()
        .minimalCompletionStage();
  }

  /** Null where the client has said nothing, or something of another scheme. */
  private static @Nullable String tokenOf(List<String> credentials) {
    Matcher bearer = CREDENTIALS.matcher(credentials.isEmpty() ? "" : credentials.get(0));
    if (!bearer.matches()) {
      return null;
    }
    return bearer.group(1) == null ? "" : bearer.group(1);
  }

  private static Admission admissionOf(Optional<? extends Principal> found) {
    return found.isPresent()
        ? Admission.admit(found.get())
        : refusal(HttpResponseStatus.UNAUTHORIZED);
  }

  /** Of a client that has said something. */
  private static Admission refusal(HttpResponseStatus status) {
    String error =
        status.equals(HttpResponseStatus.BAD_REQUEST) ? "invalid_request" : "invalid_token";
    return Admission.refuse(status.code())
        .header(
            HttpHeaderNames.WWW_AUTHENTICATE.toString(), CHALLENGE + ", error=\"" + error + "\"");
  }
}
