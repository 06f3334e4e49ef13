package io.muxio.benchmarks.codec;

import io.muxio.bitcode.Bitcode;
import io.muxio.bitcode.BitcodeCodec;

/** Bitcode with derived codecs. */
final class BitcodeFormat extends Format {
  private final BitcodeCodec<Object> codec;
  private final Object value;

  @SuppressWarnings("unchecked") // the value is of the codec's type
  BitcodeFormat(Shape shape) {
    value = valueOf(shape);
    codec =
        (BitcodeCodec<Object>)
            switch (shape) {
              case RECORD -> (BitcodeCodec<?>) Bitcode.codec(Reading.class);
              case DOUBLES -> (BitcodeCodec<?>) Bitcode.codec(double[].class);
              case LIST -> (BitcodeCodec<?>) Bitcode.list(Bitcode.codec(Item.class));
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
