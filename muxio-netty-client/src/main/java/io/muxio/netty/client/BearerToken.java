package io.muxio.netty.client;

import io.muxio.netty.BearerSyntax;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.concurrent.Callable;

/** What says who the client is, got anew for every attempt to connect. */
final class BearerToken {
  private final Callable<String> source;

  BearerToken(Callable<String> source) {
    this.source = source;
  }

  /**
   * Checks a token and does not repeat it.
   *
   * @throws IllegalArgumentException where it cannot be sent
   */
  static String require(String token) {
    if (!BearerSyntax.isToken(token)) {
      throw new IllegalArgumentException(
          "bearerToken: "
              + token.length()
              + " characters (expected: letters, digits, - . _ ~ + /, and = at the end)");
    }
    return token;
  }

  /**
   * Gets a token; may block.
   *
   * @param headers of every request, which stay as they are
   * @return the headers of one
   * @throws Exception where there is no token
   */
  HttpHeaders addedTo(HttpHeaders headers) throws Exception {
    String token = source.call();
    if (token == null) {
      throw new IllegalStateException("bearerToken: null (expected: a token)");
    }
    return headers.copy().set(HttpHeaderNames.AUTHORIZATION, "Bearer " + require(token));
  }
}
