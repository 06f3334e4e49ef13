package io.muxio.testkit;

import io.muxio.core.frame.FrameKind;
import io.muxio.core.rpc.ResponseStatus;
import io.muxio.core.rpc.RpcMessageType;
import io.muxio.rpc.service.RpcMethod;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A call or an answer that the tested end has sent to a {@link ScriptedPeer}, as far as it has
 * come. What waits does so for 20 s at most, and then throws an {@link IllegalStateException} that
 * says what has come instead. Safe to use from any thread.
 */
public final class ReceivedStream {
  private static final int HEADER_SIZE = 15;

  private enum State {
    OPEN,
    ENDED,
    CANCELLED
  }

  private final ScriptedWire wire;

  // Guarded by the wire.
  private final List<byte[]> chunks = new ArrayList<>();
  private ByteBuf beginning = Unpooled.buffer();
  private State state = State.OPEN;
  private @Nullable RpcMessageType type;
  private int requestId;
  private long methodId;
  private byte[] metadata = {};

  ReceivedStream(ScriptedWire wire) {
    this.wire = wire;
  }

  /** With the wire's monitor. */
  void add(FrameKind kind, byte[] payload) {
    if (kind == FrameKind.CANCEL) {
      state = State.CANCELLED;
      return;
    }
    if (type != null) {
      addChunk(payload);
    } else {
      beginning.writeBytes(payload);
      readHeader();
    }
    if (kind == FrameKind.END) {
      state = State.ENDED;
    }
  }

  private void readHeader() {
    int size = beginning.readableBytes();
    if (size < HEADER_SIZE || size < HEADER_SIZE + beginning.getUnsignedShortLE(13)) {
      return;
    }
    type = RpcMessageType.of(beginning.readUnsignedByte());
    requestId = beginning.readIntLE();
    methodId = beginning.readLongLE();
    metadata = new byte[beginning.readUnsignedShortLE()];
    beginning.readBytes(metadata);
    byte[] rest = new byte[beginning.readableBytes()];
    beginning.readBytes(rest);
    addChunk(rest);
  }

  private void addChunk(byte[] payload) {
    if (payload.length > 0) {
      chunks.add(payload);
    }
  }

  /** With the wire's monitor. */
  boolean is(RpcMessageType expected) {
    return type == expected;
  }

  /** With the wire's monitor. */
  boolean isEnded() {
    return state == State.ENDED;
  }

  int requestId() {
    return requestId;
  }

  long methodId() {
    return methodId;
  }

  /**
   * What came with the call before its chunks.
   *
   * @return its parameters; of an answer the byte of its status
   */
  public byte[] parameters() {
    synchronized (wire) {
      return metadata.clone();
    }
  }

  /**
   * The outcome that an answer tells.
   *
   * @return the status, or null where the wire has none with that number
   */
  public @Nullable ResponseStatus status() {
    return ResponseStatus.of(Unpooled.wrappedBuffer(parameters()));
  }

  /**
   * The chunks that have come, each as it was sent.
   *
   * @return as many as have come by now
   */
  public List<byte[]> chunks() {
    synchronized (wire) {
      return chunks.stream().map(byte[]::clone).toList();
    }
  }

  /**
   * Waits for a chunk.
   *
   * @param index 0 for the first one
   * @return the chunk
   */
  public byte[] chunk(int index) {
    synchronized (wire) {
      wire.await("chunk " + index, () -> chunks.size() > index, this::toString);
      return chunks.get(index).clone();
    }
  }

  /**
   * Waits for the end.
   *
   * @return all chunks in one; of a call without chunks its parameters, as unary methods have it
   */
  public byte[] body() {
    synchronized (wire) {
      wire.await("its end", this::isEnded, this::toString);
      if (chunks.isEmpty() && type == RpcMessageType.CALL) {
        return metadata.clone();
      }
      ByteBuf all = Unpooled.buffer();
      chunks.forEach(all::writeBytes);
      byte[] body = new byte[all.readableBytes()];
      all.readBytes(body);
      return body;
    }
  }

  /**
   * Waits for the end of a call, and decodes it.
   *
   * @param <Q> the type of the request
   * @param method the method whose codec decodes
   * @return the request
   */
  public <Q> Q request(RpcMethod<Q, ?> method) {
    return method.requestCodec().decode(Unpooled.wrappedBuffer(body()));
  }

  /** Waits until the tested end has cancelled the stream. */
  public void awaitCancel() {
    synchronized (wire) {
      wire.await("its cancel", () -> state == State.CANCELLED, this::toString);
    }
  }

  @Override
  public String toString() {
    synchronized (wire) {
      String what = type == null ? "stream without a header" : type + " " + requestId;
      int bytes = chunks.stream().mapToInt(chunk -> chunk.length).sum();
      String method = "0x" + HexFormat.of().toHexDigits(methodId);
      return what + " of " + method + ", " + state + ", " + bytes + " bytes";
    }
  }
}
