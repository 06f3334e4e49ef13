package io.muxio.bitcode;

/** Reads what {@link LengthWriter} writes. */
final class LengthReader {
  /** The format's own bound for the sum of the lengths of a column. */
  private static final long HUGE = (1L << 51) - 1;

  private byte[] small = GrowingBytes.EMPTY;
  private long[] large = GrowingLongs.EMPTY;
  private int nextSmall;
  private int nextLarge;

  /**
   * Reads the lengths of {@code count} containers.
   *
   * @return their sum, below 2^51
   */
  long load(Input in, int count) {
    small = BytePacking.read(in, count);
    long sum = 0;
    int escapes = 0;
    for (byte length : small) {
      if (length == (byte) LengthWriter.ESCAPE) {
        escapes++;
      } else {
        sum += length & 0xff;
      }
    }
    large = LongPacking.read(in, escapes);
    for (long length : large) {
      if (length < 0 || length >= HUGE - sum) {
        throw new BitcodeException("lengths add up to 2^51 - 1 or more, expected less");
      }
      sum += length;
    }
    return sum;
  }

  /** The next length; the caller has made sure that the sum is an {@code int}. */
  int next() {
    int length = small[nextSmall++] & 0xff;
    return length == LengthWriter.ESCAPE ? (int) large[nextLarge++] : length;
  }
}
