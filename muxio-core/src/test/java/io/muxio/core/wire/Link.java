package io.muxio.core.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.muxio.core.frame.CoreLimits;
import io.muxio.core.frame.FrameFormat;
import io.muxio.core.frame.IdSpace;
import io.muxio.core.rpc.PendingCall;
import io.muxio.core.rpc.RpcDispatcher;
import io.muxio.core.rpc.SessionConfig;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One end of a connection with bytes in and bytes out. Closing it checks that the end has given
 * back all memory: each link has an allocator of its own that counts.
 */
public final class Link implements AutoCloseable {
  private final UnpooledByteBufAllocator allocator;
  private final RecordingRouter router = new RecordingRouter();
  private final List<RecordingListener> answers = new ArrayList<>();
  private final List<byte[]> sent = new ArrayList<>();
  private final RpcDispatcher dispatcher;

  private Link(SessionConfig config, UnpooledByteBufAllocator allocator) {
    this.allocator = allocator;
    this.dispatcher = new RpcDispatcher(config, this::send, router);
  }

  /** A server that tells the generation from the first message. */
  public static Link server() {
    return server(config -> config);
  }

  public static Link server(UnaryOperator<SessionConfig> change) {
    return of(IdSpace.SERVER, null, change);
  }

  public static Link server(CoreLimits.Builder limits) {
    return server(config -> config.withLimits(limits.build()));
  }

  public static Link client(FrameFormat format, UnaryOperator<SessionConfig> change) {
    return of(IdSpace.CLIENT, format, change);
  }

  public static Link client() {
    return client(FrameFormat.GENERATION_13, config -> config);
  }

  public static Link of(
      IdSpace ids, @Nullable FrameFormat format, UnaryOperator<SessionConfig> change) {
    return of(ids, format, change, new UnpooledByteBufAllocator(false));
  }

  /** Without Netty's leak records: for tests of thousands of cases. */
  public static Link fast(
      IdSpace ids, @Nullable FrameFormat format, UnaryOperator<SessionConfig> change) {
    return of(ids, format, change, new UnpooledByteBufAllocator(false, true));
  }

  private static Link of(
      IdSpace ids,
      @Nullable FrameFormat format,
      UnaryOperator<SessionConfig> change,
      UnpooledByteBufAllocator allocator) {
    SessionConfig config =
        new SessionConfig(
            ids,
            format,
            0,
            SessionConfig.DEFAULT_CHUNK_SIZE,
            SessionConfig.DEFAULT_MAX_OUTGOING_MESSAGE,
            CoreLimits.DEFAULT,
            allocator,
            () -> 0,
            () -> 0);
    return new Link(change.apply(config), allocator);
  }

  private void send(ByteBuf message) {
    assertThat(message.isReadable()).as("no empty message").isTrue();
    sent.add(ByteBufUtil.getBytes(message));
    message.release();
  }

  public RpcDispatcher dispatcher() {
    return dispatcher;
  }

  public RecordingRouter router() {
    return router;
  }

  /** Receives each argument as one message. */
  public void receive(byte[]... messages) {
    for (byte[] message : messages) {
      receivePart(message, true);
    }
  }

  public void receivePart(byte[] part, boolean endOfMessage) {
    ByteBuf lent = buffer(part);
    try {
      dispatcher.session().receive(lent, endOfMessage);
      assertThat(lent.isReadable()).as("bytes left unread").isFalse();
    } finally {
      if (lent.refCnt() == 1) {
        lent.setIndex(0, 0).writeZero(part.length); // lent bytes that nobody kept are gone
      }
      lent.release();
    }
  }

  /** A buffer of this link's allocator. */
  public ByteBuf buffer(byte[] bytes) {
    ByteBuf buffer =
        (bytes.length & 1) == 0
            ? allocator.directBuffer(bytes.length)
            : allocator.heapBuffer(bytes.length);
    return buffer.writeBytes(bytes);
  }

  /** Calls the peer; the listener is released with the link. */
  public PendingCall call(long method, byte[] parameters, RecordingListener listener) {
    answers.add(listener);
    return dispatcher.call(method, buffer(parameters), listener);
  }

  public RecordingListener call(long method, byte[] parameters) {
    RecordingListener listener = new RecordingListener();
    call(method, parameters, listener);
    return listener;
  }

  /** The messages that were sent since the last time. */
  public List<byte[]> flush() {
    dispatcher.session().flush();
    return sent();
  }

  /** The same without a flush. */
  public List<byte[]> sent() {
    List<byte[]> messages = List.copyOf(sent);
    sent.clear();
    return messages;
  }

  /** The frames that were sent since the last time, in one line each. */
  public List<String> flushSummaries(int headerSize) {
    return Wire.frames(headerSize, Wire.concat(flush())).stream().map(WireFrame::summary).toList();
  }

  public long bufferedBytes() {
    return dispatcher.session().bufferedBytes();
  }

  /** Bytes of memory that this link has not given back, whoever holds them. */
  public long memory() {
    return allocator.metric().usedDirectMemory() + allocator.metric().usedHeapMemory();
  }

  /** Closes the dispatcher, gives back what was recorded, and checks that nothing is left. */
  @Override
  public void close() {
    dispatcher.close(new IllegalStateException("the test is over"));
    router.release();
    answers.forEach(RecordingListener::release);
    assertThat(bufferedBytes()).as("bytes still charged after the end").isZero();
    assertThat(memory()).as("bytes of memory not given back").isZero();
  }
}
