package io.muxio.core.rpc;

import io.muxio.core.frame.FrameStreamEncoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * One outgoing stream: header, payload, end, by the rules that published readers force: no header
 * and no payload in an End, a Cancel alone in its message and never after an End. Used on the
 * connection's thread only; what it writes leaves with {@link RpcSession#flush()}.
 */
public final class RpcStreamWriter {
  private final RpcSession session;
  private final FrameStreamEncoder frames;

  /** Of a stream of chunks, where the peer gives credit. */
  private final @Nullable SendWindow window;

  RpcStreamWriter(RpcSession session, FrameStreamEncoder frames, @Nullable SendWindow window) {
    this.session = session;
    this.frames = frames;
    this.window = window;
  }

  int streamId() {
    return frames.streamId();
  }

  /** Whether the peer takes a chunk of such a cost now, see {@link StreamWindow#costOf}. */
  boolean hasCredit(int cost) {
    return window == null || window.allows(cost);
  }

  /** The peer's reader has taken so much. */
  void onCredit(long cost) {
    if (window != null) {
      window.onCredit(cost);
    }
  }

  private void count(ByteBuf chunk) {
    if (window != null && chunk.isReadable()) {
      window.onSent(StreamWindow.costOf(chunk.readableBytes()));
    }
  }

  /** Opens a stream whose payload comes in chunks: the first one goes with the header or alone. */
  void openStream(RpcHeader header, ByteBuf firstChunk) {
    count(firstChunk);
    int headerSize = RpcHeaderCodec.FIXED_SIZE + header.metadata().readableBytes();
    if (headerSize + firstChunk.readableBytes() <= frames.chunkSize()) {
      open(header, firstChunk);
      return;
    }
    try {
      open(header, Unpooled.EMPTY_BUFFER);
    } catch (RuntimeException e) {
      firstChunk.release();
      throw e;
    }
    frames.write(firstChunk);
  }

  /** Sends the header and the payload that is known, the two in one frame where they fit. */
  void open(RpcHeader header, ByteBuf payload) {
    try {
      openFrame(header, payload);
    } catch (RuntimeException e) {
      payload.release();
      throw e;
    } finally {
      header.metadata().release();
    }
    frames.write(payload);
  }

  private void openFrame(RpcHeader header, ByteBuf payload) {
    int metadataLength = header.metadata().readableBytes();
    int headerSize = RpcHeaderCodec.FIXED_SIZE + metadataLength;
    if (metadataLength > RpcHeaderCodec.MAX_METADATA) {
      throw new IllegalArgumentException(
          "metadata: " + metadataLength + " bytes (expected: at most 65,535)");
    }
    if (headerSize > frames.chunkSize()) {
      openWithLongHeader(header, headerSize);
      return;
    }
    int room = Math.min(payload.readableBytes(), frames.chunkSize() - headerSize);
    writeHeader(frames.startFrame(headerSize + room), header);
    frames.append(header.metadata().retain());
    if (room > 0) {
      frames.append(payload.readRetainedSlice(room));
    }
  }

  /** A header that does not fit into a chunk is cut like any payload. */
  private void openWithLongHeader(RpcHeader header, int headerSize) {
    ByteBuf bytes = session.allocator().buffer(headerSize);
    writeHeader(bytes, header);
    bytes.writeBytes(header.metadata());
    frames.write(bytes);
  }

  private static void writeHeader(ByteBuf out, RpcHeader header) {
    RpcHeaderCodec.write(
        out,
        header.type(),
        header.requestId(),
        header.methodId(),
        header.metadata().readableBytes());
  }

  /**
   * Sends payload, cut at the chunk size; nothing where it is empty.
   *
   * @param payload taken over by this method, also where it throws
   * @throws io.netty.util.IllegalReferenceCountException where the payload was released already
   * @throws IllegalStateException where the stream has ended or was cancelled, or the connection is
   *     closed
   */
  public void write(ByteBuf payload) {
    RpcSession.checkAlive(payload);
    count(payload);
    frames.write(payload);
  }

  /**
   * Ends the stream.
   *
   * @throws IllegalStateException where it has ended or was cancelled, or the connection is closed
   */
  public void end() {
    frames.end();
    over();
  }

  /**
   * Voids the stream.
   *
   * @throws IllegalStateException where it has ended or was cancelled, or the connection is closed
   */
  public void cancel() {
    frames.cancel();
    over();
  }

  private void over() {
    session.forget(this);
    if (window != null) {
      window.close();
    }
  }
}
