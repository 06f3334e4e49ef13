package io.muxio.rpc.typed;

import io.muxio.rpc.service.BitcodeCodecFactory;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.CodecFactory;
import io.muxio.rpc.service.RpcCodec;
import io.netty.buffer.ByteBuf;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Method;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The codecs of a method's types, by the factory that was chosen for it. */
record TypeCodecs(CodecFactory factory) {
  static TypeCodecs of(Class<?> api, Method method) {
    RpcCodec chosen = annotation(method, method.getDeclaringClass(), api);
    return new TypeCodecs(chosen == null ? new BitcodeCodecFactory() : make(chosen.value()));
  }

  private static @Nullable RpcCodec annotation(AnnotatedElement... nearestFirst) {
    for (AnnotatedElement element : nearestFirst) {
      RpcCodec annotation = element.getAnnotation(RpcCodec.class);
      if (annotation != null) {
        return annotation;
      }
    }
    return null;
  }

  private static CodecFactory make(Class<? extends CodecFactory> type) {
    try {
      return type.getConstructor().newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException(
          "@RpcCodec(" + type.getName() + ") cannot be made: " + e, e);
    }
  }

  /** Lone bytes travel as they are. */
  Codec<Object> value(AnnotatedType type) {
    if (type.getType() == byte[].class) {
      return untyped(Codec.bytes());
    }
    if (type.getType() == ByteBuf.class) {
      return untyped(Codec.byteBuf());
    }
    return untyped(factory.codec(type));
  }

  Codec<Object[]> parameters(List<AnnotatedType> types) {
    return switch (types.size()) {
      case 0 -> ParametersCodec.NONE;
      case 1 -> ParametersCodec.one(value(types.get(0)));
      default -> factory.parameters(types);
    };
  }

  /** Whether values of the codec are bytes as they are. */
  static boolean isRaw(Codec<?> codec) {
    return codec == (Codec<?>) Codec.bytes() || codec == (Codec<?>) Codec.byteBuf();
  }

  /** For values that are known to have the type: those of a call of the method. */
  @SuppressWarnings("unchecked")
  static Codec<Object> untyped(Codec<?> codec) {
    return (Codec<Object>) codec;
  }
}
