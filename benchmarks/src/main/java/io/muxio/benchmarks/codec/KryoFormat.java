package io.muxio.benchmarks.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.util.ArrayList;

/** Kryo, with a buffer that is kept, as its manual wants it. */
final class KryoFormat extends Format {
  private static final int BUFFER = 1 << 16;

  private final Kryo kryo = new Kryo();
  private final Output output = new Output(BUFFER, -1);
  private final Input input = new Input();
  private final Class<?> type;
  private final Object value;

  KryoFormat(Shape shape) {
    kryo.register(Reading.class);
    kryo.register(double[].class);
    kryo.register(Item.class);
    kryo.register(ArrayList.class);
    value = valueOf(shape);
    type = value.getClass();
  }

  @Override
  byte[] encode() {
    output.reset();
    kryo.writeObject(output, value);
    return output.toBytes();
  }

  @Override
  Object decode(byte[] bytes) {
    input.setBuffer(bytes);
    return kryo.readObject(input, type);
  }
}
