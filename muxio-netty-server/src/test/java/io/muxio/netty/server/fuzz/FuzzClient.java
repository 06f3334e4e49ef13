package io.muxio.netty.server.fuzz;

import io.muxio.test.FuzzInput;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The bytes of a WebSocket client out of a fuzzer's decisions, mostly as they should be. */
final class FuzzClient {
  private static final int CONTINUATION = 0;
  private static final int BINARY = 2;
  private static final int FIN = 0x80;
  private static final int MASKED = 0x80;

  private static final List<String> METHODS = List.of("GET", "POST", "HEAD", "OPTIONS", "get");
  private static final List<String> PATHS =
      List.of("/ws", "/ws?a=b", "http://x/ws", "/", "/ws/", "*", "x://", "/%77s");
  private static final List<String> HEADERS =
      List.of(
          "Host: x",
          "Connection: Upgrade",
          "Upgrade: websocket",
          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
          "Sec-WebSocket-Version: 13");
  private static final List<String> OFFER = List.of("Sec-WebSocket-Protocol: chat, muxio.x1");
  private static final List<String> OTHER_HEADERS =
      List.of(
          "Connection: keep-alive, Upgrade",
          "Upgrade: h2c, websocket",
          "Sec-WebSocket-Version: 8",
          "Sec-WebSocket-Key: ",
          "Sec-WebSocket-Protocol: a, b",
          "Sec-WebSocket-Extensions: permessage-deflate",
          "Expect: 100-continue",
          "Content-Length: 5",
          "Content-Length: 2000",
          "Content-Length: -1",
          "Transfer-Encoding: chunked",
          "Connection: close",
          " folded",
          ": no name");

  private final FuzzInput in;

  FuzzClient(FuzzInput in) {
    this.in = in;
  }

  /** With the offer of the extension among the headers, if it is made. */
  byte[] upgrade(boolean odd, boolean offered) {
    if (!odd) {
      List<String> headers = new ArrayList<>(HEADERS);
      headers.addAll(offered ? OFFER : List.of());
      return request("GET /ws HTTP/1.1", headers);
    }
    List<String> headers = new ArrayList<>(offered ? OFFER : List.of());
    int without = in.next();
    for (int i = 0; i < HEADERS.size(); i++) {
      if ((without >> i & 1) == 0) {
        headers.add(HEADERS.get(i));
      }
    }
    for (int left = in.next(4); left > 0; left--) {
      headers.add(in.next(headers.size() + 1), OTHER_HEADERS.get(in.next(OTHER_HEADERS.size())));
    }
    String version = without < 240 ? " HTTP/1.1" : " HTTP/1.0";
    return request(
        METHODS.get(in.next() / 64 % METHODS.size())
            + " "
            + PATHS.get(in.next(PATHS.size()))
            + version,
        headers);
  }

  private static byte[] request(String line, List<String> headers) {
    return (line + "\r\n" + String.join("\r\n", headers) + "\r\n\r\n")
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  /** A binary message of one WebSocket frame. */
  byte[] message(byte[] payload) {
    return frame(FIN | BINARY, payload, payload.length, true);
  }

  /** A binary message of several, with other frames between them if the input says so. */
  byte[] inFragments(byte[] payload) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    int at = 0;
    int opcode = BINARY;
    for (int left = 1 + in.next(3); left > 0; left--) {
      int end = left == 1 ? payload.length : Math.min(payload.length, at + in.next());
      int fin = left == 1 ? FIN : 0;
      all.writeBytes(frame(fin | opcode, Arrays.copyOfRange(payload, at, end), end - at, true));
      if (in.next(4) == 3) {
        all.writeBytes(frame(new byte[in.next(8)]));
      }
      at = end;
      opcode = CONTINUATION;
    }
    return all.toByteArray();
  }

  /** A frame of any kind. */
  byte[] frame(byte[] payload) {
    int what = in.next();
    int first = (what & 16) == 0 ? FIN | (what & 15) : in.next();
    int length = (what & 0xe0) == 0xe0 ? in.nextInt() & 0xffffff : payload.length;
    return frame(first, payload, length, (what & 0xe0) != 0xc0);
  }

  /** A mask of zeros leaves the payload as it is. */
  private static byte[] frame(int first, byte[] payload, int length, boolean masked) {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    int mask = masked ? MASKED : 0;
    frame.write(first);
    if (length < 126) {
      frame.write(mask | length);
    } else if (length < 1 << 16) {
      frame.write(mask | 126);
      frame.write(length >> 8);
      frame.write(length);
    } else {
      frame.write(mask | 127);
      frame.writeBytes(new byte[4]);
      frame.write(length >> 24);
      frame.write(length >> 16);
      frame.write(length >> 8);
      frame.write(length);
    }
    if (masked) {
      frame.writeBytes(new byte[4]);
    }
    frame.writeBytes(payload);
    return frame.toByteArray();
  }
}
