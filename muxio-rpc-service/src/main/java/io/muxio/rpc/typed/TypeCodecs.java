package io.muxio.rpc.typed;

import io.muxio.bitcode.FixedLength;
import io.muxio.rpc.service.BitcodeCodecFactory;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.CodecFactory;
import io.muxio.rpc.service.RpcCodec;
import io.netty.buffer.ByteBuf;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedArrayType;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Method;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The codecs of a method's types, by the factory that was chosen for it. */
record TypeCodecs(CodecFactory factory) {
  static TypeCodecs of(Class<?> api, Method method) {
    return new TypeCodecs(make(chosen(api, method)));
  }

  /** The factory of a method. */
  static Class<? extends CodecFactory> chosen(Class<?> api, Method method) {
    RpcCodec chosen = annotation(method, method.getDeclaringClass(), api);
    return chosen == null ? BitcodeCodecFactory.class : chosen.value();
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
      refuseForms(type);
      return untyped(Codec.bytes());
    }
    if (type.getType() == ByteBuf.class) {
      refuseForms(type);
      return untyped(Codec.byteBuf());
    }
    return untyped(factory.codec(type));
  }

  /** An annotation that chooses a form would be ignored. */
  private static void refuseForms(AnnotatedType bytes) {
    refuseForms(bytes, bytes);
    if (bytes instanceof AnnotatedArrayType array) {
      // In front of an array is where annotations of its elements are written.
      refuseForms(array.getAnnotatedGenericComponentType(), bytes);
    }
  }

  private static void refuseForms(AnnotatedElement place, AnnotatedType bytes) {
    for (Annotation annotation : place.getAnnotations()) {
      if (annotation.annotationType().getPackage() == FixedLength.class.getPackage()) {
        throw new IllegalArgumentException(
            "@"
                + annotation.annotationType().getSimpleName()
                + " on lone bytes, "
                + bytes.getType().getTypeName()
                + ", which travel as they are (expected: no annotation, or a record with such a"
                + " component)");
      }
    }
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
