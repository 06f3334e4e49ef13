package io.muxio.netty;

import java.util.regex.Pattern;

/** What can be a bearer token (RFC 6750): what a client may send, and a server looks up. */
public final class BearerSyntax {
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/-]+=*");

  private BearerSyntax() {}

  /**
   * Whether a text can be a token.
   *
   * @param text what somebody has said is one; looked through once, however long it is
   * @return true for letters, digits and {@code - . _ ~ + /}, at least one of them, with any number
   *     of {@code =} at the end
   */
  public static boolean isToken(String text) {
    return TOKEN.matcher(text).matches();
  }
}
