package io.muxio.rpc.service;

import io.muxio.bitcode.Bitcode;
import io.muxio.bitcode.BitcodeCodec;
import io.muxio.bitcode.Field;
import io.muxio.bitcode.Structs;
import java.lang.reflect.AnnotatedType;
import java.util.ArrayList;
import java.util.List;

/** Codecs that bitcode derives from types. */
final class BitcodeFactory implements CodecFactory {
  static final BitcodeFactory INSTANCE = new BitcodeFactory();

  private BitcodeFactory() {}

  @Override
  public Codec<?> codec(AnnotatedType type) {
    return Codec.bitcode(Bitcode.codec(type));
  }

  @Override
  public Codec<Object[]> parameters(List<AnnotatedType> types) {
    List<Field<Object[], ?>> fields = new ArrayList<>(types.size());
    for (int index = 0; index < types.size(); index++) {
      fields.add(parameter(index, types.get(index)));
    }
    return Codec.bitcode(Structs.struct(values -> values, fields));
  }

  private static Field<Object[], Object> parameter(int index, AnnotatedType type) {
    @SuppressWarnings("unchecked") // it is given values of its type only
    BitcodeCodec<Object> codec = (BitcodeCodec<Object>) Bitcode.codec(type);
    return Structs.field("parameter " + (index + 1), values -> values[index], codec);
  }
}
