package io.muxio.benchmarks.codec;

import io.muxio.bitcode.Bitcode;
import io.muxio.bitcode.BitcodeCodec;
import io.muxio.bitcode.Structs;
import java.util.List;

/** Bitcode. */
final class BitcodeFormat extends Format {
  private static final BitcodeCodec<Reading> READING =
      Structs.struct(
          Reading::new,
          Structs.field("sensor", Reading::sensor, Bitcode.u16()),
          Structs.field("seconds", Reading::seconds, Bitcode.u32()),
          Structs.field("value", Reading::value, Bitcode.f64()),
          Structs.field("quality", Reading::quality, Bitcode.u8()),
          Structs.field("valid", Reading::valid, Bitcode.bool()));
  private static final BitcodeCodec<double[]> SAMPLES = Bitcode.f64Array();
  private static final BitcodeCodec<List<Item>> ITEMS =
      Bitcode.list(
          Structs.struct(
              Item::new,
              Structs.field("id", Item::id, Bitcode.u64()),
              Structs.field("cents", Item::cents, Bitcode.u32()),
              Structs.field("name", Item::name, Bitcode.string())));

  private final BitcodeCodec<Object> codec;
  private final Object value;

  @SuppressWarnings("unchecked") // the value is of the codec's type
  BitcodeFormat(Shape shape) {
    value = valueOf(shape);
    codec =
        (BitcodeCodec<Object>)
            switch (shape) {
              case RECORD -> (BitcodeCodec<?>) READING;
              case DOUBLES -> (BitcodeCodec<?>) SAMPLES;
              case LIST -> (BitcodeCodec<?>) ITEMS;
            };
  }

  @Override
  byte[] encode() {
    return codec.encode(value);
  }

  @Override
  Object decode(byte[] bytes) {
    return codec.decode(bytes);
  }
}
