package io.muxio.core.rpc;

import io.muxio.core.frame.ByteBudget;
import io.muxio.core.frame.FrameDecoder;
import io.muxio.core.frame.FrameFormat;
import io.muxio.core.frame.FrameKind;
import io.muxio.core.frame.FrameStreamEncoder;
import io.muxio.core.frame.FrameWriter;
import io.muxio.core.frame.IdSpace;
import io.muxio.core.frame.MessageSink;
import io.muxio.core.frame.ProtocolException;
import io.muxio.core.frame.StreamReassembler;
import io.muxio.core.frame.Turn;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.util.IllegalReferenceCountException;
import it.unimi.dsi.fastutil.ints.Int2ObjectLinkedOpenHashMap;
import it.unimi.dsi.fastutil.ints.IntOpenHashSet;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * One connection's streams: bytes to streams that begin with an RPC header, and back. Used on the
 * connection's thread only. {@link RpcDispatcher} makes it and gives the streams their meaning.
 */
public final class RpcSession {
  /** The extension, as the WebSocket subprotocol by which it is negotiated. */
  public static final String EXTENSION = "muxio.x1";

  /** After so many calls of {@link #releaseStalled()} a reader that took nothing is let out. */
  public static final int STALL_ROUNDS = 4;

  /**
   * So many streams at most are looked at for each that is opened, when half the places are taken.
   */
  private static final int LOOKS_PER_STREAM = 16;

  private final SessionConfig config;
  private final RpcStreamAcceptor acceptor;
  private final ByteBudget budget;
  private final InboundCongestion congestion;
  private final FrameDecoder decoder;
  private final FrameWriter frames;
  private final IdSpace.Counter streamIds;
  private final IntOpenHashSet openWriters = new IntOpenHashSet();

  /** Those that were looked at longest ago first. */
  private Int2ObjectLinkedOpenHashMap<RpcStreamDecoder> streams =
      new Int2ObjectLinkedOpenHashMap<>();

  private @Nullable Extension extension;
  private boolean received;

  RpcSession(SessionConfig config, MessageSink sink, RpcStreamAcceptor acceptor) {
    this.config = config;
    this.acceptor = acceptor;
    this.budget = new ByteBudget(config.limits().maxBufferedBytes());
    this.congestion = new InboundCongestion(budget, config.limits());
    this.decoder =
        new FrameDecoder(
            config.format(), config.limits(), budget, config.allocator(), this::onFrame);
    this.frames =
        new FrameWriter(
            config.allocator(), config.maxOutgoingMessage(), config.clockMicros(), sink);
    this.streamIds = config.idSpace().counter(config.firstId());
    if (config.format() != null) {
      frames.use(config.format());
    }
    if (config.idSpace() == IdSpace.CLIENT) {
      frames.beginWithOneFrame();
    }
  }

  /**
   * Speaks the extension muxio.x1, because both ends have negotiated it; to be called once, before
   * anything is received. The generation is 13 from here on, and the settings are written.
   *
   * @throws IllegalStateException where the peer's generation is known to be another
   */
  public void extend() {
    decoder.extend();
    frames.use(FrameFormat.GENERATION_13);
    congestion.credited();
    extension = new Extension(frames, config.nanoClock(), acceptor);
    extension.sendSettings(config.limits());
    acceptor.onWritable();
  }

  /**
   * Whether both ends speak the extension.
   *
   * @return false before {@link #extend()}
   */
  public boolean isExtended() {
    return extension != null;
  }

  /** Where {@link #isExtended()}. */
  Extension extension() {
    if (extension == null) {
      throw new IllegalStateException("the extension was not negotiated");
    }
    return extension;
  }

  int creditFrom() {
    return congestion.creditFrom();
  }

  /**
   * Tells the peer to make no more calls here, where it speaks the extension.
   *
   * @param reason text for people, 1,024 bytes of UTF-8 at most
   */
  public void sendGoAway(String reason) {
    if (extension != null) {
      extension.sendGoAway(reason);
    }
  }

