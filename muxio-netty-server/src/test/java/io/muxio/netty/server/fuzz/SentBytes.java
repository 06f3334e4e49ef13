package io.muxio.netty.server.fuzz;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** All that a server sent on one connection: HTTP answers, then WebSocket up to one close. */
final class SentBytes {
  private static final Pattern LENGTH = Pattern.compile("(?i)content-length: (\\d+)");
  private static final int BINARY = 2;
  private static final int CLOSE = 8;
  private static final int PING = 9;
  private static final int PONG = 10;

  private static final int HEADER = 13;
  private static final int KIND_INDEX = 12;
  private static final int PING_FRAME = 5;
  private static final int SETTINGS = 16;
  private static final int GOAWAY = 20;

  private final ByteBuffer in;
  private boolean webSocket;
  private boolean extended;
  private boolean settled;

  SentBytes(byte[] bytes) {
    this.in = ByteBuffer.wrap(bytes);
  }

  void check() {
    while (!webSocket && in.hasRemaining()) {
      httpAnswer();
    }
    boolean closed = false;
    while (in.hasRemaining()) {
      if (closed) {
        throw new AssertionError("something was sent behind the close");
      }
      closed = webSocketFrame() == CLOSE;
    }
  }

  private void httpAnswer() {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append((char) in.get());
    }
    webSocket = head.indexOf("HTTP/1.1 101 ") == 0;
    extended = webSocket && head.indexOf("muxio.x1") > 0;
    if (!webSocket && head.indexOf("HTTP/1.") != 0) {
      throw new AssertionError("not HTTP: " + head);
    }
    Matcher length = LENGTH.matcher(head);
    if (length.find()) {
      in.position(in.position() + Integer.parseInt(length.group(1)));
    } else if (head.indexOf("HTTP/1.1 1") != 0) {
      in.position(in.limit()); // the body ends with the connection
    }
  }

  private int webSocketFrame() {
    int first = in.get() & 0xff;
    int opcode = first & 15;
    if ((first & 0xf0) != 0x80) {
      throw new AssertionError("first byte of a WebSocket frame: " + first);
    }
    int length = in.get(); // negative where it is masked
    if (length == 126) {
      length = in.getShort() & 0xffff;
    } else if (length < 0 || length == 127) {
      throw new AssertionError("second byte of a WebSocket frame: " + length);
    }
    byte[] payload = new byte[length];
    in.get(payload);
    switch (opcode) {
      case BINARY -> {
        if (!wholeFrames(payload, 13) && (extended || !wholeFrames(payload, 21))) {
          throw new AssertionError("a message that is not made of frames");
        }
        if (extended) {
          checkKinds(payload);
        }
      }
      case CLOSE -> closeFrame(payload);
      case PING, PONG -> {}
      default -> throw new AssertionError("opcode " + opcode);
    }
    return opcode;
  }

  private static void closeFrame(byte[] payload) {
    String reason =
        payload.length < 2
            ? ""
            : new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8);
    if (reason.equals("internal error")) {
      throw new AssertionError("closed after an error of ours");
    }
  }

  /** Settings come first, and once. */
  private void checkKinds(byte[] message) {
    ByteBuffer frames = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 0; at < message.length; at += HEADER + frames.getInt(at)) {
      int kind = frames.get(at + KIND_INDEX);
      if (settled == (kind == SETTINGS)
          || kind > GOAWAY
          || (kind > PING_FRAME && kind < SETTINGS)) {
        throw new AssertionError("frame kind " + kind + (settled ? " later" : " first"));
      }
      settled = true;
    }
  }

  private static boolean wholeFrames(byte[] message, int headerSize) {
    ByteBuffer in = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
    long at = 0;
    while (message.length - at >= headerSize) {
      at += headerSize + Integer.toUnsignedLong(in.getInt((int) at));
    }
    return message.length > 0 && at == message.length;
  }
}
