package io.muxio.testkit;

import io.muxio.core.frame.ByteBudget;
import io.muxio.core.frame.CoreLimits;
import io.muxio.core.frame.FrameDecoder;
import io.muxio.core.frame.FrameFormat;
import io.muxio.core.frame.FrameKind;
import io.muxio.core.frame.IdSpace;
import io.muxio.core.frame.Turn;
import io.muxio.core.rpc.RpcMessageType;
import io.muxio.rpc.endpoint.RpcEndpoint;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The bytes of a {@link ScriptedPeer}: puts what the tested end sends together to streams, and
 * sends whatever it is told. Safe to use from any thread; its monitor guards the streams, too.
 */
final class ScriptedWire implements LinkPeer {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final FrameFormat format;
  private final FrameDecoder decoder;
  private final LinkEnd tested;
  private final Consumer<ReceivedStream> onProgress;
  private final IdSpace.Counter streamIds;
  private final IdSpace.Counter requestIds;
  private final List<ReceivedStream> received = new ArrayList<>();
  private final Map<Integer, ReceivedStream> open = new HashMap<>();
  private final Queue<ByteBuf> unread = new ArrayDeque<>();
  private boolean reading = true;
  private boolean closedByTested;

  ScriptedWire(
      IdSpace half, RpcEndpoint endpoint, LinkConfig config, Consumer<ReceivedStream> onProgress) {
    this.format = config.format();
    this.onProgress = onProgress;
    this.decoder =
        new FrameDecoder(
            format,
            CoreLimits.DEFAULT,
            new ByteBudget(Long.MAX_VALUE),
            UnpooledByteBufAllocator.DEFAULT,
            this::onFrame);
    this.streamIds = half.counter(0);
    this.requestIds = half.counter(0);
    IdSpace other = half == IdSpace.SERVER ? IdSpace.CLIENT : IdSpace.SERVER;
    this.tested = LinkEnd.facing(this, other, endpoint, config);
  }

  LinkEnd tested() {
    return tested;
  }

  @Override
  public synchronized void deliver(ByteBuf message) {
    if (!message.isReadable()) {
      closedByTested = true;
      notifyAll();
      return;
    }
    unread.add(Unpooled.copiedBuffer(message));
    readAll();
  }

  /** The peer sends without regard to how much waits. */
  @Override
  public void onRead(int bytes) {}

  synchronized void reading(boolean reading) {
    this.reading = reading;
    readAll();
  }

  private void readAll() {
    while (reading && !unread.isEmpty()) {
      ByteBuf message = unread.remove();
      tested.onRead(message.readableBytes());
      decoder.decode(message, true, Turn.endless());
    }
    notifyAll();
  }

  private void onFrame(int streamId, int sequence, FrameKind kind, ByteBuf payload) {
    switch (kind) {
      case OPEN, DATA, END, CANCEL -> {
        ReceivedStream stream = open.get(streamId);
        if (stream == null) {
          stream = new ReceivedStream(this);
          open.put(streamId, stream);
          received.add(stream);
        }
        stream.add(kind, ByteBufUtil.getBytes(payload));
        if (kind == FrameKind.END || kind == FrameKind.CANCEL) {
          open.remove(streamId);
        }
        onProgress.accept(stream);
      }
      case PING, PONG, SETTINGS, HEADERS, CREDIT, ABANDON, GOAWAY -> {}
    }
  }

  synchronized List<ReceivedStream> received() {
    return List.copyOf(received);
  }

  synchronized boolean isClosedByTested() {
    return closedByTested;
  }

  /** Waits; called with the monitor held, which is given up meanwhile. */
  void await(String what, BooleanSupplier condition, Supplier<String> actual) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      long left = (end - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        throw new IllegalStateException(
            actual.get() + " within " + PATIENCE + " (expected: " + what + ")");
      }
      try {
        wait(left);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while waiting for " + what, e);
      }
    }
  }

  /** Opens a stream with this header. */
  SentStream open(RpcMessageType type, int requestId, long methodId, byte[] metadata) {
    ByteBuf header = Unpooled.buffer();
    header.writeByte(type.code()).writeIntLE(requestId).writeLongLE(methodId);
    header.writeShortLE(metadata.length).writeBytes(metadata);
    SentStream stream = new SentStream(this, nextStreamId(), requestId);
    stream.send(FrameKind.OPEN, ByteBufUtil.getBytes(header));
    return stream;
  }

  private synchronized int nextStreamId() {
    return streamIds.next(id -> false);
  }

  synchronized int nextRequestId() {
    return requestIds.next(id -> false);
  }

  void send(int streamId, int sequence, FrameKind kind, byte[] payload) {
    ByteBuf frame = Unpooled.buffer(format.headerSize() + payload.length);
    frame.writeIntLE(payload.length).writeIntLE(streamId).writeIntLE(sequence);
    frame.writeByte(kind.code());
    frame.writeZero(format.headerSize() - frame.readableBytes()); // nobody reads the time
    frame.writeBytes(payload);
    tested.deliver(frame);
  }
}
