package io.muxio.netty.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.muxio.netty.server.RpcServer;
import io.muxio.rpc.service.CallOptions;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.RpcMethod;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Connections through an HTTP proxy. The server's name is one that only the proxy knows. */
@Timeout(60)
class HttpProxyIT {
  private static final RpcMethod<String, String> ECHO =
      RpcMethod.unary("echo", Codec.utf8(), Codec.utf8());
  private static final String SERVER = "ws://inside.example:3000/ws";

  private ServerOnPort server;
  private ConnectProxy proxy;

  @BeforeEach
  void start() throws IOException {
    server = new ServerOnPort(builder -> builder.handle(ECHO, (text, call) -> text));
    proxy = new ConnectProxy(server.port());
  }

  @AfterEach
  void stop() {
    proxy.close();
    server.close();
  }

  private RpcClientBuilder client(String uri) {
    return RpcClient.builder(uri)
        .resolver(HttpProxyIT::resolve)
        .httpProxy("proxy.example", proxy.port())
        .reconnectPolicy((attempt, cause) -> Duration.ofMillis(5));
  }

  private static InetAddress[] resolve(String host) throws UnknownHostException {
    if (!host.equals("proxy.example")) {
      throw new UnknownHostException(host);
    }
    return InetAddress.getAllByName("127.0.0.1");
  }

  private IOException failure(RpcClientBuilder builder) {
    IOException failure = catchThrowableOfType(IOException.class, builder::connect);
    assertThat(failure)
        .as("the failure")
        .hasMessageStartingWith(
            "cannot connect to " + SERVER + " through the proxy proxy.example:" + proxy.port());
    return failure;
  }

  @Test
  void theProxyIsAskedForTheServerByItsName() throws Exception {
    try (RpcClient client = client(SERVER).connect()) {
      assertThat(client.call(ECHO, "a").join()).isEqualTo("a");
    }
    assertThat(proxy.requests()).hasSize(1);
    assertThat(proxy.requests().get(0))
        .startsWith("CONNECT inside.example:3000 HTTP/1.1\r\n")
        .containsIgnoringCase("\r\nHost: inside.example:3000\r\n")
        .doesNotContainIgnoringCase("authorization");
  }

  @Test
  void anAddressAndAStandardPortAreNamedInFull() throws Exception {
    try (RpcClient client = client("ws://[::1]/ws").connect()) {
      assertThat(client.call(ECHO, "a").join()).isEqualTo("a");
    }
    assertThat(proxy.requests().get(0)).startsWith("CONNECT [::1]:80 HTTP/1.1\r\n");
  }

  @Test
  void tlsIsSpokenWithinTheTunnel() throws Exception {
    Certificates certificates = Certificates.make("inside.example");
    try (RpcServer secure =
            RpcServer.builder()
                .bind("127.0.0.1", 0)
                .tls(certificates.server())
                .handle(ECHO, (text, call) -> text)
                .build()
                .start();
        ConnectProxy toSecure = new ConnectProxy(secure.address().getPort());
        RpcClient client =
            RpcClient.builder("wss://inside.example/ws")
                .resolver(HttpProxyIT::resolve)
                .tls(certificates.client())
                .httpProxy("proxy.example", toSecure.port())
                .connect()) {
      assertThat(client.call(ECHO, "a").join()).isEqualTo("a");
      assertThat(client.connection().peerCertificates()).isNotEmpty();
      assertThat(toSecure.requests().get(0)).startsWith("CONNECT inside.example:443 HTTP/1.1");
    }
  }

  @Test
  void aProxyLearnsUserAndPasswordWithTheFirstRequest() throws Exception {
    try (RpcClient client =
        client(SERVER).httpProxy("proxy.example", proxy.port(), "ada", "pässword:1").connect()) {
      assertThat(client.call(ECHO, "a").join()).isEqualTo("a");
    }
    byte[] both = "ada:pässword:1".getBytes(StandardCharsets.UTF_8);
    assertThat(proxy.requests().get(0))
        .containsIgnoringCase(
            "\r\nProxy-Authorization: Basic " + Base64.getEncoder().encodeToString(both) + "\r\n");
  }

  @Test
  void anInterimAnswerIsNoRefusal() throws Exception {
    proxy.answerWith("HTTP/1.1 100 Continue\r\n\r\n" + ConnectProxy.GRANTED);
    try (RpcClient client = client(SERVER).connect()) {
      assertThat(client.call(ECHO, "a").join()).isEqualTo("a");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "407, Proxy Authentication Required",
    "403, Forbidden",
    "502, Bad Gateway",
    "302, Found",
    "204, No Content",
  })
  void aRefusalTellsWhatTheProxyAnswered(int status, String text) {
    proxy.answerWith("HTTP/1.1 " + status + " " + text + "\r\nProxy-Authenticate: Basic\r\n\r\n");
    RpcClientBuilder builder =
        client(SERVER).httpProxy("proxy.example", proxy.port(), "ada", "secret");
    IOException failure = failure(builder);
    assertThat(failure)
        .hasMessageContaining(": the proxy answered " + status + " " + text + " (expected: 200")
        .rootCause()
        .isInstanceOfSatisfying(
            ProxyRefusedException.class, refusal -> assertThat(refusal.status()).isEqualTo(status));
    assertThat(stackOf(failure)).doesNotContain("secret", "YWRh"); // the beginning of its Base64
  }