  /**
   * Takes the next bytes from the peer.
   *
   * @param bytes lent, read to their end
   * @param endOfMessage whether a message ends with them
   * @throws ProtocolException (connection scope) where the connection has to end
   */
  public void receive(ByteBuf bytes, boolean endOfMessage) {
    receive(bytes, endOfMessage, Turn.endless());
  }

  /**
   * Takes the next bytes from the peer, until the turn is over.
   *
   * @param bytes lent
   * @param endOfMessage whether a message ends with them
   * @param turn counts what is done
   * @return false where something is left, so that this method has to be called with the same bytes
   *     again, before any others
   * @throws ProtocolException (connection scope) where the connection has to end
   */
  public boolean receive(ByteBuf bytes, boolean endOfMessage, Turn turn) {
    return decoder.decode(bytes, endOfMessage, turn);
  }

  /** Hands what was written to the transport, in as few messages as its size allows. */
  public void flush() {
    frames.flush();
  }

  /**
   * The peer's generation.
   *
   * @return null until its first message has come, where it was not configured
   */
  public @Nullable FrameFormat format() {
    return decoder.format();
  }

  /**
   * Whether the peer has ever sent a frame.
   *
   * @return false until its first one has come whole
   */
  public boolean hasReceived() {
    return received;
  }

  /**
   * How many inbound streams have not ended.
   *
   * @return 0 to {@link io.muxio.core.frame.CoreLimits#maxStreams()}
   */
  public int openStreams() {
    return streams.size();
  }

  /**
   * How many bytes are held for the peer.
   *
   * @return 0 to {@link io.muxio.core.frame.CoreLimits#maxBufferedBytes()}
   */
  public long bufferedBytes() {
    return budget.used();
  }

  /**
   * Whether so much waits for the readers of inbound streams that nothing more should be read from
   * the peer until they have caught up, or {@link #releaseStalled()} gave up on them. Changes while
   * bytes are received and when a {@link StreamWindow} is told that chunks were taken.
   *
   * @return true while reading should pause
   */
  public boolean isCongested() {
    return congestion.isCongested();
  }

  /**
   * Lets readers that have taken nothing for {@link #STALL_ROUNDS} calls of this method congest the
   * connection no longer, so that one that is stuck holds up nobody: not the connection's other
   * calls, and not an answer that the reader itself waits for. To be called at intervals while
   * reading pauses.
   */
  public void releaseStalled() {
    congestion.releaseStalled();
  }

  StreamWindow newWindow() {
    return new StreamWindow(congestion);
  }

  /**
   * Takes and sends nothing any more.
   *
   * @return the streams, whose buffers are to be released; their listeners are the dispatcher's to
   *     tell
   */
  Iterator<RpcStreamDecoder> close() {
    decoder.close();
    frames.close();
    Iterator<RpcStreamDecoder> left = streams.values().iterator();
    streams = new Int2ObjectLinkedOpenHashMap<>();
    return left;
  }

  /**
   * Half a frame would spoil the whole connection, so a dead buffer is found before it is begun.
   */
  static void checkAlive(ByteBuf payload) {
    if (payload.refCnt() == 0) {
      throw new IllegalReferenceCountException("a payload to send was released already");
    }
  }

  /** Opens a stream of chunks and sends its header; the metadata and the chunk are taken over. */
  RpcStreamWriter open(RpcHeader header, ByteBuf firstChunk, Runnable onCredit) {
    checkAlive(firstChunk);
    SendWindow window = extension == null ? null : extension.openWindow(onCredit);
    RpcStreamWriter writer = newWriter(window);
    writer.openStream(header, firstChunk);
    openWriters.add(writer.streamId());
    return writer;
  }

  /** Sends a whole stream; the metadata and the payload are taken over. */
  void send(RpcHeader header, ByteBuf payload) {
    checkAlive(payload);
    RpcStreamWriter writer = newWriter(null);
    writer.open(header, payload);
    writer.end();
  }

