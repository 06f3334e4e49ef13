package io.muxio.bitcode;

import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedArrayType;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/**
 * A type where it is written, which is where annotations can be.
 *
 * @param annotated the same with its annotations, null if they are not known
 */
record TypePlace(Type type, @Nullable AnnotatedType annotated) {
  static TypePlace of(AnnotatedType annotated) {
    return new TypePlace(annotated.getType(), annotated);
  }

  static TypePlace of(Type type) {
    return new TypePlace(type, null);
  }

  Annotation[] annotations() {
    return annotated == null ? new Annotation[0] : annotated.getAnnotations();
  }

  /** An argument of a parameterized type. */
  TypePlace argument(int index) {
    return annotated instanceof AnnotatedParameterizedType parameterized
        ? of(parameterized.getAnnotatedActualTypeArguments()[index])
        : of(((ParameterizedType) type).getActualTypeArguments()[index]);
  }

  /** What an array consists of, null if this is no array. */
  @Nullable TypePlace element() {
    if (annotated instanceof AnnotatedArrayType array) {
      return of(array.getAnnotatedGenericComponentType());
    }
    if (type instanceof GenericArrayType array) {
      return of(array.getGenericComponentType());
    }
    return type instanceof Class<?> c && c.isArray() ? of(c.getComponentType()) : null;
  }
}
