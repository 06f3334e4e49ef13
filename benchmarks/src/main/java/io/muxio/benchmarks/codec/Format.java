package io.muxio.benchmarks.codec;

import java.util.Arrays;

/** A value of one shape in one format. */
abstract class Format {
  /** The value as its users hold it when they send it. */
  abstract byte[] encode() throws Exception;

  /** The value as its users hold it when they have received it. */
  abstract Object decode(byte[] bytes) throws Exception;

  /** Whether something that was decoded is the value. */
  boolean isValue(Object decoded, Shape shape) {
    return switch (shape) {
      case RECORD -> Shape.READING.equals(decoded);
      case DOUBLES -> Arrays.equals(Shape.SAMPLES, (double[]) decoded);
      case LIST -> Shape.ITEMS.equals(decoded);
    };
  }

  /** The value of a shape in Java's own types. */
  static Object valueOf(Shape shape) {
    return switch (shape) {
      case RECORD -> Shape.READING;
      case DOUBLES -> Shape.SAMPLES;
      case LIST -> Shape.ITEMS;
    };
  }
}
