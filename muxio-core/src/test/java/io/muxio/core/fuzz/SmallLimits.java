package io.muxio.core.fuzz;

import io.muxio.core.frame.CoreLimits;

/** Limits that a few frames reach. */
final class SmallLimits {
  private SmallLimits() {}

  static CoreLimits of(int mode, int maxSequenceGap) {
    return CoreLimits.builder()
        .maxFramePayload((mode & 4) == 0 ? 1000 : 200)
        .maxStreams((mode & 8) == 0 ? 6 : 3)
        .maxSequenceGap(maxSequenceGap)
        .maxInboundCalls((mode & 16) == 0 ? 4 : 2)
        .maxPendingCalls((mode & 32) == 0 ? 4 : 2)
        .maxRequestSize((mode & 64) == 0 ? 500 : 100)
        .maxResponseSize((mode & 64) == 0 ? 500 : 100)
        .maxBufferedBytes((mode & 128) == 0 ? 5000 : 400)
        .maxStreamBufferedBytes((mode & 64) == 0 ? 2000 : 400)
        .maxAbandonedCalls((mode & 16) == 0 ? 6 : 2)
        .build();
  }
}
