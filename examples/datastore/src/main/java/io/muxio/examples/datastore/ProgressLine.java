package io.muxio.examples.datastore;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

/** Tells once a second how many bytes went by, and how fast. For one thread. */
final class ProgressLine {
  private static final long INTERVAL_NANOS = Duration.ofSeconds(1).toNanos();
  private static final double NANOS_PER_SECOND = 1e9;
  private static final double MEGABYTE = 1e6;

  private final PrintWriter output;

  /** What there is in all, or 0 where that is not known. */
  private final long total;

  private final long start = System.nanoTime();
  private long told = start;
  private long bytes;

  ProgressLine(PrintWriter output, long total) {
    this.output = output;
    this.total = total;
  }

  InputStream counted(InputStream source) {
    return new FilterInputStream(source) {
      @Override
      public int read() throws IOException {
        int value = super.read();
        add(value < 0 ? 0 : 1);
        return value;
      }

      @Override
      public int read(byte[] target, int offset, int length) throws IOException {
        int read = super.read(target, offset, length);
        add(Math.max(0, read));
        return read;
      }
    };
  }

  OutputStream counted(OutputStream target) {
    return new FilterOutputStream(target) {
      @Override
      public void write(int value) throws IOException {
        out.write(value);
        add(1);
      }

      @Override
      public void write(byte[] source, int offset, int length) throws IOException {
        out.write(source, offset, length);
        add(length);
      }
    };
  }

  private void add(int count) {
    bytes += count;
    long now = System.nanoTime();
    if (now - told >= INTERVAL_NANOS) {
      told = now;
      String share =
          total == 0
              ? ""
              : String.format(
                  Locale.ROOT, " of %.1f (%d %%)", total / MEGABYTE, bytes * 100 / total);
      output.printf(
          Locale.ROOT,
          "%.1f%s MB, %.1f MB/s%n",
          bytes / MEGABYTE,
          share,
          bytes / MEGABYTE / seconds(now));
      output.flush();
    }
  }

  private double seconds(long now) {
    return Math.max(1, now - start) / NANOS_PER_SECOND;
  }

  /** Such as {@code 12.3 MB in 0.4 s, 30.8 MB/s}. */
  String summary() {
    double seconds = seconds(System.nanoTime());
    return String.format(
        Locale.ROOT,
        "%.1f MB in %.1f s, %.1f MB/s",
        bytes / MEGABYTE,
        seconds,
        bytes / MEGABYTE / seconds);
  }
}
