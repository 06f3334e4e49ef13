package io.muxio.test;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Makes a peer's frames out of a fuzzer's decisions: mostly such that fit into their streams and
 * carry RPC headers, so that what lies behind the first checks is reached. Written without code of
 * the modules under test.
 */
public final class FuzzFrames {
  private static final int OPEN = 0;
  private static final int DATA = 1;
  private static final int END = 2;
  private static final int CANCEL = 3;
  private static final int PONG = 4;
  private static final int PING = 5;

  private static final int[] STREAMS = {0, 1, 2, 3, 0x7fff_ffff, 0x8000_0000, 0x8000_0001, -1};

  /** The kinds with their shares. */
  private static final int[] KINDS = {
    OPEN, OPEN, OPEN, OPEN, OPEN, DATA, DATA, DATA, DATA, END, END, END, END, CANCEL, PING, PONG
  };

  private static final int CALL = 0;
  private static final int RESPONSE = 1;
  private static final int RPC_HEADER = 15;
  private static final int HALF = 0x8000_0000;
  private static final byte[] NOTHING = {};

  private final int headerSize;
  private final int requestBase;
  private final long[] methods;
  private final int[] sequences = new int[STREAMS.length];
  private final byte[][] restOfHeader = new byte[STREAMS.length][];
  private @Nullable ExtensionFrames extension;

  /**
   * Makes a peer without streams.
   *
   * @param headerSize 13 or 21
   * @param requestBase the first request id of the end under test, whose calls are answered
   * @param methods the ids of methods to call
   */
  public FuzzFrames(int headerSize, int requestBase, long... methods) {
    this.headerSize = headerSize;
    this.requestBase = requestBase;
    this.methods = methods.clone();
    Arrays.fill(restOfHeader, NOTHING);
  }

  /**
   * Speaks the extension muxio.x1 too, with the ids of the peer's half.
   *
   * @param in decides what the settings are
   * @return the peer's first frame: settings, as a rule
   */
  public byte[] extend(FuzzInput in) {
    extension = new ExtensionFrames(requestBase, callId(0, true));
    return extension.settings(in);
  }

  /**
   * The next frame, on one of eight streams; with the extension every fourth is one of that.
   *
   * @param in decides what it is
   * @return header and payload
   */
  public byte[] next(FuzzInput in) {
    int what = in.next();
    if (extension != null && (what & 0xc0) == 0xc0) {
      return extension.next(in);
    }
    int index = what & 7;
    int kind = KINDS[what >> 3 & 15];
    int how = in.next();
    if (kind == OPEN) {
      sequences[index] = 0;
    }
    int sequence = sequence(index, how >> 3 & 7, in);
    sequences[index] = kind == END || kind == CANCEL ? 0 : sequence + 1;
    byte[] payload = payload(index, kind, how & 7, in);
    boolean odd = (how & 0xc0) == 0xc0;
    return switch (odd ? in.next(4) : 0) {
      case 1 -> frame(STREAMS[index], sequence, in.next(), payload);
      case 2 -> withLength(frame(STREAMS[index], sequence, kind, payload), in.nextInt());
      case 3 -> withLength(frame(STREAMS[index], sequence, kind, payload), in.next());
      default -> frame(STREAMS[index], sequence, kind, payload);
    };
  }

  /**
   * A whole stream: Open and End; with the extension also what is known of it beside its bytes.
   *
   * @param in decides what it is
   * @return two frames, or three
   */
  public byte[] nextStream(FuzzInput in) {
    int what = in.next();
    int index = what & 7;
    sequences[index] = 0;
    byte[] header = rpcHeader((what & 8) == 0 ? CALL : RESPONSE, in);
    byte[] body = new byte[(what & 16) == 0 ? 0 : in.next()];
    byte[] headers = NOTHING;
    if (extension != null && (what & 32) != 0) {
      int request = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN).getInt(1);
      headers = extension.headers(request, in);
    }
    byte[] stream =
        concat(
            frame(STREAMS[index], 0, OPEN, concat(header, body)),
            frame(STREAMS[index], 1, END, NOTHING));
    return concat(headers, stream);
  }

  private int sequence(int index, int how, FuzzInput in) {
    return switch (how) {
      case 6 -> sequences[index] + in.next(9) - 2;
      case 7 -> in.nextInt();
      default -> sequences[index];
    };
  }

  private byte[] payload(int index, int kind, int how, FuzzInput in) {
    byte[] rest = restOfHeader[index];
    restOfHeader[index] = NOTHING;
    if (kind == OPEN) {
      return switch (how) {
        case 6 -> in.nextBytes(in.next(64));
        case 7 -> beginOfHeader(index, in);
        case 4, 5 -> concat(rpcHeader(RESPONSE, in), new byte[in.next()]);
        default -> concat(rpcHeader(CALL, in), new byte[how == 0 ? 0 : in.next()]);
      };
    }
    return switch (how) {
      case 5 -> concat(rest, in.nextBytes(in.next(64)));
      case 6 -> concat(rest, rpcHeader(in.next(4), in));
      case 7 -> new byte[in.next(600)];
      default -> concat(rest, new byte[how == 0 ? 0 : in.next()]);
    };
  }

  /** The rest of the header comes with the stream's next frame. */
  private byte[] beginOfHeader(int index, FuzzInput in) {
    byte[] header = rpcHeader(in.next(2), in);
    int cut = in.next(header.length);
    restOfHeader[index] = Arrays.copyOfRange(header, cut, header.length);
    return Arrays.copyOf(header, cut);
  }

  private byte[] rpcHeader(int type, FuzzInput in) {
    int what = in.next();
    int request =
        type == RESPONSE ? withinHalf(requestBase, what & 7) : callId(what & 7, extension != null);
    byte[] metadata;
    if (type == RESPONSE) {
      metadata = (what & 8) == 0 ? new byte[1] : in.nextBytes(in.next(4));
    } else {
      metadata = new byte[(what & 8) == 0 ? what >> 5 : in.next()];
    }
    long method =
        (what & 16) == 0 ? methods[(what >> 5) % methods.length] : (long) in.nextInt() * what;
    return ByteBuffer.allocate(RPC_HEADER + metadata.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put((byte) type)
        .putInt(request)
        .putLong(method)
        .putShort((short) metadata.length)
        .put(metadata)
        .array();
  }

  /**
   * The id of a call of the peer. Without the extension it may be of any half; with it credit would
   * be for another call, which the last of the ids is for.
   */
  private int callId(int count, boolean extended) {
    return extended && count < 7 ? (~requestBase & HALF) | count : count;
  }

  /** Ids wrap within their half. */
  static int withinHalf(int base, int count) {
    return (base & HALF) | ((base + count) & ~HALF);
  }

  private byte[] frame(int stream, int sequence, int kind, byte[] payload) {
    byte[] frame = new byte[headerSize + payload.length];
    ByteBuffer.wrap(frame)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(payload.length)
        .putInt(stream)
        .putInt(sequence)
        .put((byte) kind);
    System.arraycopy(payload, 0, frame, headerSize, payload.length);
    return frame;
  }

  private static byte[] withLength(byte[] frame, int length) {
    ByteBuffer.wrap(frame).order(ByteOrder.LITTLE_ENDIAN).putInt(length);
    return frame;
  }

  private static byte[] concat(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }
}
