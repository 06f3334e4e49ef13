package io.muxio.core.rpc;

import io.muxio.core.frame.CoreLimits;
import io.muxio.core.frame.FrameFormat;
import io.muxio.core.frame.IdSpace;
import io.netty.buffer.ByteBufAllocator;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What a connection's protocol state needs to know at its beginning.
 *
 * @param idSpace the half of the ids that this end allocates
 * @param format the peer's generation, or null to tell it from its first message
 * @param firstId where stream and request ids start within their half
 * @param chunkSize bytes of payload in one outgoing frame at most; 1 or more. Published receivers
 *     take any size and send 65,536
 * @param maxOutgoingMessage bytes of an outgoing message of several frames; a larger frame goes
 *     alone
 * @param limits bounds what the peer can make grow
 * @param allocator where messages are built and payloads kept
 * @param clockMicros wall clock in microseconds since 1970, for the 21-byte header
 * @param nanoClock as {@link System#nanoTime()}, for how long the peer waits for its calls
 */
public record SessionConfig(
    IdSpace idSpace,
    @Nullable FrameFormat format,
    int firstId,
    int chunkSize,
    int maxOutgoingMessage,
    CoreLimits limits,
    ByteBufAllocator allocator,
    LongSupplier clockMicros,
    LongSupplier nanoClock) {

  /** The chunk size that every published peer uses: 64 KiB. */
  public static final int DEFAULT_CHUNK_SIZE = 1 << 16;

  /** Room for a full chunk and its header, and for a few hundred small answers. */
  public static final int DEFAULT_MAX_OUTGOING_MESSAGE = DEFAULT_CHUNK_SIZE + 64;

  /**
   * Servers up to 0.13 count their ids from 0, too, and take a call that has the id of one of their
   * own for its answer: among them a client begins where they do not come.
   */
  private static final int FIRST_ID_AMONG_OLD_PEERS = 1 << 30;

  /**
   * Checks the ranges.
   *
   * @param idSpace see the record
   * @param format see the record
   * @param firstId see the record
   * @param chunkSize see the record
   * @param maxOutgoingMessage see the record
   * @param limits see the record
   * @param allocator see the record
   * @param clockMicros see the record
   * @param nanoClock see the record
   * @throws IllegalArgumentException where a value is out of its range
   */
  public SessionConfig {
    if (chunkSize < 1) {
      throw new IllegalArgumentException("chunkSize: " + chunkSize + " (expected: 1 or more)");
    }
    if (maxOutgoingMessage < 1) {
      throw new IllegalArgumentException(
          "maxOutgoingMessage: " + maxOutgoingMessage + " (expected: 1 or more)");
    }
  }

  /**
   * The defaults for a server: the generation is told from the client's first message.
   *
   * @param allocator where messages are built and payloads kept
   * @param clockMicros wall clock in microseconds since 1970
   * @return the configuration
   */
  public static SessionConfig server(ByteBufAllocator allocator, LongSupplier clockMicros) {
    return of(IdSpace.SERVER, null, allocator, clockMicros);
  }

  /**
   * The defaults for a client, which has to know what its server speaks.
   *
   * @param format the server's generation
   * @param allocator where messages are built and payloads kept
   * @param clockMicros wall clock in microseconds since 1970
   * @return the configuration
   */
  public static SessionConfig client(
      FrameFormat format, ByteBufAllocator allocator, LongSupplier clockMicros) {
    return of(IdSpace.CLIENT, format, allocator, clockMicros);
  }

  /**
   * The defaults for either end.
   *
   * @param idSpace the half of the ids that the end allocates
   * @param format the peer's generation, or null to tell it from its first message
   * @param allocator where messages are built and payloads kept
   * @param clockMicros wall clock in microseconds since 1970
   * @return the configuration
   */
  public static SessionConfig of(
      IdSpace idSpace,
      @Nullable FrameFormat format,
      ByteBufAllocator allocator,
      LongSupplier clockMicros) {
    boolean isClient = idSpace == IdSpace.CLIENT;
    return new SessionConfig(
        idSpace,
        format,
        isClient && format == FrameFormat.GENERATION_21 ? FIRST_ID_AMONG_OLD_PEERS : 0,
        DEFAULT_CHUNK_SIZE,
        DEFAULT_MAX_OUTGOING_MESSAGE,
        CoreLimits.DEFAULT,
        allocator,
        clockMicros,
        System::nanoTime);
  }

  /**
   * The same with other limits.
   *
   * @param limits bounds what the peer can make grow
   * @return a copy
   */
  public SessionConfig withLimits(CoreLimits limits) {
    return new SessionConfig(
        idSpace,
        format,
        firstId,
        chunkSize,
        maxOutgoingMessage,
        limits,
        allocator,
        clockMicros,
        nanoClock);
  }

  /**
   * The same with another chunk size.
   *
   * @param chunkSize bytes, 1 or more
   * @return a copy
   */
  public SessionConfig withChunkSize(int chunkSize) {
    return new SessionConfig(
        idSpace,
        format,
        firstId,
        chunkSize,
        maxOutgoingMessage,
        limits,
        allocator,
        clockMicros,
        nanoClock);
  }

  /**
   * The same with ids that start elsewhere.
   *
   * @param firstId the first stream and request id; the high bit is put right
   * @return a copy
   */
  public SessionConfig withFirstId(int firstId) {
    return new SessionConfig(
        idSpace,
        format,
        firstId,
        chunkSize,
        maxOutgoingMessage,
        limits,
        allocator,
        clockMicros,
        nanoClock);
  }

  /**
   * The same with another clock for what the peer waits for.
   *
   * @param nanoClock as {@link System#nanoTime()}
   * @return a copy
   */
  public SessionConfig withNanoClock(LongSupplier nanoClock) {
    return new SessionConfig(
        idSpace,
        format,
        firstId,
        chunkSize,
        maxOutgoingMessage,
        limits,
        allocator,
        clockMicros,
        nanoClock);
  }
}
