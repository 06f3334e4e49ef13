package io.muxio.netty;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.nio.file.Path;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * TLS from PEM files, for the builders of servers and clients. Whatever is not covered here is set
 * with Netty's {@link SslContextBuilder}. All use OpenSSL where {@code netty-tcnative} is on the
 * class path, else the JDK.
 */
public final class PemTls {
  private PemTls() {}

  /**
   * TLS of a server that asks for no certificate.
   *
   * @param certificates the server's certificate and what leads to its authority, in that order
   * @param key its private key, PKCS#8 and not encrypted
   * @return the context
   * @throws IOException where a file cannot be read or holds something else
   */
  public static SslContext server(Path certificates, Path key) throws IOException {
    return build(() -> server(certificates, key, ClientAuth.NONE, null), certificates);
  }

  /**
   * TLS of a server that every client has to show a certificate.
   *
   * @param certificates the server's certificate and what leads to its authority, in that order
   * @param key its private key, PKCS#8 and not encrypted
   * @param clientAuthorities who may have issued the clients' certificates
   * @return the context
   * @throws IOException where a file cannot be read or holds something else
   */
  public static SslContext server(Path certificates, Path key, Path clientAuthorities)
      throws IOException {
    return build(
        () -> server(certificates, key, ClientAuth.REQUIRE, clientAuthorities), certificates);
  }

  /**
   * TLS of a client that trusts authorities of its own; the server's name is checked.
   *
   * @param authorities who may have issued the server's certificate
   * @return the context
   * @throws IOException where the file cannot be read or holds something else
   */
  public static SslContext client(Path authorities) throws IOException {
    return build(() -> forClient().trustManager(authorities.toFile()), authorities);
  }

  /**
   * TLS of a client that has a certificate; the server's name is checked.
   *
   * @param authorities who may have issued the server's certificate
   * @param certificates the client's certificate and what leads to its authority, in that order
   * @param key its private key, PKCS#8 and not encrypted
   * @return the context
   * @throws IOException where a file cannot be read or holds something else
   */
  public static SslContext client(Path authorities, Path certificates, Path key)
      throws IOException {
    return build(
        () ->
            forClient()
                .trustManager(authorities.toFile())
                .keyManager(certificates.toFile(), key.toFile()),
        authorities);
  }

  /**
   * TLS of a client that trusts what the JVM trusts; the server's name is checked.
   *
   * @return the context
   * @throws SSLException where the JVM has no TLS
   */
  public static SslContext client() throws SSLException {
    return forClient().build();
  }

  private static SslContextBuilder forClient() {
    return SslContextBuilder.forClient().endpointIdentificationAlgorithm("HTTPS");
  }

  private static SslContextBuilder server(
      Path certificates, Path key, ClientAuth clientAuth, @Nullable Path clientAuthorities) {
    SslContextBuilder builder =
        SslContextBuilder.forServer(certificates.toFile(), key.toFile()).clientAuth(clientAuth);
    return clientAuthorities == null ? builder : builder.trustManager(clientAuthorities.toFile());
  }

  /** Reads files when it is asked. */
  private interface Settings {
    SslContextBuilder read();
  }

  private static SslContext build(Settings settings, Path first) throws IOException {
    try {
      return settings.read().build();
    } catch (IllegalArgumentException e) {
      throw new IOException("TLS of " + first + ": " + e.getMessage(), e);
    }
  }
}
