package io.muxio.testkit;

import io.muxio.core.frame.FrameKind;
import java.util.function.Consumer;

/**
 * A call or an answer that a {@link ScriptedPeer} is sending, frame by frame. Nothing is checked: a
 * peer may end a stream twice, or write after its end. For one thread at a time.
 */
public final class SentStream {
  private static final byte[] NOTHING = {};

  private final ScriptedWire wire;
  private final int id;
  private final int requestId;
  private int sequence;

  SentStream(ScriptedWire wire, int id, int requestId) {
    this.wire = wire;
    this.id = id;
    this.requestId = requestId;
  }

  /**
   * Sends a chunk.
   *
   * @param bytes the payload of one frame, 1 MiB at most where the tested end has the default
   *     limits
   * @return this stream
   */
  public SentStream chunk(byte... bytes) {
    return send(FrameKind.DATA, bytes);
  }

  /**
   * Leaves a frame out, so that the next one is ahead of its stream and waits for it.
   *
   * @return what sends the frame that was left out, with this payload
   */
  public Consumer<byte[]> skip() {
    int skipped = sequence++;
    return bytes -> wire.send(id, skipped, FrameKind.DATA, bytes);
  }

  /**
   * Ends the stream.
   *
   * @return this stream
   */
  public SentStream end() {
    return send(FrameKind.END, NOTHING);
  }

  /**
   * Makes the stream void.
   *
   * @return this stream
   */
  public SentStream cancel() {
    return send(FrameKind.CANCEL, NOTHING);
  }

  SentStream send(FrameKind kind, byte[] payload) {
    wire.send(id, sequence++, kind, payload);
    return this;
  }

  int requestId() {
    return requestId;
  }
}
