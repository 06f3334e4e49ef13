package io.muxio.bitcode;

import static io.muxio.bitcode.Structs.field;
import static io.muxio.bitcode.Structs.struct;

import java.time.Duration;
import java.util.function.UnaryOperator;

/** {@code Duration}: seconds as {@code u64}, nanoseconds as {@code u32}. */
final class DurationCodec {
  private static final long NANOS_PER_SECOND = 1_000_000_000;

  private DurationCodec() {}

  static BitcodeCodec<Duration> of() {
    BitcodeCodec<Duration> parts =
        struct(
            DurationCodec::join,
            field("secs", DurationCodec::seconds, Bitcode.u64()),
            field("nanos", duration -> (long) duration.toNanosPart(), Bitcode.u32()));
    return new MappedCodec<>("Duration", parts, UnaryOperator.identity(), UnaryOperator.identity());
  }

  private static Duration join(long seconds, long nanos) {
    if (nanos >= NANOS_PER_SECOND) {
      throw new BitcodeException(
          "%d nanoseconds, expected less than %d".formatted(nanos, NANOS_PER_SECOND));
    }
    if (seconds < 0) {
      throw new BitcodeException(
          "%s seconds, expected at most 2^63 - 1".formatted(Long.toUnsignedString(seconds)));
    }
    return Duration.ofSeconds(seconds, nanos);
  }

  private static long seconds(Duration duration) {
    if (duration.isNegative()) {
      throw new BitcodeException(duration + ", expected 0 or more");
    }
    return duration.toSeconds();
  }
}
