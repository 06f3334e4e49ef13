package io.muxio.bitcode;

/**
 * The column of the lengths of containers: a byte each, and a {@code u64} behind them if larger.
 */
final class LengthWriter {
  /** The byte that stands for a length in the second column. */
  static final int ESCAPE = 255;

  private final GrowingBytes small = new GrowingBytes();
  private final GrowingLongs large = new GrowingLongs();

  void add(int length) {
    small.add((byte) Math.min(length, ESCAPE));
    if (length >= ESCAPE) {
      large.add(length);
    }
  }

  void expect(int more) {
    small.expect(more);
  }

  void flush(Output out) {
    BytePacking.write(out, small.array(), small.size(), false);
    LongPacking.write(out, large.array(), large.size(), false);
  }
}
