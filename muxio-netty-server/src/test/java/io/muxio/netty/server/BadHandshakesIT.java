package io.muxio.netty.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a server says to those who do not even become clients, and what they cost it. */
class BadHandshakesIT {
  private static final String KEY = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";

  private AttackedServer server;

  @BeforeEach
  void start() throws Exception {
    ServerLimits.Builder limits =
        ServerLimits.builder()
            .handshakeTimeout(Duration.ofMillis(1_500))
            .heartbeatTimeout(Duration.ofMinutes(1)); // the neighbour answers no pings
    server = new AttackedServer(limits);
  }

  @AfterEach
  void close() throws Exception {
    server.close();
  }

  private static String upgrade(String... headers) {
    String fixed = "GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n";
    return fixed + String.join("\r\n", headers) + "\r\n\r\n";
  }

  /** All that the server says to these bytes until it closes. */
  private String answerTo(String request) throws IOException {
    try (RawPeer peer = server.connect()) {
      peer.send(request.getBytes(StandardCharsets.US_ASCII));
      return new String(peer.readAll(), StandardCharsets.US_ASCII);
    }
  }

  private void assertRefused(int status, String request) throws IOException {
    try (RawPeer peer = server.connect()) {
      peer.send(request.getBytes(StandardCharsets.US_ASCII));
      assertThat(new String(peer.readAll(), StandardCharsets.US_ASCII))
          .as(request)
          .startsWith("HTTP/1.1 " + status + " ");
      server.awaitLogged(peer, "answered " + status);
    }
  }

  /** Else a client that does not read its answers could make them pile up. */
  @Test
  void onlyTheFirstOfManyRequestsWithTooLongABodyIsAnswered() throws Exception {
    String request =
        "POST /ws HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2000\r\n\r\n";
    assertThat(answerTo(request.repeat(5)))
        .startsWith("HTTP/1.1 413 ")
        .containsOnlyOnce("HTTP/1.1");
  }

  @Test
  void aRequestWithTooLongABodyIsTheLast() throws Exception {
    String request = "POST /ws HTTP/1.1\r\nHost: x\r\nContent-Length: 1500\r\n\r\n";
    assertThat(answerTo(request + "x".repeat(1500)))
        .startsWith("HTTP/1.1 413 ")
        .containsIgnoringCase("connection: close");
  }

