package io.muxio.examples.datastore;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** Tells once a second how many bytes went by, and how fast. For one thread. */
final class ProgressLine {
  private static final long INTERVAL_NANOS = Duration.ofSeconds(1).toNanos();
  private static final double NANOS_PER_SECOND = 1e9;
  private static final double KILO = 1e3;
  private static final List<String> UNITS = List.of("B", "kB", "MB", "GB", "TB");

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
                  Locale.ROOT,
                  " of %s (%d %%)",
                  size((double) total),
                  Math.min(100, bytes * 100 / total));
      output.println(size((double) bytes) + share + ", " + rate(now));
      output.flush();
    }
  }

  /** Such as {@code 12.3 MB in 0.4 s, 30.8 MB/s}. */
  String summary() {
    long now = System.nanoTime();
    return String.format(
        Locale.ROOT, "%s in %.1f s, %s", size((double) bytes), seconds(now), rate(now));
  }

  private double seconds(long now) {
    return Math.max(1, now - start) / NANOS_PER_SECOND;
  }

  private String rate(long now) {
    return size(bytes / seconds(now)) + "/s";
  }

  private static String size(double bytes) {
    int unit = 0;
    double value = bytes;
    while (value >= KILO && unit < UNITS.size() - 1) {
      value /= KILO;
      unit++;
    }
    return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", value, UNITS.get(unit));
  }
}
