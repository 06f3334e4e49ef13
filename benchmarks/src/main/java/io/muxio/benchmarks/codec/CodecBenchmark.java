package io.muxio.benchmarks.codec;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A value to a byte array and back, in each format. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class CodecBenchmark {
  /** What is encoded. */
  @Param public Shape shape;

  /** How. */
  @Param public FormatName format;

  private Format current;
  private byte[] encoded;

  /** Makes sure that what is measured works. */
  @Setup
  public void encodeOnce() throws Exception {
    current = format.of(shape);
    encoded = current.encode();
    if (!current.isValue(current.decode(encoded), shape)) {
      throw new IllegalStateException(format + " does not give back " + shape);
    }
  }

  /** A value to a new array. */
  @Benchmark
  public byte[] encode() throws Exception {
    return current.encode();
  }

  /** An array to a new value. */
  @Benchmark
  public Object decode() throws Exception {
    return current.decode(encoded);
  }
}
