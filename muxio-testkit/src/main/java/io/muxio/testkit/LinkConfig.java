package io.muxio.testkit;

import io.muxio.core.frame.CoreLimits;
import io.muxio.core.frame.FrameFormat;
import io.muxio.core.frame.IdSpace;
import io.muxio.core.rpc.SessionConfig;
import io.muxio.rpc.endpoint.CallTimeouts;
import io.netty.buffer.ByteBufAllocator;
import java.security.Principal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * What both ends of a link have in common, and who the client is, where it has a name. The
 * extension is spoken where both ends are ours and of generation 13.
 */
record LinkConfig(
    FrameFormat format,
    boolean extension,
    CoreLimits limits,
    CallTimeouts timeouts,
    Duration readerTimeout,
    Executor handlers,
    @Nullable Principal principal) {

  LinkConfig {
    extension &= format == FrameFormat.GENERATION_13;
  }

  /** Who the peer of an end is: only a server asks. */
  @Nullable Principal peerOf(IdSpace half) {
    return half == IdSpace.SERVER ? principal : null;
  }

  /** As on the wire, the server learns the generation from the client's first message. */
  SessionConfig session(IdSpace half, ByteBufAllocator allocator) {
    SessionConfig config =
        switch (half) {
          case SERVER -> SessionConfig.server(allocator, LinkConfig::wallClockMicros);
          case CLIENT -> SessionConfig.client(format, allocator, LinkConfig::wallClockMicros);
        };
    return config.withLimits(limits);
  }

  private static long wallClockMicros() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
  }
}
