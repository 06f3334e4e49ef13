package io.muxio.netty.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.muxio.netty.PemTls;
import io.muxio.netty.server.RpcServer;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.ConnectionListener;
import io.muxio.rpc.service.RpcConnection;
import io.muxio.rpc.service.RpcMethod;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** TLS on both ends: who is trusted, who is not, and that nothing is left of who is not. */
@Timeout(60)
class TlsIT {
  private static final RpcMethod<String, String> WHO =
      RpcMethod.unary("who", Codec.utf8(), Codec.utf8());

  /** OpenSSL has no exception of its own for handshakes. */
  private static final String TLS_FAILED = "javax.net.ssl.SSL";

  private static final Certificates GOOD = Certificates.make("localhost");

  private final AtomicInteger open = new AtomicInteger();
  private final AtomicInteger begun = new AtomicInteger();
  private RpcServer server;

  private void serve(SslContext tls) throws IOException {
    ConnectionListener counter =
        new ConnectionListener() {
          @Override
          public void onConnecting(RpcConnection connection) {
            begun.incrementAndGet();
            open.incrementAndGet();
          }

          @Override
          public void onDisconnected(RpcConnection connection) {
            open.decrementAndGet();
          }
        };
    server =
        RpcServer.builder()
            .bind("127.0.0.1", 0)
            .tls(tls)
            .connectionListener(counter)
            .handle(WHO, (text, call) -> text + subjectOf(call.connection()))
            .build()
            .start();
  }

  private static String subjectOf(RpcConnection connection) {
    return connection.peerCertificates().isEmpty()
        ? "nobody"
        : connection.peerCertificates().get(0).getSubjectX500Principal().getName();
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
    }
  }

  private RpcClientBuilder to(String host) {
    return RpcClient.builder("wss://" + host + ":" + server.address().getPort() + "/ws");
  }

  private void assertRefused(RpcClientBuilder client, String why) {
    assertThatThrownBy(client::connect)
        .isInstanceOf(IOException.class)
        .hasStackTraceContaining(why);
    await().until(() -> begun.get() > 0 && open.get() == 0);
    assertThat(server.connections()).isEmpty();
  }

  @Test
  void aServerThatIsTrustedIsCalled() throws IOException {
    serve(GOOD.server());
    String large = "x".repeat(3_000_000);
    try (RpcClient client = to("localhost").tls(GOOD.client()).connect()) {
      assertThat(client.call(WHO, "").join()).isEqualTo("nobody");
      assertThat(client.call(WHO, large).join()).isEqualTo(large + "nobody");
      assertThat(subjectOf(client.connection())).isEqualTo("CN=localhost");
    }
  }

  @Test
  void aClientIsKnownByItsCertificate() throws IOException {
    serve(GOOD.serverThatAsks());
    try (RpcClient client = to("127.0.0.1").tls(GOOD.clientWithCertificate()).connect()) {
      assertThat(client.call(WHO, "").join()).isEqualTo("CN=the client");
    }
  }

  @Test
  void aClientWithoutACertificateIsRefusedWhereOneIsRequired() throws IOException {
    serve(GOOD.serverThatAsks());
    assertRefused(to("localhost").tls(GOOD.client()), TLS_FAILED);
  }

  @Test
  void aClientOfAnotherAuthorityIsRefused() throws IOException {
    Certificates foreign = Certificates.make("localhost");
    serve(PemTls.server(GOOD.serverChain(), GOOD.serverKey(), foreign.authority()));
    assertRefused(to("localhost").tls(GOOD.clientWithCertificate()), TLS_FAILED);
  }

  @Test
  void aServerOfAnotherAuthorityIsNotTrusted() throws IOException {
    serve(Certificates.make("localhost").server());
    assertRefused(to("localhost").tls(GOOD.client()), "signature check failed");
  }

  @Test
  void byDefaultATestAuthorityIsNotTrusted() throws IOException {
    serve(GOOD.server());
    assertRefused(to("localhost"), "unable to find valid certification path");
  }

  @Test
  void aServerOfAnotherNameIsNotTrusted() throws IOException {
    Certificates other = Certificates.make("other.example");
    serve(other.server());
    assertRefused(to("localhost").tls(other.client()), "localhost");
  }

  @Test
  void anExpiredCertificateIsNotTrusted() throws IOException {
    Certificates expired = Certificates.make("localhost", Instant.now().minus(Duration.ofHours(1)));
    serve(expired.server());
    assertRefused(to("localhost").tls(expired.client()), "NotAfter");
  }

  @Test
  void aClientWithoutTlsIsRefused() throws IOException {
    serve(GOOD.server());
    String plain = "ws://127.0.0.1:" + server.address().getPort() + "/ws";
    assertRefused(RpcClient.builder(plain), "cannot connect to " + plain);
  }

  @Test
  void aServerWithoutTlsIsNamedAsSuch() throws IOException {
    server = RpcServer.builder().bind("127.0.0.1", 0).build().start();
    RpcClientBuilder client = to("localhost").tls(GOOD.client());
    assertThatThrownBy(client::connect)
        .isInstanceOf(IOException.class)
        .hasMessageEndingWith(
            "the server does not speak TLS on this port (expected: a ws:// URI?)");
  }

  @Test
  void itReconnectsOverTls() throws IOException {
    RecordedStates states = new RecordedStates();
    serve(GOOD.server());
    try (RpcClient client =
        to("localhost")
            .tls(GOOD.client())
            .reconnectPolicy((attempt, cause) -> Duration.ZERO)
            .stateListener(states)
            .connect()) {
      await().until(() -> server.connections().size() == 1); // the client is told first
      server.connections().get(0).close();
      states.awaitCount(ClientState.CONNECTED, 2);
      assertThat(client.call(WHO, "").join()).isEqualTo("nobody");
    }
  }

  @Test
  void tlsIsForSecureUrisAndTheRightEnd() {
    assertThatThrownBy(() -> RpcClient.builder("ws://localhost").tls(GOOD.client()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("tls with ws://localhost:80 (expected: wss://…)");
    assertThatThrownBy(() -> RpcClient.builder("wss://localhost").tls(GOOD.server()))
        .hasMessage("tls: a server's context (expected: a client's)");
    assertThatThrownBy(() -> RpcServer.builder().tls(GOOD.client()))
        .hasMessage("tls: a client's context (expected: a server's)");
  }

  @Test
  void filesThatHoldNoCertificatesAreNamed(@TempDir Path folder) {
    Path missing = folder.resolve("missing.pem");
    assertThatThrownBy(() -> PemTls.client(missing))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(missing.toString());
    assertThatThrownBy(() -> PemTls.server(GOOD.serverChain(), missing))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(missing.toString());
  }
}
