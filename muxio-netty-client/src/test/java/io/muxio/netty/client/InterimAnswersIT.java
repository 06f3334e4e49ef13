package io.muxio.netty.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.netty.handler.codec.http.HttpHeaderNames;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Servers that answer in several steps. */
@Timeout(60)
class InterimAnswersIT {
  private static final String EARLY_HINTS =
      "HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n";
  private static final String CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n";
  private static final String PROCESSING = "HTTP/1.1 102 Processing\r\n\r\n";
  private static final String FORBIDDEN = "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n";

  private ServerSocket listener;

  @BeforeEach
  void listen() throws IOException {
    listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void close() throws IOException {
    listener.close();
  }

  private RpcClient connect() throws IOException {
    return RpcClient.connect("ws://127.0.0.1:" + listener.getLocalPort() + "/ws");
  }

  /** Answers the next request, and closes when the client does. */
  private CompletableFuture<Void> answer(String before, String last) {
    return CompletableFuture.runAsync(
        () -> {
          try (Socket client = listener.accept()) {
            String key = readKey(client);
            String text = before + last.replace("KEY", key);
            client.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
            client.getInputStream().transferTo(OutputStream.nullOutputStream());
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        });
  }

  private static String readKey(Socket client) throws Exception {
    BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
    String key = "";
    for (String line = lines.readLine(); !line.isEmpty(); line = lines.readLine()) {
      if (line.regionMatches(true, 0, HttpHeaderNames.SEC_WEBSOCKET_KEY.toString(), 0, 17)) {
        key = line.substring(line.indexOf(':') + 1).trim();
      }
    }
    byte[] salted =
        (key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII);
    return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-1").digest(salted));
  }

  @Test
  void theUpgradeBehindThemCounts() throws Exception {
    String upgrade =
        "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n"
            + "Sec-WebSocket-Accept: KEY\r\n\r\n";
    CompletableFuture<Void> server = answer(CONTINUE + EARLY_HINTS.repeat(2) + PROCESSING, upgrade);
    try (RpcClient client = connect()) {
      assertThat(client.state()).isEqualTo(ClientState.CONNECTED);
      client.connection().close();
    }
    server.join();
  }

  @Test
  void theRefusalBehindThemCounts() {
    CompletableFuture<Void> server = answer(EARLY_HINTS.repeat(16), FORBIDDEN);
    assertThatExceptionOfType(HandshakeRefusedException.class)
        .isThrownBy(this::connect)
        .withMessageContaining("answered 403 Forbidden");
    server.join();
  }

  @Test
  void theyDoNotGoOnForEver() {
    CompletableFuture<Void> server = answer(EARLY_HINTS.repeat(17), FORBIDDEN);
    assertThatExceptionOfType(HandshakeRefusedException.class)
        .isThrownBy(this::connect)
        .withMessageContaining("answered 103 Early Hints");
    server.join();
  }
}
