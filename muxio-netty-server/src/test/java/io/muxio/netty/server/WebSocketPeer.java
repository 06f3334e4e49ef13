package io.muxio.netty.server;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;

/** A peer that sends bytes as they are told it and shows what comes back: the JDK's WebSocket. */
final class WebSocketPeer implements AutoCloseable, WebSocket.Listener {
  private static final int WAIT_SECONDS = 20;

  private final BlockingQueue<byte[]> messages = new LinkedBlockingQueue<>();
  private final CompletableFuture<Integer> closeCode = new CompletableFuture<>();
  private final ByteArrayOutputStream message = new ByteArrayOutputStream();
  private final WebSocket socket;
  private volatile String closeReason;

  private WebSocketPeer(int port) throws Exception {
    socket =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .buildAsync(URI.create("ws://127.0.0.1:" + port + "/ws?who=test"), this)
            .get(WAIT_SECONDS, SECONDS);
  }

  static WebSocketPeer connect(RpcServer server) throws Exception {
    return connect(server.address().getPort());
  }

  static WebSocketPeer connect(int port) throws Exception {
    return new WebSocketPeer(port);
  }

  void send(String hex) throws Exception {
    send(HexFormat.of().parseHex(hex), true);
  }

  void send(byte[] bytes, boolean last) throws Exception {
    socket.sendBinary(ByteBuffer.wrap(bytes), last).get(WAIT_SECONDS, SECONDS);
  }

  void sendText(String text) throws Exception {
    socket.sendText(text, true).get(WAIT_SECONDS, SECONDS);
  }

  void sendClose() throws Exception {
    socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get(WAIT_SECONDS, SECONDS);
  }

  /** Cuts the TCP connection without a WebSocket close. */
  void vanish() {
    socket.abort();
  }

  byte[] next() throws InterruptedException {
    byte[] next = messages.poll(WAIT_SECONDS, SECONDS);
    assertThat(next).as("a message within %s s", WAIT_SECONDS).isNotNull();
    return next;
  }

  String nextHex() throws InterruptedException {
    return HexFormat.of().formatHex(next());
  }

  int closeCode() throws Exception {
    return closeCode.get(WAIT_SECONDS, SECONDS);
  }

  String closeReason() throws Exception {
    closeCode();
    return closeReason;
  }

  @Override
  public CompletionStage<?> onBinary(WebSocket webSocket, ByteBuffer data, boolean last) {
    byte[] bytes = new byte[data.remaining()];
    data.get(bytes);
    message.writeBytes(bytes);
    if (last) {
      messages.add(message.toByteArray());
      message.reset();
    }
    webSocket.request(1);
    return null;
  }

  @Override
  public CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
    closeReason = reason;
    closeCode.complete(statusCode);
    return null;
  }

  @Override
  public void onError(WebSocket webSocket, Throwable error) {
    closeCode.completeExceptionally(error);
  }

  @Override
  public void close() {
    socket.abort();
  }
}
