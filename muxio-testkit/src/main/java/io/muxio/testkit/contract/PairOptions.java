package io.muxio.testkit.contract;

import io.muxio.core.frame.CoreLimits;
import io.muxio.core.frame.FrameFormat;
import java.time.Duration;

/**
 * How the two ends of a test are to be connected. Immutable.
 *
 * @param format the generation that the client speaks
 * @param extension whether the ends speak the extension {@code muxio.x1}
 * @param limits the bounds of both ends
 * @param readerTimeout how long the reader of a stream may hold up its connection
 */
public record PairOptions(
    FrameFormat format, boolean extension, CoreLimits limits, Duration readerTimeout) {
  /** The newer generation, the default limits, and time enough for readers that wait for a test. */
  public static final PairOptions DEFAULT =
      new PairOptions(FrameFormat.GENERATION_13, true, CoreLimits.DEFAULT, Duration.ofSeconds(30));

  /** The same with another generation. */
  PairOptions with(FrameFormat format) {
    return new PairOptions(format, extension, limits, readerTimeout);
  }

  /** The same with or without the extension. */
  PairOptions withExtension(boolean extension) {
    return new PairOptions(format, extension, limits, readerTimeout);
  }

  /** The same with other bounds. */
  PairOptions with(CoreLimits.Builder limits) {
    return new PairOptions(format, extension, limits.build(), readerTimeout);
  }

  /** The same with another time for readers. */
  PairOptions withReaderTimeout(Duration readerTimeout) {
    return new PairOptions(format, extension, limits, readerTimeout);
  }
}
