package io.muxio.core.wire;

import static io.muxio.core.wire.Wire.NOTHING;
import static io.muxio.core.wire.Wire.concat;
import static io.muxio.core.wire.Wire.frame;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Frames of the extension, as a peer would write them. */
public final class Ext {
  public static final int SETTINGS = 16;
  public static final int HEADERS = 17;
  public static final int CREDIT = 18;
  public static final int ABANDON = 19;
  public static final int GOAWAY = 20;

  private Ext() {}

  public static byte[] u64(long value) {
    return ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array();
  }

  public static byte[] setting(int id, long value) {
    return concat(new byte[] {(byte) id, (byte) (id >> 8)}, u64(value));
  }

  public static byte[] settings(byte[]... settings) {
    return frame(13, 0, 0, SETTINGS, concat(settings));
  }

  /** What a peer allows on a stream, on all of them, and beside that on each. */
  public static byte[] windows(long stream, long connection, long reserve) {
    return settings(setting(1, stream), setting(2, connection), setting(3, reserve));
  }

  public static byte[] credit(int request, int cost) {
    byte[] bytes = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(cost).array();
    return frame(13, request, 0, CREDIT, bytes);
  }

  public static byte[] abandon(int request) {
    return frame(13, request, 0, ABANDON, NOTHING);
  }

  public static byte[] field(int id, byte[] value) {
    return concat(new byte[] {(byte) id, (byte) value.length, (byte) (value.length >> 8)}, value);
  }

  public static byte[] headers(int request, byte[]... fields) {
    return frame(13, request, 0, HEADERS, concat(fields));
  }
}
