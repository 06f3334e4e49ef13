package io.muxio.netty.client;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * The proxy that a client's connections go through.
 *
 * @param host its name or address
 * @param port its port
 * @param authorization the value of the header that says who we are, a secret; null for none
 */
record HttpProxy(String host, int port, @Nullable String authorization) {
  private static final int MAX_PORT = 0xffff;

  HttpProxy {
    if (host.isEmpty()) {
      throw new IllegalArgumentException("host: '' (expected: the proxy's name or address)");
    }
    if (port < 1 || port > MAX_PORT) {
      throw new IllegalArgumentException("port: " + port + " (expected: 1 to 65535)");
    }
  }

  /** One that wants to know who we are. */
  static HttpProxy withUser(String host, int port, String user, String password) {
    if (user.indexOf(':') >= 0) {
      throw new IllegalArgumentException("user: '" + user + "' (expected: without a colon)");
    }
    byte[] both = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
    String encoded = Base64.getEncoder().encodeToString(both);
    return new HttpProxy(host, port, "Basic " + encoded);
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return host + ":" + port;
  }
}
