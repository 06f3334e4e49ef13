package io.muxio.bitcode;

import static java.lang.invoke.MethodHandles.dropArguments;
import static java.lang.invoke.MethodHandles.filterArguments;
import static java.lang.invoke.MethodHandles.foldArguments;
import static java.lang.invoke.MethodHandles.insertArguments;
import static java.lang.invoke.MethodType.methodType;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The ways of the components of the only record of a message to and from its bytes, without
 * columns:
 *
 * <pre>
 * writer   (out, record) -> writeLong(type0, out, record.a()); writeObject(codec1, out, record.b()) ...
 * reader   (in) -> a = (int) readLong(type0, in); b = (String) readObject(codec1, in) ... new Record(a, b ...)
 * </pre>
 */
final class OneRecordHandles {
  private static final MethodHandle WRITE_LONG;
  private static final MethodHandle WRITE_OBJECT;
  private static final MethodHandle READ_LONG;
  private static final MethodHandle READ_OBJECT;

  static {
    MethodHandles.Lookup lookup = MethodHandles.lookup();
    Class<?> here = OneRecordHandles.class;
    try {
      WRITE_LONG =
          lookup.findStatic(
              here,
              "writeLong",
              methodType(void.class, String.class, OneNumber.class, Output.class, long.class));
      WRITE_OBJECT =
          lookup.findStatic(
              here,
              "writeObject",
              methodType(void.class, String.class, BitcodeCodec.class, Output.class, Object.class));
      READ_LONG =
          lookup.findStatic(
              here, "readLong", methodType(long.class, String.class, OneNumber.class, Input.class));
      READ_OBJECT =
          lookup.findStatic(
              here,
              "readObject",
              methodType(Object.class, String.class, BitcodeCodec.class, Input.class));
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private OneRecordHandles() {}

  /**
   * Writes the components of a record.
   *
   * @return a handle of type {@code (Output, Object)void}
   */
  static MethodHandle writer(RecordAccess access, List<? extends Field<?, ?>> fields) {
    List<MethodHandle> steps = new ArrayList<>();
    for (int i = 0; i < fields.size(); i++) {
      steps.add(writerStep(access.getters().get(i), fields.get(i)));
    }
    return steps.isEmpty()
        ? MethodHandles.empty(methodType(void.class, Output.class, Object.class))
        : RecordHandles.inSequence(steps);
  }

  /**
   * Makes a record of the components that it reads.
   *
   * @return a handle of type {@code (Input)Object}
   */
  static MethodHandle reader(RecordAccess access, List<? extends Field<?, ?>> fields) {
    MethodHandle constructor = access.constructor();
    int count = fields.size();
    MethodHandle made =
        dropArguments(
            constructor.asType(constructor.type().changeReturnType(Object.class)),
            count,
            Input.class);
    // Folding from the last to the first reads from the first to the last.
    for (int i = count - 1; i >= 0; i--) {
      made = foldArguments(made, i, value(constructor.type().parameterType(i), fields.get(i)));
    }
    return made;
  }

  private static MethodHandle writerStep(MethodHandle getter, Field<?, ?> field) {
    OneNumber number = number(getter.type().returnType(), field);
    MethodHandle write =
        number != null
            ? insertArguments(WRITE_LONG, 0, field.name(), number)
            : insertArguments(WRITE_OBJECT, 0, field.name(), field.codec());
    MethodHandle value =
        number != null
            ? RecordHandles.toLong(getter)
            : getter.asType(getter.type().changeReturnType(Object.class));
    return filterArguments(write, 1, value)
        .asType(methodType(void.class, Output.class, Object.class));
  }

  private static MethodHandle value(Class<?> type, Field<?, ?> field) {
    OneNumber number = number(type, field);
    MethodHandle value =
        number != null
            ? RecordHandles.fromLong(insertArguments(READ_LONG, 0, field.name(), number), type)
            : insertArguments(READ_OBJECT, 0, field.name(), field.codec());
    return value.asType(value.type().changeReturnType(type));
  }

  /** How a component goes to and from its bytes as a {@code long}; null if it does not. */
  private static @Nullable OneNumber number(Class<?> type, Field<?, ?> field) {
    return RecordHandles.isNumber(type, field) ? ((ScalarCodec<?>) field.codec()).one() : null;
  }

  @SuppressWarnings("UnusedMethod") // By WRITE_LONG.
  private static void writeLong(String name, OneNumber type, Output out, long value) {
    try {
      type.write(out, value);
    } catch (BitcodeException e) {
      throw e.within(name);
    }
  }

  @SuppressWarnings("UnusedMethod") // By WRITE_OBJECT.
  private static <T> void writeObject(String name, BitcodeCodec<T> codec, Output out, T value) {
    try {
      codec.writeOne(value, out);
    } catch (BitcodeException e) {
      throw e.within(name);
    }
  }

  @SuppressWarnings("UnusedMethod") // By READ_LONG.
  private static long readLong(String name, OneNumber type, Input in) {
    try {
      return type.read(in);
    } catch (BitcodeException e) {
      throw e.within(name);
    }
  }

  @SuppressWarnings("UnusedMethod") // By READ_OBJECT.
  private static <T> T readObject(String name, BitcodeCodec<T> codec, Input in) {
    try {
      return codec.readOne(in);
    } catch (BitcodeException e) {
      throw e.within(name);
    }
  }
}
