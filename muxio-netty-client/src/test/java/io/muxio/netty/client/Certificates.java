package io.muxio.netty.client;

import io.muxio.netty.PemTls;
import io.netty.handler.ssl.SslContext;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/** An authority, and the certificates of a server and of a client that it has issued. */
final class Certificates {
  private final X509Bundle authority;
  private final X509Bundle ofServer;
  private final X509Bundle ofClient;

  private Certificates(X509Bundle authority, X509Bundle ofServer, X509Bundle ofClient) {
    this.authority = authority;
    this.ofServer = ofServer;
    this.ofClient = ofClient;
  }

  /** Of a server that has this name, and 127.0.0.1 where that is localhost. */
  static Certificates make(String serverName) {
    return make(serverName, Instant.now().plus(Duration.ofDays(1)));
  }

  static Certificates make(String serverName, Instant serverExpires) {
    try {
      CertificateBuilder common =
          new CertificateBuilder().ecp256().notBefore(Instant.now().minus(Duration.ofDays(2)));
      X509Bundle authority =
          common.copy().subject("CN=authority").setIsCertificateAuthority(true).buildSelfSigned();
      CertificateBuilder server =
          common
              .copy()
              .subject("CN=" + serverName)
              .notAfter(serverExpires)
              .addSanDnsName(serverName);
      if (serverName.equals("localhost")) {
        server.addSanIpAddress("127.0.0.1");
      }
      X509Bundle client = common.copy().subject("CN=the client").buildIssuedBy(authority);
      return new Certificates(authority, server.buildIssuedBy(authority), client);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  Path authority() {
    return file(authority::toTempRootCertPem);
  }

  Path serverChain() {
    return file(ofServer::toTempCertChainPem);
  }

  Path serverKey() {
    return file(ofServer::toTempPrivateKeyPem);
  }

  SslContext server() {
    return context(() -> PemTls.server(serverChain(), serverKey()));
  }

  SslContext serverThatAsks() {
    return context(() -> PemTls.server(serverChain(), serverKey(), authority()));
  }

  SslContext client() {
    return context(() -> PemTls.client(authority()));
  }

  SslContext clientWithCertificate() {
    return context(
        () ->
            PemTls.client(
                authority(),
                file(ofClient::toTempCertChainPem),
                file(ofClient::toTempPrivateKeyPem)));
  }

  private interface Reading<T> {
    T read() throws IOException;
  }

  private static SslContext context(Reading<SslContext> reading) {
    try {
      return reading.read();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path file(Reading<File> writing) {
    try {
      return writing.read().toPath();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
