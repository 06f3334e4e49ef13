package io.muxio.netty.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A client that decides itself which bytes travel in which segment, and whether it reads. */
final class RawPeer implements AutoCloseable {
  static final int CONTINUATION = 0;
  static final int TEXT = 1;
  static final int BINARY = 2;
  static final int CLOSE = 8;
  static final int PING = 9;
  static final int PONG = 10;

  private static final int LENGTH_OF_16_BITS = 126;
  private static final int LENGTH_OF_64_BITS = 127;

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
  private final InputStream in;

  private RawPeer(Socket socket) throws IOException {
    this.socket = socket;
    in = new BufferedInputStream(socket.getInputStream());
    socket.setSoTimeout(20_000);
    socket.setTcpNoDelay(true);
  }

  /** Connects and says nothing. */
  static RawPeer connect(int port) throws IOException {
    return new RawPeer(new Socket(InetAddress.getLoopbackAddress(), port));
  }

  /** Connects and shakes hands. */
  static RawPeer upgrade(RpcServer server) throws IOException {
    return upgrade(server, new byte[0]);
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
    return in.read(new byte[4096]) > 0;
  }

  /** Waits for the server to close, which it has nothing more to say before. */
  boolean isClosedWithin(Duration time) throws IOException {
    int before = socket.getSoTimeout();
    socket.setSoTimeout((int) time.toMillis());
    try {
      int next = in.read();
      assertThat(next).as("the next byte").isNegative();
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    } finally {
      socket.setSoTimeout(before);
    }
  }

  /** What comes until it ends with a text. */
  String readUntil(String end) throws IOException {
    StringBuilder answer = new StringBuilder();
    while (!answer.toString().endsWith(end)) {
      int next = in.read();
      assertThat(next).as("more after '%s'", answer).isNotNegative();
      answer.append((char) next);
    }
    return answer.toString();
  }

  /** A WebSocket frame of a client; a mask of zeros leaves the payload as it is. */
  static byte[] webSocketFrame(int opcode, byte[] payload) {
    return webSocketFrame(opcode, true, payload);
  }

  static byte[] webSocketFrame(int opcode, boolean last, byte[] payload) {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.write((last ? 0x80 : 0) | opcode);
    if (payload.length < LENGTH_OF_16_BITS) {
      frame.write(0x80 | payload.length);
    } else if (payload.length <= 0xffff) {
      frame.write(0x80 | LENGTH_OF_16_BITS);
      frame.write(payload.length >> 8);
      frame.write(payload.length);
    } else {
      frame.write(0x80 | LENGTH_OF_64_BITS);
      frame.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(payload.length).array());
    }
    frame.writeBytes(new byte[4]);
    frame.writeBytes(payload);
    return frame.toByteArray();
  }

  void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
  }

  /** Sends muxio frames as one message. */
  void sendBinary(byte[]... frames) throws IOException {
    send(webSocketFrame(BINARY, Frames.join(frames)));
  }

  /** The next WebSocket frame of the server, pings excepted. */
  Received nextFrame() throws IOException {
    Received frame = readFrame();
    while (frame.opcode() == PING) {
      frame = readFrame();
    }
    return frame;
  }

  private Received readFrame() throws IOException {
    byte[] start = in.readNBytes(2);
    assertThat(start).as("two bytes more").hasSize(2);
    int length = start[1];
    if (length == LENGTH_OF_16_BITS) {
      length = ByteBuffer.wrap(in.readNBytes(Short.BYTES)).getShort() & 0xffff;
    } else if (length == LENGTH_OF_64_BITS) {
      length = (int) ByteBuffer.wrap(in.readNBytes(Long.BYTES)).getLong();
    }
    return new Received(start[0] & 0xf, in.readNBytes(length));
  }

  /** The next message of the server. */
  byte[] next() throws IOException {
    Received frame = nextFrame();
    assertThat(frame.opcode())
        .as("opcode of a frame with '%s'", new String(frame.payload(), StandardCharsets.UTF_8))
        .isEqualTo(BINARY);
    return frame.payload();
  }

  /** Reads until the server's close, and what it says. */
  Received readClose(int code) throws IOException {
    Received frame = nextFrame();
    while (frame.opcode() != CLOSE) {
      frame = nextFrame();
    }
    assertThat(frame.closeCode()).as("close with '%s'", frame.closeReason()).isEqualTo(code);
    return frame;
  }

  /** How the server's log names it. */
  String name() {
    return socket.getLocalAddress() + ":" + socket.getLocalPort();
  }

  /** Reads so many bytes away. */
  void skip(int count) throws IOException {
    in.skipNBytes(count);
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
    return in.readAllBytes();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
