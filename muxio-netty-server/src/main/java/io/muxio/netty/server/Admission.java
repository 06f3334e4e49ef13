package io.muxio.netty.server;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.AsciiString;
import java.security.Principal;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What an {@link Authenticator} says of a client: who it is, or why it is refused. Immutable. */
public final class Admission {
  private static final int FIRST_REFUSAL = 400;
  private static final int LAST_REFUSAL = 599;

  /** They say where the answer ends and what becomes of the socket, which is the server's. */
  private static final List<AsciiString> OF_THE_SERVER =
      List.of(
          HttpHeaderNames.CONNECTION,
          HttpHeaderNames.CONTENT_LENGTH,
          HttpHeaderNames.TRANSFER_ENCODING);

  private static final Admission ANONYMOUS =
      new Admission(HttpResponseStatus.SWITCHING_PROTOCOLS, null, new DefaultHttpHeaders(), "");

  private final HttpResponseStatus status;
  private final @Nullable Principal principal;
  private final HttpHeaders headers;
  private final String text;

  private Admission(
      HttpResponseStatus status, @Nullable Principal principal, HttpHeaders headers, String text) {
    this.status = status;
    this.principal = principal;
    this.headers = headers;
    this.text = text;
  }

  /**
   * Lets a client in.
   *
   * @param principal who it is, for {@code call.principal()}
   * @return the admission
   */
  public static Admission admit(Principal principal) {
    return new Admission(
        HttpResponseStatus.SWITCHING_PROTOCOLS,
        Objects.requireNonNull(principal, "principal"),
        new DefaultHttpHeaders(),
        "");
  }

  /**
   * Lets a client in that has no name.
   *
   * @return the admission
   */
  public static Admission anonymous() {
    return ANONYMOUS;
  }

  /**
   * Refuses a client that has not said who it is, or whom that is not believed: 401.
   *
   * @param challenge how it can, as the value of {@code WWW-Authenticate}, such as {@code Bearer
   *     realm="shop"}
   * @return the refusal
   * @throws IllegalArgumentException where the challenge cannot be sent
   */
  public static Admission unauthorized(String challenge) {
    return refuse(HttpResponseStatus.UNAUTHORIZED)
        .header(HttpHeaderNames.WWW_AUTHENTICATE.toString(), challenge);
  }

  /**
   * Refuses a client that may not connect, whoever it is: 403.
   *
   * @return the refusal
   */
  public static Admission forbidden() {
    return refuse(HttpResponseStatus.FORBIDDEN);
  }

  /**
   * Refuses a client that has tried too often: 429.
   *
   * @param retryAfter when it may try again; zero or more, rounded up to seconds
   * @return the refusal
   * @throws IllegalArgumentException where the time is negative
   */
  public static Admission tooManyRequests(Duration retryAfter) {
    if (retryAfter.isNegative()) {
      throw new IllegalArgumentException("retryAfter: " + retryAfter + " (expected: 0 or more)");
    }
    long seconds = retryAfter.getSeconds() + (retryAfter.getNano() > 0 ? 1 : 0);
    return refuse(HttpResponseStatus.TOO_MANY_REQUESTS)
        .header(HttpHeaderNames.RETRY_AFTER.toString(), Long.toString(seconds));
  }

  /**
   * Refuses a client.
   *
   * @param status of the HTTP answer, 400 to 599
   * @return the refusal
   * @throws IllegalArgumentException where the status is none of a refusal
   */
  public static Admission refuse(int status) {
    if (status < FIRST_REFUSAL || status > LAST_REFUSAL) {
      throw new IllegalArgumentException("status: " + status + " (expected: 400 to 599)");
    }
    return refuse(HttpResponseStatus.valueOf(status));
  }

  static Admission refuse(HttpResponseStatus status) {
    return new Admission(status, null, new DefaultHttpHeaders(), "");
  }

  /**
   * Adds a header to the answer.
   *
   * @param name such as {@code Retry-After}
   * @param value as it is sent
   * @return a refusal with one header more
   * @throws IllegalArgumentException where name or value cannot be sent, or the header is one that
   *     the server sets: {@code Connection}, {@code Content-Length}, {@code Transfer-Encoding}
   * @throws IllegalStateException where this is no refusal
   */
  public Admission header(String name, String value) {
    requireRefusal("header");
    if (OF_THE_SERVER.stream().anyMatch(taken -> taken.contentEqualsIgnoreCase(name))) {
      throw new IllegalArgumentException("header: " + name + " (expected: none of the server's)");
    }
    // Not copy(), which would not look at values any more.
    HttpHeaders more = new DefaultHttpHeaders().add(headers).add(name, value);
    return new Admission(status, null, more, text);
  }

  /**
   * Sets the text of the answer, which by default is empty.
   *
   * @param text for people; sent as UTF-8 and, unless a header says otherwise, as {@code
   *     text/plain}
   * @return a refusal with the text
   * @throws IllegalStateException where this is no refusal
   */
  public Admission text(String text) {
    requireRefusal("text");
    return new Admission(status, null, headers, Objects.requireNonNull(text, "text"));
  }

  private void requireRefusal(String what) {
    if (isAdmitted()) {
      throw new IllegalStateException(what + " for a client that is let in (expected: refused)");
    }
  }

  /**
   * Whether the client is let in.
   *
   * @return false where it is refused
   */
  public boolean isAdmitted() {
    return status.equals(HttpResponseStatus.SWITCHING_PROTOCOLS);
  }

  /**
   * Who the client is.
   *
   * @return null where it is refused or has no name
   */
  public @Nullable Principal principal() {
    return principal;
  }

  /**
   * What the client is answered.
   *
   * @return 101 where it is let in, else 400 to 599
   */
  public int status() {
    return status.code();
  }

  HttpResponseStatus httpStatus() {
    return status;
  }

  /** Not to be changed. */
  HttpHeaders headers() {
    return headers;
  }

  String text() {
    return text;
  }

  @Override
  public String toString() {
    return isAdmitted() ? "admitted: " + principal : "refused: " + status;
  }
}