  private RpcStreamWriter newWriter(@Nullable SendWindow window) {
    int streamId = streamIds.next(openWriters::contains);
    FrameStreamEncoder stream = new FrameStreamEncoder(streamId, config.chunkSize(), frames);
    return new RpcStreamWriter(this, stream, window);
  }

  void forget(RpcStreamWriter writer) {
    openWriters.remove(writer.streamId());
  }

  boolean canWrite() {
    return frames.format() != null;
  }

  SessionConfig config() {
    return config;
  }

  ByteBudget budget() {
    return budget;
  }

  ByteBufAllocator allocator() {
    return config.allocator();
  }

  StreamReassembler newOrder() {
    return new StreamReassembler(config.limits().maxSequenceGap(), budget, config.allocator());
  }

  RpcStreamListener accept(RpcHeader header) {
    return acceptor.onStream(header);
  }

  /** Keeps all readable bytes of a lent buffer. */
  ByteBuf keep(ByteBuf lent) {
    return keepPart(lent, lent.readableBytes());
  }

  /**
   * Keeps the next bytes of a lent buffer: a slice where they are most of its memory, else a copy,
   * so that a few bytes never keep a large message alive.
   */
  ByteBuf keepPart(ByteBuf lent, int length) {
    if (length == 0) {
      return Unpooled.EMPTY_BUFFER;
    }
    return length >= lent.capacity() / 2
        ? lent.readRetainedSlice(length)
        : config.allocator().buffer(length).writeBytes(lent, length);
  }

  private void onFrame(int streamId, int sequence, FrameKind kind, ByteBuf payload) {
    received = true;
    if (frames.format() == null && decoder.format() != null) {
      frames.use(decoder.format());
      acceptor.onWritable();
    }
    if (extension != null) {
      extension.checkPlace(kind);
    }
    switch (kind) {
      case OPEN, DATA, END, CANCEL -> onStreamFrame(streamId, sequence, kind, payload);
      case PING -> {
        frames.start(streamId, sequence, FrameKind.PONG, payload.readableBytes());
        frames.append(keep(payload));
      }
      case PONG -> {}
      case SETTINGS, HEADERS, CREDIT, ABANDON, GOAWAY ->
          extension().onFrame(kind, streamId, payload);
    }
  }

  private void onStreamFrame(int streamId, int sequence, FrameKind kind, ByteBuf payload) {
    RpcStreamDecoder stream = streams.get(streamId);
    if (stream == null || (kind == FrameKind.OPEN && stream.isDiscarding())) {
      if (kind == FrameKind.CANCEL) {
        return; // of a stream that is over
      }
      streams.remove(streamId);
      stream = newStream(streamId);
    }
    try {
      stream.onFrame(sequence, kind, payload);
    } catch (ProtocolException e) {
      if (e.scope() == ProtocolException.Scope.CONNECTION) {
        throw e;
      }
      stream.fail(e);
      acceptor.onStreamFailure(streamId, e);
    }
    if (stream.isDone()) {
      streams.remove(streamId, stream);
    }
  }

  /**
   * Makes room of answers that nobody waits for: a few looks for each stream that is opened, so
   * that all are looked at in turn and no frame costs more than another.
   */
  private void forgetAnswersLetGo() {
    for (int looks = Math.min(LOOKS_PER_STREAM, streams.size()); looks > 0; looks--) {
      int streamId = streams.firstIntKey();
      RpcStreamDecoder stream = streams.getAndMoveToLast(streamId);
      if (stream.isLetGo()) {
        stream.close();
        streams.removeLast();
      }
    }
  }

  private RpcStreamDecoder newStream(int streamId) {
    int most = config.limits().maxStreams();
    if (streams.size() >= most / 2) {
      forgetAnswersLetGo();
    }
    if (streams.size() >= most) {
      throw ProtocolException.connection(
          ProtocolException.Reason.TOO_MANY_STREAMS,
          "more than " + most + " inbound streams at once that have not ended (maxStreams)");
    }
    RpcStreamDecoder stream = new RpcStreamDecoder(this);
    streams.put(streamId, stream);
    return stream;
  }
}
