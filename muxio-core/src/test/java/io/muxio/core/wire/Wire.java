package io.muxio.core.wire;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The wire's bytes, written and read without any code of the module under test. */
public final class Wire {
  public static final int OPEN = 0;
  public static final int DATA = 1;
  public static final int END = 2;
  public static final int CANCEL = 3;
  public static final int PONG = 4;
  public static final int PING = 5;

  public static final int CALL = 0;
  public static final int RESPONSE = 1;

  public static final int RPC_HEADER = 15;
  public static final byte[] NOTHING = {};

  private Wire() {}

  /** One frame; a 21-byte header has a timestamp of 0. */
  public static byte[] frame(int headerSize, int stream, int sequence, int kind, byte[] payload) {
    return new WireFrame(stream, sequence, kind, payload, 0).bytes(headerSize);
  }

  /** A frame header alone that promises a payload of that many bytes. */
  public static byte[] header(int headerSize, long length, int stream, int sequence, int kind) {
    byte[] header = frame(headerSize, stream, sequence, kind, NOTHING);
    ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN).putInt((int) length);
    return header;
  }

  /** Takes bytes that are whole frames apart. */
  public static List<WireFrame> frames(int headerSize, byte[] bytes) {
    List<WireFrame> frames = new ArrayList<>();
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    while (in.hasRemaining()) {
      byte[] payload = new byte[in.getInt()];
      int stream = in.getInt();
      int sequence = in.getInt();
      int kind = in.get();
      long timestamp = headerSize == 21 ? in.getLong() : 0;
      in.get(payload);
      frames.add(new WireFrame(stream, sequence, kind, payload, timestamp));
    }
    return frames;
  }

  /** An RPC header and the body after it. */
  public static byte[] rpc(int type, int request, long method, byte[] metadata, byte[] body) {
    return ByteBuffer.allocate(RPC_HEADER + metadata.length + body.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put((byte) type)
        .putInt(request)
        .putLong(method)
        .putShort((short) metadata.length)
        .put(metadata)
        .put(body)
        .array();
  }

  public static byte[] call(int request, long method, byte[] metadata, byte[] body) {
    return rpc(CALL, request, method, metadata, body);
  }

  public static byte[] answer(int request, long method, int status, byte[] body) {
    return rpc(RESPONSE, request, method, new byte[] {(byte) status}, body);
  }

  public static byte[] concat(List<byte[]> parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    parts.forEach(out::writeBytes);
    return out.toByteArray();
  }

  public static byte[] concat(byte[]... parts) {
    return concat(List.of(parts));
  }

  /** Byte i is i mod 251, as in the recordings. */
  public static byte[] pattern(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (i % 251);
    }
    return bytes;
  }

  public static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