  @Test
  void otherRequests() throws Exception {
    server.survives(
        4,
        4,
        () -> {
          assertRefused(404, "GET /elsewhere HTTP/1.1\r\nHost: x\r\n\r\n");
          assertRefused(404, "GET /wsx HTTP/1.1\r\nHost: x\r\n\r\n");
          assertRefused(404, "GET /ws/more HTTP/1.1\r\nHost: x\r\n\r\n");
          assertRefused(426, "GET /ws HTTP/1.1\r\nHost: x\r\n\r\n");
          assertRefused(405, "POST /ws HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
          assertRefused(400, "nonsense\r\n\r\n");
          assertRefused(400, "GET /" + "w".repeat(5_000) + " HTTP/1.1\r\n\r\n");
          assertRefused(400, "GET /ws HTTP/1.1\r\nX: " + "x".repeat(9_000) + "\r\n\r\n");
          assertRefused(400, upgrade("Sec-WebSocket-Version: 13"));
          assertRefused(426, upgrade(KEY, "Sec-WebSocket-Version: 99"));
        });
  }

  /** Whoever it is must not write lines of ours, nor fill the log; and a query may be a secret. */
  @Test
  void whatIsLoggedOfARequestIsClean() throws Exception {
    String colored =
        "GET /\u001b[31mred\u0007\u007f?access_token=secret HTTP/1.1\r\nHost: x\r\n\r\n";
    assertThat(logged(404, colored)).endsWith(": GET /?[31mred?? answered 404 Not Found");
    String proxied = "GET http://ada:secret@x/elsewhere?secret HTTP/1.1\r\nHost: x\r\n\r\n";
    assertThat(logged(404, proxied)).endsWith(": GET /elsewhere answered 404 Not Found");
    String ofTheMethod = "GE\u001bT /ws?access_token=secret HTTP/1.1\r\nHost: x\r\n\r\n";
    assertThat(logged(400, ofTheMethod)).matches("[ -~]*").doesNotContain("secret");
    String withHeaders =
        "GET /elsewhere HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer secret\r\n\r\n";
    assertThat(logged(404, withHeaders)).endsWith(": GET /elsewhere answered 404 Not Found");
    String longOne = "GET /" + "w".repeat(4_000) + " HTTP/1.1\r\nHost: x\r\n\r\n";
    assertThat(logged(404, longOne))
        .endsWith(": GET /" + "w".repeat(195) + "… answered 404 Not Found");
  }

  /** The one line that the server writes about a request. */
  private String logged(int status, String request) throws IOException {
    try (RawPeer peer = server.connect()) {
      peer.send(request.getBytes(StandardCharsets.US_ASCII));
      peer.readAll();
      server.awaitLogged(peer, "answered " + status);
      assertThat(server.logOf(peer)).hasSize(1);
      return server.logOf(peer).get(0);
    }
  }

  @Test
  void anUpgradeOfAnOlderHttp() throws Exception {
    String request = upgrade(KEY, "Sec-WebSocket-Version: 13");
    for (String version : List.of("HTTP/1.0", "HTTP/0.9")) {
      String old = request.replace("HTTP/1.1", version);
      assertRefused(400, old);
      assertThat(answerTo(old)).endsWith("\r\n\r\na WebSocket needs HTTP/1.1 or higher\n");
    }
  }

  private static String ofPage(String origin) {
    return upgrade(KEY, "Sec-WebSocket-Version: 13", "Origin: " + origin);
  }

  @Test
  void pagesOfOthers() throws Exception {
    server.survives(
        4,
        4,
        () -> {
          assertRefused(403, ofPage("http://evil.example"));
          assertRefused(403, ofPage("http://x.evil.example"));
          assertRefused(403, ofPage("http://x@evil.example"));
          assertRefused(403, ofPage("http://x:1"));
          assertRefused(403, ofPage("null"));
          assertRefused(403, ofPage("http://x\r\nOrigin: http://x"));
        });
  }

  @Test
  void aPageOfTheSameHost() throws Exception {
    try (RawPeer peer = server.connect()) {
      peer.send(ofPage("http://x").getBytes(StandardCharsets.US_ASCII));
      assertThat(peer.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 101 ");
      AttackedServer.goesOn(peer, 0);
    }
  }

  /** What anybody can send neither fills the log nor looks like a line of it. */
  @Test
  void aForeignOriginIsLoggedInBounds() throws Exception {
    try (RawPeer peer = server.connect()) {
      String origin = "http://é" + "o".repeat(5_000);
      peer.send(ofPage(origin).getBytes(StandardCharsets.ISO_8859_1));
      assertThat(new String(peer.readAll(), StandardCharsets.US_ASCII))
          .startsWith("HTTP/1.1 403 ")
          .doesNotContain("ooo");
      server.awaitLogged(
          peer, "INFO " + peer.name() + ": origin [http://?" + "o".repeat(191) + "… of host [x]");
    }
  }

  @Test
  void whatA426SaysIsTheVersionToUse() throws Exception {
    assertThat(answerTo(upgrade(KEY, "Sec-WebSocket-Version: 99")))
        .containsIgnoringCase("sec-websocket-version: 13");
  }

  @Test
  void aPathThatIsNoPath() throws Exception {
    String body = "x".repeat(1000);
    assertRefused(404, "GET /%zz HTTP/1.1\r\nContent-Length: 1000\r\n\r\n" + body);
    assertRefused(404, "GET /%77s HTTP/1.1\r\n\r\n");
    assertRefused(404, "GET /%2Fws HTTP/1.1\r\n\r\n");
    assertRefused(426, "GET http://x/ws?a=b HTTP/1.1\r\n\r\n");
  }

  /** No byte is late by itself; all together are. */
  @Test
  void oneByteASecond() throws Exception {
    byte[] request = RawPeer.upgradeRequest();
    server.survivesOnce(
        4,
        8,
        3_000,
        () -> {
          List<RawPeer> peers = new ArrayList<>();
          for (int i = 0; i < 50; i++) {
            peers.add(server.connect());
          }
          for (int sent = 0; sent < 2; sent++) {
            for (RawPeer peer : peers) {
              peer.send(new byte[] {request[sent]});
            }
            assertThat(peers.get(0).isClosedWithin(Duration.ofSeconds(1)))
                .as("closed after byte %s", sent)
                .isEqualTo(sent == 1);
          }
          for (RawPeer peer : peers) {
            assertThat(peer.readAll()).isEmpty();
            server.awaitLogged(peer, "no handshake within 1500 ms");
            peer.close();
          }
        });
  }

  /** In a process of their own, because both ends of each have a file descriptor. */
  @Test
  void tenThousandThatSayNothing() throws Exception {
    int count = SilentClients.mostPossible(10_000);
    ServerLimits.Builder limits =
        ServerLimits.builder()
            .handshakeTimeout(Duration.ofSeconds(6))
            .heartbeatInterval(Duration.ofSeconds(1))
            .heartbeatTimeout(Duration.ofSeconds(6));
    RecordedEvents events = new RecordedEvents();
    try (AttackedServer many =
        new AttackedServer(RpcServer.builder().connectionListener(events), limits)) {
      many.survivesOnce(
          64,
          160,
          count, // a millisecond for all that it does for one of them, with the leak check
          () -> {
            try (SilentClients clients = SilentClients.connect(many.port(), count)) {
              many.holdsMost();
              clients.awaitClosed();
            }
          });
      await().until(() -> many.server().connections().size() == 1);
      assertThat(events.all()).hasSize(1 + count);
    }
  }
}
