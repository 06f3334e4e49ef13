package io.muxio.test;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The frames of muxio.x1 out of a fuzzer's decisions, about calls of either end: mostly well formed
 * ones, so that what they do to running streams is reached.
 */
final class ExtensionFrames {
  private static final int HEADER = 13;

  private static final int SETTINGS = 16;
  private static final int HEADERS = 17;
  private static final int CREDIT = 18;
  private static final int ABANDON = 19;
  private static final int GOAWAY = 20;
  private static final int LAST_RESERVED = 127;

  /** The kinds with their shares; 0 stands for those that come once, or not at all. */
  private static final int[] KINDS = {
    CREDIT, CREDIT, ABANDON, HEADERS, CREDIT, HEADERS, ABANDON, 0
  };

  private static final int MAX_SETTINGS = 64;

  /** From what lets everything through to what lets nothing. */
  private static final long[] WINDOWS = {1 << 20, 1000, 400, 150, 129, 1, 0, -1};

  private static final long[] RESERVES = {196_992, 600, 129, 0};

  /** Microseconds or milliseconds: none, some, longer than a test lasts, the longest. */
  private static final long[] NUMBERS = {2_000_000, 0, 1, 1L << 60, -1};

  private final int ownBase;
  private final int peerBase;

  /**
   * Makes the frames of a connection.
   *
   * @param ownBase the first request id of the end under test
   * @param peerBase the first request id of its peer
   */
  ExtensionFrames(int ownBase, int peerBase) {
    this.ownBase = ownBase;
    this.peerBase = peerBase;
  }

  /** What comes first, as it should for most decisions. */
  byte[] settings(FuzzInput in) {
    int what = in.next();
    return switch (what & 15) {
      case 12 -> frame(SETTINGS, 0, 0, unknownSettings(in.next(3)));
      case 13 -> new byte[0];
      case 14 -> frame(SETTINGS, 0, 0, in.nextBytes(in.next(64)));
      case 15 -> frame(SETTINGS, 0, 0, unknownSettings(MAX_SETTINGS + (what >> 4 & 1)));
      default -> frame(SETTINGS, 0, 0, windows(in.next()));
    };
  }

  private static byte[] windows(int which) {
    return concat(
        setting(1, WINDOWS[which & 7]),
        setting(2, WINDOWS[which >> 3 & 7]),
        setting(3, RESERVES[which >> 6]));
  }

  private static byte[] unknownSettings(int count) {
    ByteArrayOutputStream settings = new ByteArrayOutputStream();
    for (int id = 0; id < count; id++) {
      settings.writeBytes(setting(100 + id, id));
    }
    return settings.toByteArray();
  }

  byte[] next(FuzzInput in) {
    int what = in.next();
    int id = (what & 8) == 0 ? peerBase + (what & 7) : FuzzFrames.withinHalf(ownBase, what & 7);
    int sequence = (what & 0x80) == 0 ? 0 : -1;
    return switch (KINDS[what >> 4 & 7]) {
      case CREDIT -> frame(CREDIT, id, sequence, credit(in));
      case ABANDON -> frame(ABANDON, id, sequence, new byte[0]);
      case HEADERS -> headers(id, in);
      default -> rare(id, in);
    };
  }

  private static byte[] credit(FuzzInput in) {
    int how = in.next();
    return switch (how & 15) {
      case 13 -> number(in.nextInt(), Integer.BYTES);
      case 14 -> number(-1, Integer.BYTES + in.next(4));
      case 15 -> in.nextBytes(in.next(Integer.BYTES + 1));
      default -> number(128 + 64L * (how >> 4), Integer.BYTES);
    };
  }

  private byte[] rare(int id, FuzzInput in) {
    return switch (in.next(16)) {
      case 1 -> settings(in);
      case 2, 3, 4 -> frame(GOAWAY, 0, 0, in.nextBytes(in.next(64)));
      case 5 -> frame(GOAWAY, id, 0, new byte[in.next(1200)]);
      case 6, 7 -> frame(ABANDON, id, 0, in.nextBytes(in.next(8)));
      default -> {
        int later = GOAWAY + 1 + in.next(LAST_RESERVED - GOAWAY);
        yield frame(later, id, 0, new byte[in.next(32)]);
      }
    };
  }

  /** What stands in front of the call or answer with that id. */
  byte[] headers(int id, FuzzInput in) {
    int how = in.next();
    ByteArrayOutputStream fields = new ByteArrayOutputStream();
    for (int left = 1 + (how & 1); left > 0; left--) {
      int field = in.next();
      int length = (field & 0xc0) == 0xc0 ? in.next(12) : Long.BYTES;
      fields.write(new int[] {1, 1, 2, 3}[field & 3]);
      fields.write(length);
      fields.write(0);
      fields.writeBytes(number(NUMBERS[(field >> 2 & 7) % NUMBERS.length], length));
    }
    if ((how & 0xf0) == 0xf0) {
      fields.writeBytes(in.nextBytes(in.next(8)));
    }
    return frame(HEADERS, id, 0, fields.toByteArray());
  }

  private static byte[] setting(int id, long value) {
    return concat(number(id, Short.BYTES), number(value, Long.BYTES));
  }

  /** As many bytes, the lowest first. */
  private static byte[] number(long value, int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < Math.min(length, Long.BYTES); i++) {
      bytes[i] = (byte) (value >> (8 * i));
    }
    return bytes;
  }

  private static byte[] frame(int kind, int id, int sequence, byte[] payload) {
    return ByteBuffer.allocate(HEADER + payload.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(payload.length)
        .putInt(id)
        .putInt(sequence)
        .put((byte) kind)
        .put(payload)
        .array();
  }

  private static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }
}
