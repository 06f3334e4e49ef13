package io.muxio.netty.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
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
            String text = before + last.replace("KEY", RawUpgrade.readRequest(client));
            client.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
            client.getInputStream().transferTo(OutputStream.nullOutputStream());
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        });
  }

  @Test
  void theUpgradeBehindThemCounts() throws Exception {
    CompletableFuture<Void> server =
        answer(CONTINUE + EARLY_HINTS.repeat(2) + PROCESSING, RawUpgrade.granted("KEY"));
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
