package io.muxio.netty.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.RpcMethod;
import io.netty.buffer.ByteBuf;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a server says to those who do not keep to the protocol, and that others do not notice. */
class BadPeersIT {
  private static final RpcMethod<ByteBuf, ByteBuf> ECHO =
      RpcMethod.unary("echo", Codec.byteBuf(), Codec.byteBuf());

  private RpcServer server;
  private WebSocketPeer good;

  @BeforeEach
  void start() throws Exception {
    server =
        RpcServer.builder()
            .bind("127.0.0.1", 0)
            .handle(ECHO, (bytes, call) -> bytes)
            .limits(
                ServerLimits.builder()
                    .maxFramePayload(100_000)
                    .maxStreams(10)
                    .maxRequestSize(150_000)
                    .maxMessageSize(200_000)
                    .handshakeTimeout(Duration.ofSeconds(2))
                    .build())
            .build()
            .start();
    good = WebSocketPeer.connect(server);
  }

  @AfterEach
  void theGoodPeerNoticedNothing() throws Exception {
    good.send(Frames.call(0, 5, "echo", "still here"), true);
    assertThat(Frames.bodyOf(good.next())).isEqualTo("still here");
    good.close();
    server.close();
  }

  @Test
  void text() throws Exception {
    try (WebSocketPeer peer = WebSocketPeer.connect(server)) {
      peer.sendText("hello");
      assertThat(peer.closeCode()).isEqualTo(1003);
    }
  }

  @Test
  void bytesThatAreNoFrames() throws Exception {
    try (WebSocketPeer peer = WebSocketPeer.connect(server)) {
      peer.send("000102030405060708090a0b0c0d0e0f101112131415161718");
      assertThat(peer.closeCode()).isEqualTo(1002);
    }
  }

  @Test
  void anUnknownKind() throws Exception {
    try (WebSocketPeer peer = WebSocketPeer.connect(server)) {
      peer.send(Frames.call(0, 1, "echo", "first"), true);
      peer.next();
      peer.send(Frames.frame(2, 0, 9, new byte[0]), true);
      assertThat(peer.closeCode()).isEqualTo(1002);
    }
  }

  @Test
  void aFrameOf4GiB() throws Exception {
    try (WebSocketPeer peer = WebSocketPeer.connect(server)) {
      peer.send(Frames.call(0, 1, "echo", "first"), true);
      peer.next();
      peer.send("ffffffff000000000000000001");
      assertThat(peer.closeCode()).isEqualTo(1009);
    }
  }

  @Test
  void aWebSocketFrameOverTheLimit() throws Exception {
    try (WebSocketPeer peer = WebSocketPeer.connect(server)) {
      peer.send(new byte[200_001], true);
      assertThat(peer.closeCode()).isEqualTo(1009);
    }
  }

  @Test
  void streamsThatNeverEnd() throws Exception {
    try (WebSocketPeer peer = WebSocketPeer.connect(server)) {
      for (int id = 0; id <= 10; id++) {
        peer.send(Frames.frame(id, 0, 0, new byte[0]), true);
      }
      assertThat(peer.closeCode()).isEqualTo(1008);
    }
  }

  @Test
  void aRequestOverTheLimitIsAnsweredAndTheConnectionGoesOn() throws Exception {
    try (WebSocketPeer peer = WebSocketPeer.connect(server)) {
      byte[] header = Frames.header(0, 1, ECHO.id(), new byte[0]);
      peer.send(Frames.frame(0, 0, 0, header), true);
      peer.send(Frames.frame(0, 1, 1, new byte[100_000]), true);
      peer.send(Frames.frame(0, 2, 1, new byte[100_000]), true);
      peer.send(Frames.frame(0, 3, 2, new byte[0]), true);

      byte[] refusal = peer.next();
      assertThat(Frames.statusOf(refusal)).isEqualTo(2);
      assertThat(Frames.bodyOf(refusal)).contains("200000 bytes").contains("at most 150000");
      peer.send(Frames.call(1, 2, "echo", "goes on"), true);
      assertThat(Frames.bodyOf(peer.next())).isEqualTo("goes on");
    }
  }

  @Test
  void otherHttpRequests() throws Exception {
    assertThat(status("GET", "/elsewhere")).isEqualTo(404);
    assertThat(status("GET", "/wsx")).isEqualTo(404);
    assertThat(status("GET", "/ws/more")).isEqualTo(404);
    assertThat(status("GET", "/ws")).isEqualTo(426);
    assertThat(status("POST", "/ws")).isEqualTo(405);
  }

  private int status(String method, String path) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.address().getPort() + path))
            .version(HttpClient.Version.HTTP_1_1)
            .method(method, HttpRequest.BodyPublishers.noBody())
            .build();
    return HttpClient.newHttpClient()
        .send(request, HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  @Test
  void aLineThatIsNoHttp() throws Exception {
    assertThat(answerTo("nonsense\r\n\r\n")).startsWith("HTTP/1.1 400 ");
  }

  @Test
  void aHandshakeThatIsNeverFinished() throws Exception {
    assertThat(answerTo("GET /ws HTTP/1.1\r\nHost: x\r\n")).isEmpty();
  }

  @Test
  void aVersionThatIsNot13() throws Exception {
    String key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";
    assertThat(answerTo(upgrade(key, "Sec-WebSocket-Version: 99")))
        .startsWith("HTTP/1.1 426 ")
        .containsIgnoringCase("sec-websocket-version: 13");
  }

  @Test
  void anUpgradeWithoutAKey() throws Exception {
    assertThat(answerTo(upgrade("Sec-WebSocket-Version: 13"))).startsWith("HTTP/1.1 400 ");
  }

  @Test
  void aPathThatIsNoPath() throws Exception {
    String body = "x".repeat(1000);
    assertThat(answerTo("GET /%zz HTTP/1.1\r\nContent-Length: 1000\r\n\r\n" + body))
        .startsWith("HTTP/1.1 404 ");
    assertThat(answerTo("GET /%77s HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 404 ");
    assertThat(answerTo("GET /%2Fws HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 404 ");
    assertThat(answerTo("GET http://x/ws?a=b HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 426 ");
  }

  private static String upgrade(String... headers) {
    String fixed = "GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n";
    return fixed + String.join("\r\n", headers) + "\r\n\r\n";
  }

  /** All that the server says to these bytes until it closes. */
  private String answerTo(String request) throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.address().getPort())) {
      socket.setSoTimeout(20_000);
      OutputStream out = socket.getOutputStream();
      out.write(request.getBytes(StandardCharsets.US_ASCII));
      out.flush();
      InputStream in = socket.getInputStream();
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
    }
  }
}
