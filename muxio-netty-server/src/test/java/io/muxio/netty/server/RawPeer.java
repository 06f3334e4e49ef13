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
  static final int TEXT = 1;
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

  /** Connects and says nothing. */
  static RawPeer connect(int port) throws IOException {
    return new RawPeer(new Socket(InetAddress.getLoopbackAddress(), port));
  }

  /** Connects and sends the upgrade request, with more bytes right behind it. */
  static RawPeer upgrade(RpcServer server, byte[] behind) throws IOException {
    return upgrade(server.address().getPort(), behind);
  }

  static RawPeer upgrade(int port, byte[] behind) throws IOException {
    RawPeer peer = connect(port);
    peer.upgrade(behind);
    return peer;
  }

  /** Sends the upgrade request and reads its answer. */
  void upgrade(byte[] behind) throws IOException {
    send(Frames.join(upgradeRequest(), behind));
    assertThat(readUntil("\r\n\r\n")).startsWith("HTTP/1.1 101 ");
  }

  static byte[] upgradeRequest() {
    return UPGRADE.getBytes(StandardCharsets.US_ASCII);
  }

  /** Sends the upgrade request and reads the first of what comes, if anything comes. */
  void upgradeUnchecked() throws IOException {
    send(upgradeRequest());
    isOpen();
  }

  /** Waits for more and reads it away; false where the server has closed instead. */
  boolean isOpen() throws IOException {
    return socket.getInputStream().read(new byte[4096]) > 0;
  }

  /** What comes until it ends with a text. */
  String readUntil(String end) throws IOException {
    StringBuilder answer = new StringBuilder();
    while (!answer.toString().endsWith(end)) {
      int next = socket.getInputStream().read();
      assertThat(next).as("more after '%s'", answer).isNotNegative();
      answer.append((char) next);
    }
    return answer.toString();
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

  /** Reads so many bytes away. */
  void skip(int count) throws IOException {
    socket.getInputStream().skipNBytes(count);
  }

  /** Ends its half of the TCP connection and goes on reading. */
  void shutdownOutput() throws IOException {
    socket.shutdownOutput();
  }

  /** Ends the TCP connection with a reset. */
  void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  /** The next bytes, as many as told. */
  byte[] read(int count) throws IOException {
    return socket.getInputStream().readNBytes(count);
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
