package io.muxio.netty.client;

import io.muxio.netty.PeerText;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the answer of a server, or its proxy, that does not let a client in. */
final class Refusals {
  private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}");

  private Refusals() {}

  static HandshakeRefusedException of(ServerUri server, HttpResponse answer) {
    HttpResponseStatus status = answer.status();
    String message =
        "cannot connect to "
            + server
            + ": the server answered "
            + PeerText.loggable(status.toString())
            + " (expected: 101 Switching Protocols"
            + adviceFor(answer)
            + ")";
    return new HandshakeRefusedException(message, status.code(), retryAfterOf(answer));
  }

  static ProxyRefusedException of(ServerUri server, HttpProxy proxy, HttpResponse answer) {
    HttpResponseStatus status = answer.status();
    String message =
        "cannot connect to "
            + server
            + " through the proxy "
            + proxy
            + ": the proxy answered "
            + PeerText.loggable(status.toString())
            + " (expected: 200"
            + (status.code() == 407 ? "; it wants another user or password" : "")
            + ")";
    return new ProxyRefusedException(message, status.code());
  }

  private static String adviceFor(HttpResponse answer) {
    return switch (answer.status().code()) {
      case 401 -> {
        String challenge = answer.headers().get(HttpHeaderNames.WWW_AUTHENTICATE);
        yield "; the server wants to know who calls, see bearerToken(…)"
            + (challenge == null ? "" : ": " + PeerText.loggable(challenge));
      }
      case 403 -> "; this client may not connect";
      case 404 -> "; is the path right?";
      default -> "";
    };
  }

  /** Null for a date too, which only a clock that is right could be compared with. */
  private static @Nullable Duration retryAfterOf(HttpResponse answer) {
    String text = answer.headers().get(HttpHeaderNames.RETRY_AFTER, "");
    return SECONDS.matcher(text).matches() ? Duration.ofSeconds(Long.parseLong(text)) : null;
  }
}