  private static String stackOf(Throwable failure) {
    StringWriter text = new StringWriter();
    failure.printStackTrace(new PrintWriter(text));
    return text.toString();
  }

  @Test
  void aProxyThatClosesIsNamed() {
    proxy.answerWith("");
    assertThat(failure(client(SERVER)))
        .hasMessageContaining("the proxy closed the connection without an answer");
  }

  @Test
  void aProxyThatAnswersWithGarbageIsNamed() {
    proxy.answerWith("220 mail.example ESMTP\r\n");
    assertThat(failure(client(SERVER))).hasMessageContaining("what is not HTTP");
  }

  @Test
  void aProxyThatHangsIsGivenUp() {
    proxy.answerWith(null);
    ClientLimits limits = ClientLimits.builder().connectTimeout(Duration.ofMillis(200)).build();
    assertThat(failure(client(SERVER).limits(limits)))
        .hasMessageContaining("the proxy has opened no tunnel within 200 ms");
  }

  @Test
  void aProxyThatIsNotThereIsNamed() {
    // A port that a listener has had before may be another's by now; nobody gets port 1.
    assertThatThrownBy(() -> client(SERVER).httpProxy("proxy.example", 1).connect())
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(
            "cannot connect to " + SERVER + " through the proxy proxy.example:1: ")
        .hasMessageContaining("refused");
    assertThatThrownBy(() -> client(SERVER).httpProxy("nobody.example", 1).connect())
        .isInstanceOf(IOException.class)
        .hasMessage(
            "cannot connect to "
                + SERVER
                + " through the proxy nobody.example:1: unknown host nobody.example");
  }

  @Test
  void theProxysAddressesAreTriedInTurn() throws Exception {
    InetAddress nobody = InetAddress.getByName("127.0.0.2"); // the proxy listens on 127.0.0.1 only
    InetAddress there = InetAddress.getLoopbackAddress();
    try (RpcClient client =
        client(SERVER).resolver(host -> new InetAddress[] {nobody, there}).connect()) {
      assertThat(client.call(ECHO, "a").join()).isEqualTo("a");
    }
  }

  @Test
  void whatTheServerRefusesIsTheServers() {
    IOException failure =
        catchThrowableOfType(
            IOException.class, () -> client("ws://inside.example:3000/other").connect());
    assertThat(failure)
        .hasMessageContaining("the server answered 404 Not Found")
        .rootCause()
        .isInstanceOf(HandshakeRefusedException.class);
  }

  @Test
  void theClientReconnectsThroughTheProxy() throws Exception {
    RecordedStates states = new RecordedStates();
    try (RpcClient client = client(SERVER).stateListener(states).connect()) {
      proxy.answerWith("HTTP/1.1 503 Service Unavailable\r\n\r\n");
      proxy.cut();
      states.awaitCount(ClientState.RECONNECTING, 2);
      CompletableFuture<String> waiting = client.call(ECHO, "a", CallOptions.DEFAULT);
      proxy.answerWith(ConnectProxy.GRANTED);
      assertThat(waiting.join()).isEqualTo("a");
    }
  }

  @Test
  void aClientThatWaitsForItsTunnelCanBeClosed() throws Exception {
    proxy.answerWith(null);
    RpcClient client = client(SERVER).connectLater();
    await().until(() -> !proxy.requests().isEmpty());
    CompletableFuture<String> waiting = client.call(ECHO, "a");
    client.close();
    assertThat(Failures.of(waiting).detail()).isEqualTo("the client is closed");
  }

  @Test
  void whatCannotBeAProxyIsRefused() {
    assertThatThrownBy(() -> RpcClient.builder(SERVER).httpProxy("", 80))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("host: ''");
    assertThatThrownBy(() -> RpcClient.builder(SERVER).httpProxy("a", 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("port: 0 (expected: 1 to 65535)");
    assertThatThrownBy(() -> RpcClient.builder(SERVER).httpProxy("a", 1, "a:b", "secret"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("user: 'a:b' (expected: without a colon)");
    assertThatThrownBy(() -> RpcClient.builder("unix:/a").httpProxy("a", 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("httpProxy with unix:/a:/ws (expected: ws://… or wss://…)");
  }
}
