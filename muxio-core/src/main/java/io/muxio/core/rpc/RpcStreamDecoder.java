package io.muxio.core.rpc;

import io.muxio.core.frame.FrameKind;
import io.muxio.core.frame.ProtocolException;
import io.muxio.core.frame.StreamReassembler;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * One inbound stream: ordered frames to header, payload, end. The header may span frames and may
 * sit in the End; payload in the End is read. Used on the connection's thread only.
 */
final class RpcStreamDecoder implements StreamReassembler.Receiver {
  private enum State {
    /** The RPC header is not complete. */
    AWAIT_HEADER,
    /** The listener has been found; payload goes to it. */
    AWAIT_PAYLOAD,
    /** Failed or not wanted: frames are dropped until End or Cancel. */
    DISCARDING,
    /** End, Cancel, or the connection's end. Final. */
    DONE
  }

  private final RpcSession session;
  private final StreamReassembler order;
  private State state = State.AWAIT_HEADER;
  private boolean endSeen;
  private boolean answer;
  private RpcStreamListener listener = RpcStreamListener.DISCARD;

  /** The beginning of a header that spans frames. */
  private @Nullable ByteBuf partialHeader;

  RpcStreamDecoder(RpcSession session) {
    this.session = session;
    this.order = session.newOrder();
  }

  boolean isDone() {
    return state == State.DONE;
  }

  boolean isDiscarding() {
    return state == State.DISCARDING;
  }

  /** Whether it is an answer that nobody waits for and that may never end. */
  boolean isLetGo() {
    return answer && (state == State.DISCARDING || !listener.isInterested());
  }

  /** Takes a frame of this stream as it came. */
  void onFrame(int sequence, FrameKind kind, ByteBuf payload) {
    endSeen |= kind == FrameKind.END;
    if (kind == FrameKind.CANCEL) {
      close();
      listener.onCancel();
    } else if (state == State.DISCARDING) {
      discard();
    } else {
      order.accept(sequence, kind, payload, this);
    }
  }

  @Override
  public void onOrderedFrame(FrameKind kind, ByteBuf payload) {
    if (state == State.AWAIT_HEADER) {
      readHeader(payload);
    }
    if (state == State.AWAIT_PAYLOAD && payload.isReadable()) {
      listener.onPayload(session.keep(payload));
    }
    if (kind == FrameKind.END) {
      end();
    }
  }

  /** Fails the stream and drops the frames still to come. */
  void fail(ProtocolException cause) {
    RpcStreamListener told = listener;
    discard();
    told.onFailure(cause);
  }

  private void end() {
    switch (state) {
      case AWAIT_HEADER ->
          throw ProtocolException.stream(
              ProtocolException.Reason.HEADER_INCOMPLETE,
              "stream ended "
                  + (partialHeader == null ? 0 : partialHeader.readableBytes())
                  + " bytes into its RPC header");
      case AWAIT_PAYLOAD -> {
        close();
        listener.onEnd();
      }
      case DISCARDING, DONE -> {}
    }
  }

  private void readHeader(ByteBuf payload) {
    if (partialHeader == null) {
      if (isWholeHeader(payload)) {
        open(payload);
      } else if (payload.isReadable()) {
        session.budget().reserve(payload.readableBytes());
        partialHeader = session.allocator().buffer(payload.readableBytes()).writeBytes(payload);
      }
      return;
    }
    addToHeader(payload, RpcHeaderCodec.FIXED_SIZE);
    if (partialHeader.readableBytes() >= RpcHeaderCodec.FIXED_SIZE) {
      addToHeader(
          payload, RpcHeaderCodec.FIXED_SIZE + RpcHeaderCodec.metadataLength(partialHeader, 0));
    }
    if (isWholeHeader(partialHeader)) {
      ByteBuf header = partialHeader;
      partialHeader = null;
      session.budget().release(header.readableBytes());
      try {
        open(header);
      } finally {
        header.release();
      }
    }
  }

  private void addToHeader(ByteBuf payload, int wanted) {
    ByteBuf header = partialHeader;
    assert header != null : "no partial header";
    int count = Math.min(wanted - header.readableBytes(), payload.readableBytes());
    if (count > 0) {
      session.budget().reserve(count);
      header.writeBytes(payload, count);
    }
  }

  private static boolean isWholeHeader(ByteBuf in) {
    int size = in.readableBytes();
    return size >= RpcHeaderCodec.FIXED_SIZE
        && size >= RpcHeaderCodec.FIXED_SIZE + RpcHeaderCodec.metadataLength(in, in.readerIndex());
  }

  /** Reads the header that begins the bytes and finds the stream's listener. */
  private void open(ByteBuf in) {
    int index = in.readerIndex();
    int typeCode = RpcHeaderCodec.typeCode(in, index);
    RpcMessageType type = RpcMessageType.of(typeCode);
    if (type == null) {
      throw ProtocolException.stream(
          ProtocolException.Reason.UNKNOWN_MESSAGE_TYPE,
          "RPC message type: " + typeCode + " (expected: 0 or 1)");
    }
    answer = type == RpcMessageType.RESPONSE;
    int requestId = RpcHeaderCodec.requestId(in, index);
    long methodId = RpcHeaderCodec.methodId(in, index);
    int metadataLength = RpcHeaderCodec.metadataLength(in, index);
    in.skipBytes(RpcHeaderCodec.FIXED_SIZE);
    ByteBuf metadata = session.keepPart(in, metadataLength);
    listener = session.accept(new RpcHeader(type, requestId, methodId, metadata));
    if (listener == RpcStreamListener.DISCARD) {
      discard();
    } else {
      state = State.AWAIT_PAYLOAD;
    }
  }

  /** Drops what is still to come; an End that came ahead of its place is still the End. */
  private void discard() {
    close();
    state = endSeen ? State.DONE : State.DISCARDING;
    listener = RpcStreamListener.DISCARD;
  }

  /** Releases what is held; nothing is told. */
  void close() {
    state = State.DONE;
    order.close();
    if (partialHeader != null) {
      session.budget().release(partialHeader.readableBytes());
      partialHeader.release();
      partialHeader = null;
    }
  }
}
