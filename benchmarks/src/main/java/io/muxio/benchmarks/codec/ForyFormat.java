package io.muxio.benchmarks.codec;

import org.apache.fory.Fory;

/** Apache Fory between Java programs, with code generation, as it is by default. */
final class ForyFormat extends Format {
  private final Fory fory =
      Fory.builder().requireClassRegistration(true).withRefTracking(false).build();
  private final Object value;

  ForyFormat(Shape shape) {
    fory.register(Reading.class);
    fory.register(Item.class);
    value = valueOf(shape);
  }

  @Override
  byte[] encode() {
    return fory.serialize(value);
  }

  @Override
  Object decode(byte[] bytes) {
    return fory.deserialize(bytes);
  }
}
