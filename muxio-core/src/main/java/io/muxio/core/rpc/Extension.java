package io.muxio.core.rpc;

import io.muxio.core.frame.CoreLimits;
import io.muxio.core.frame.FrameKind;
import io.muxio.core.frame.FrameWriter;
import io.muxio.core.frame.ProtocolException;
import io.muxio.core.frame.ProtocolException.Reason;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The frames of the extension muxio.x1 of one connection: what they say, and how they are written.
 * In the stream field is the request id of the call that they are about, or 0. Used on the
 * connection's thread only. The format is in docs/protocol.md.
 *
 * <pre>
 * SETTINGS   pairs of u16 id and u64 value     the first frame of each end, once
 * HEADERS    see CallHeaders                   before the Open of a call or an answer
 * CREDIT     u32 cost
 * ABANDON    nothing
 * GOAWAY     text
 * </pre>
 */
final class Extension {
  /** Gets what the peer says of the calls. */
  interface Listener {
    /** More of a call's stream may be sent: of the request of ours, of the answer to a peer's. */
    void onCredit(int requestId, long cost);

    /** The peer waits for the answer of its call no longer. */
    void onAbandon(int requestId);

    /** The peer takes no more calls. */
    void onGoAway(String reason);
  }

  private static final int STREAM_WINDOW = 1;
  private static final int CONNECTION_WINDOW = 2;
  private static final int STREAM_RESERVE = 3;
  private static final int MAX_METADATA_SIZE = 4;

  private static final int SETTING_SIZE = 10;
  private static final int MAX_SETTINGS = 64;
  private static final int MAX_REASON = 1024;

  /** What a peer takes that has not said otherwise. */
  private static final int DEFAULT_METADATA_SIZE = 8192;

  private final FrameWriter frames;
  private final Listener listener;
  private final SendWindows windows;
  private boolean settled;

  /** Read on any thread, so that who gives metadata is told at once. */
  private volatile int maxMetadataSize = DEFAULT_METADATA_SIZE;

  /** What was said of a call or an answer that is to begin next, and its request id. */
  private @Nullable CallHeaders held;

  private int heldFor;

  Extension(FrameWriter frames, LongSupplier nanoClock, Listener listener) {
    this.frames = frames;
    this.windows = new SendWindows(nanoClock);
    this.listener = listener;
  }

  SendWindow openWindow(Runnable onCredit) {
    return new SendWindow(windows, onCredit);
  }

  void sendSettings(CoreLimits limits) {
    ByteBuf out = frames.start(0, 0, FrameKind.SETTINGS, 4 * SETTING_SIZE);
    writeSetting(out, STREAM_WINDOW, limits.streamWindow());
    writeSetting(out, CONNECTION_WINDOW, limits.connectionWindow());
    writeSetting(out, STREAM_RESERVE, CoreLimits.STREAM_RESERVE);
    int ofFrame = limits.maxFramePayload() - CallHeaders.OVERHEAD;
    writeSetting(out, MAX_METADATA_SIZE, Math.max(0, Math.min(ofFrame, limits.maxMetadataSize())));
  }

  private static void writeSetting(ByteBuf out, int id, long value) {
    out.writeShortLE(id);
    out.writeLongLE(value);
  }

  void sendCredit(int requestId, long cost) {
    int most = (int) Math.min(cost, Integer.MAX_VALUE);
    frames.start(requestId, 0, FrameKind.CREDIT, Integer.BYTES).writeIntLE(most);
  }

  void sendAbandon(int requestId) {
    frames.start(requestId, 0, FrameKind.ABANDON, 0);
  }

  void sendGoAway(String reason) {
    byte[] text = reason.getBytes(StandardCharsets.UTF_8);
    int length = Math.min(text.length, MAX_REASON);
    frames.start(0, 0, FrameKind.GOAWAY, length).writeBytes(text, 0, length);
  }

  void sendHeaders(int requestId, CallHeaders headers) {
    headers.write(frames, requestId);
  }

  /** Whether the peer's settings have come. */
  boolean isSettled() {
    return settled;
  }

  /** What metadata the peer takes with a call or an answer, in bytes; on any thread. */
  int maxMetadataSize() {
    return maxMetadataSize;
  }

  /** What was said of the call or answer that begins now. */
  CallHeaders takeHeaders(int requestId) {
    CallHeaders headers = held;
    if (headers == null || heldFor != requestId) {
      return CallHeaders.EMPTY;
    }
    held = null;
    return headers;
  }

  /** The peer's settings come first, and once. */
  void checkPlace(FrameKind kind) {
    if (settled == (kind == FrameKind.SETTINGS)) {
      throw ProtocolException.connection(
          Reason.FRAME_OUT_OF_PLACE,
          settled
              ? "a second SETTINGS (expected: one, as the first frame)"
              : kind + " (expected: SETTINGS as the first frame)");
    }
  }

  /** A frame of the extension has come, with its payload lent. */
  void onFrame(FrameKind kind, int id, ByteBuf payload) {
    switch (kind) {
      case SETTINGS -> onSettings(payload);
      case HEADERS -> onHeaders(id, payload);
      case CREDIT -> {
        if (payload.readableBytes() < Integer.BYTES) {
          throw tooShort(kind, Integer.BYTES, payload);
        }
        listener.onCredit(id, payload.readUnsignedIntLE());
      }
      case ABANDON -> listener.onAbandon(id);
      case GOAWAY -> {
        int length = Math.min(payload.readableBytes(), MAX_REASON);
        listener.onGoAway(payload.readCharSequence(length, StandardCharsets.UTF_8).toString());
      }
      default -> throw new AssertionError(kind);
    }
  }

  private void onSettings(ByteBuf payload) {
    int length = payload.readableBytes();
    if (length % SETTING_SIZE != 0 || length > MAX_SETTINGS * SETTING_SIZE) {
      throw ProtocolException.connection(
          Reason.FRAME_OUT_OF_PLACE,
          "SETTINGS of "
              + length
              + " bytes (expected: at most "
              + MAX_SETTINGS
              + " settings of "
              + SETTING_SIZE
              + ")");
    }
    settled = true;
    long streamWindow = 1 << 20;
    long connectionWindow = 1 << 24;
    long reserve = CoreLimits.STREAM_RESERVE;
    long metadata = DEFAULT_METADATA_SIZE;
    while (payload.isReadable()) {
      int id = payload.readUnsignedShortLE();
      long value = payload.readLongLE();
      long clipped = value < 0 ? Long.MAX_VALUE : value;
      switch (id) {
        case STREAM_WINDOW -> streamWindow = clipped;
        case CONNECTION_WINDOW -> connectionWindow = clipped;
        case STREAM_RESERVE -> reserve = clipped;
        case MAX_METADATA_SIZE -> metadata = clipped;
        default -> {} // of a later version of the extension
      }
    }
    maxMetadataSize = (int) Math.min(metadata, CoreLimits.MAX_METADATA_SIZE);
    windows.settle(streamWindow, connectionWindow, reserve);
  }

  /** One is held at most: those of a call or an answer that has never begun are void. */
  private void onHeaders(int requestId, ByteBuf payload) {
    held = CallHeaders.read(payload);
    heldFor = requestId;
  }

  private static ProtocolException tooShort(FrameKind kind, int expected, ByteBuf payload) {
    return ProtocolException.connection(
        Reason.FRAME_OUT_OF_PLACE,
        kind + " of " + payload.readableBytes() + " bytes (expected: " + expected + ")");
  }
}
