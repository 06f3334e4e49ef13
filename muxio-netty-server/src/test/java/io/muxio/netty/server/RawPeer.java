package io.muxio.netty.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A client that decides itself which bytes travel in which segment, and whether it reads. */
final class RawPeer implements AutoCloseable {
  static final int BINARY = 2;
  static final int CLOSE = 8;

  private static final String UPGRADE =
      String.join(
          "\r\n",
          "GET /ws HTTP/1.1",
          "Host: x",
          "Connection: Upgrade",
          "Upgrade: websocket",
          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
          "Sec-WebSocket-Version: 13",
          "",
          "");

  private final Socket socket;

  private RawPeer(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(20_000);
    socket.setTcpNoDelay(true);
  }

  /** Connects and sends the upgrade request, with more bytes right behind it. */
  static RawPeer upgrade(RpcServer server, byte[] behind) throws IOException {
    RawPeer peer =
        new RawPeer(new Socket(InetAddress.getLoopbackAddress(), server.address().getPort()));
    peer.send(Frames.join(UPGRADE.getBytes(StandardCharsets.US_ASCII), behind));
    StringBuilder answer = new StringBuilder();
    while (!answer.toString().endsWith("\r\n\r\n")) {
      answer.append((char) peer.socket.getInputStream().read());
    }
    assertThat(answer.toString()).startsWith("HTTP/1.1 101 ");
    return peer;
  }

  /** A WebSocket frame of a client; a mask of zeros leaves the payload as it is. */
  static byte[] webSocketFrame(int opcode, byte[] payload) {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.write(0x80 | opcode);
    if (payload.length < 126) {
      frame.write(0x80 | payload.length);
    } else {
      frame.write(0x80 | 126);
      frame.write(payload.length >> 8);
      frame.write(payload.length);
    }
    frame.writeBytes(new byte[4]);
    frame.writeBytes(payload);
    return frame.toByteArray();
  }

  void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
  }

  /** All that comes until the server closes. */
  byte[] readAll() throws IOException {
    InputStream in = socket.getInputStream();
    return in.readAllBytes();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
