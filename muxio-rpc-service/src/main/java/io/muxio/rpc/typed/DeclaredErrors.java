package io.muxio.rpc.typed;

import io.muxio.rpc.service.ApplicationException;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.ErrorType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;

/** The errors of the application that a method declares with {@code throws}. */
final class DeclaredErrors {
  private DeclaredErrors() {}

  static ErrorType<?, ?>[] of(Method method, TypeCodecs codecs) {
    List<ErrorType<?, ?>> errors = new ArrayList<>();
    for (Class<?> declared : method.getExceptionTypes()) {
      if (ApplicationException.class.isAssignableFrom(declared)) {
        errors.add(errorType(declared.asSubclass(ApplicationException.class), codecs));
      } else if (!RuntimeException.class.isAssignableFrom(declared)
          && !Error.class.isAssignableFrom(declared)) {
        throw new IllegalArgumentException(
            "throws " + declared.getName() + " (expected: an ApplicationException)");
      }
    }
    return errors.toArray(new ErrorType<?, ?>[0]);
  }

  private static <E extends ApplicationException> ErrorType<Object, E> errorType(
      Class<E> type, TypeCodecs codecs) {
    AnnotatedType data = dataOf(type);
    Constructor<E> constructor = constructor(type, data.getType());
    Codec<Object> codec =
        MethodReader.naming("the data of " + type.getName(), () -> codecs.value(data));
    return ErrorType.of(type, codec, (message, value) -> newException(constructor, message, value));
  }

  private static AnnotatedType dataOf(Class<?> type) {
    try {
      return type.getMethod("data").getAnnotatedReturnType();
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException(type + " has no data()", e); // which it inherits
    }
  }

  private static <E> Constructor<E> constructor(Class<E> type, Type data) {
    Type raw = data instanceof ParameterizedType parameterized ? parameterized.getRawType() : data;
    String expected = "public (String, " + raw.getTypeName() + ")";
    for (Class<?> outer = type; outer != null; outer = outer.getEnclosingClass()) {
      if (!Modifier.isPublic(outer.getModifiers())) {
        throw new IllegalArgumentException(
            "throws " + type.getName() + ", and " + outer.getName() + " is not public");
      }
    }
    try {
      if (raw instanceof Class<?> dataClass && !Modifier.isAbstract(type.getModifiers())) {
        return type.getConstructor(String.class, dataClass);
      }
    } catch (NoSuchMethodException e) {
      // the same message
    }
    throw new IllegalArgumentException(
        "throws " + type.getName() + ", which has no constructor (expected: " + expected + ")");
  }

  private static <E extends ApplicationException> E newException(
      Constructor<E> constructor, String message, Object data) {
    try {
      return constructor.newInstance(message, data);
    } catch (InvocationTargetException e) {
      throw new IllegalArgumentException(constructor + " failed: " + e.getCause(), e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException(constructor + " cannot be called: " + e, e);
    }
  }
}
