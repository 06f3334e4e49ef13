package io.muxio.bitcode;

import static java.lang.invoke.MethodHandles.arrayElementGetter;
import static java.lang.invoke.MethodHandles.explicitCastArguments;
import static java.lang.invoke.MethodHandles.filterArguments;
import static java.lang.invoke.MethodHandles.filterReturnValue;
import static java.lang.invoke.MethodHandles.foldArguments;
import static java.lang.invoke.MethodHandles.insertArguments;
import static java.lang.invoke.MethodHandles.permuteArguments;
import static java.lang.invoke.MethodType.methodType;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.List;

/**
 * The ways of the components of a record to and from their columns, composed once per codec:
 *
 * <pre>
 * collector   (columns, record) -> addLong(columns[0], record.a()); addObject(columns[1], record.b()) ...
 * assembler   (columns) -> new Record((int) columns[0].nextLong(), (String) nextObject(columns[1]) ...)
 * </pre>
 *
 * Numbers are never boxed.
 */
final class RecordHandles {
  private static final MethodHandle ADD_LONG;
  private static final MethodHandle ADD_OBJECT;
  private static final MethodHandle NEXT_LONG;
  private static final MethodHandle NEXT_OBJECT;
  private static final MethodHandle DOUBLE_TO_BITS;
  private static final MethodHandle BITS_TO_DOUBLE;
  private static final MethodHandle FLOAT_TO_BITS;
  private static final MethodHandle BITS_TO_FLOAT;

  static {
    MethodHandles.Lookup lookup = MethodHandles.lookup();
    try {
      ADD_LONG =
          lookup.findStatic(
              RecordHandles.class,
              "addLong",
              methodType(void.class, String.class, ScalarCodec.Writer.class, long.class));
      ADD_OBJECT =
          lookup.findStatic(
              RecordHandles.class,
              "addObject",
              methodType(void.class, String.class, ColumnWriter.class, Object.class));
      NEXT_LONG = lookup.findVirtual(ScalarCodec.Reader.class, "nextLong", methodType(long.class));
      NEXT_OBJECT =
          lookup.findStatic(
              RecordHandles.class,
              "nextObject",
              methodType(Object.class, String.class, ColumnReader.class));
      DOUBLE_TO_BITS =
          lookup.findStatic(
              Double.class, "doubleToRawLongBits", methodType(long.class, double.class));
      BITS_TO_DOUBLE =
          lookup.findStatic(Double.class, "longBitsToDouble", methodType(double.class, long.class));
      FLOAT_TO_BITS =
          lookup.findStatic(Float.class, "floatToRawIntBits", methodType(int.class, float.class));
      BITS_TO_FLOAT =
          lookup.findStatic(Float.class, "intBitsToFloat", methodType(float.class, int.class));
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private RecordHandles() {}

  /**
   * Adds the components of a record to their columns.
   *
   * @return a handle of type {@code (ColumnWriter[], Object)void}
   */
  static MethodHandle collector(RecordAccess access, List<? extends Field<?, ?>> fields) {
    List<MethodHandle> steps = new ArrayList<>();
    for (int i = 0; i < fields.size(); i++) {
      steps.add(collectorStep(access.getters().get(i), fields.get(i), i));
    }
    return steps.isEmpty()
        ? MethodHandles.empty(methodType(void.class, ColumnWriter[].class, Object.class))
        : inSequence(steps);
  }

  /**
   * Makes a record of the next values of its columns.
   *
   * @return a handle of type {@code (ColumnReader[])Object}
   */
  static MethodHandle assembler(RecordAccess access, List<? extends Field<?, ?>> fields) {
    MethodHandle constructor = access.constructor();
    MethodHandle[] values = new MethodHandle[fields.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = nextValue(constructor.type().parameterType(i), fields.get(i), i);
    }
    MethodHandle ofColumns = filterArguments(constructor, 0, values);
    // Every value comes from the same array.
    return permuteArguments(
        ofColumns.asType(ofColumns.type().changeReturnType(Object.class)),
        methodType(Object.class, ColumnReader[].class),
        new int[values.length]);
  }

  private static MethodHandle collectorStep(MethodHandle getter, Field<?, ?> field, int index) {
    Class<?> type = getter.type().returnType();
    boolean number = isNumber(type, field);
    MethodHandle add = insertArguments(number ? ADD_LONG : ADD_OBJECT, 0, field.name());
    MethodHandle value =
        number ? toLong(getter) : getter.asType(getter.type().changeReturnType(Object.class));
    MethodHandle column = insertArguments(arrayElementGetter(ColumnWriter[].class), 1, index);
    column = column.asType(column.type().changeReturnType(add.type().parameterType(0)));
    return filterArguments(add, 0, column, value)
        .asType(methodType(void.class, ColumnWriter[].class, Object.class));
  }

  private static MethodHandle nextValue(Class<?> type, Field<?, ?> field, int index) {
    boolean number = isNumber(type, field);
    MethodHandle next =
        number ? fromLong(NEXT_LONG, type) : insertArguments(NEXT_OBJECT, 0, field.name());
    MethodHandle column = insertArguments(arrayElementGetter(ColumnReader[].class), 1, index);
    column = column.asType(column.type().changeReturnType(next.type().parameterType(0)));
    MethodHandle value = MethodHandles.filterReturnValue(column, next);
    return value.asType(value.type().changeReturnType(type));
  }

  /** Whether a component goes to and from its codec as a {@code long}. */
  static boolean isNumber(Class<?> type, Field<?, ?> field) {
    return type.isPrimitive() && field.codec() instanceof ScalarCodec;
  }

  /** A getter of a primitive type as one of the number that its codec takes. */
  static MethodHandle toLong(MethodHandle getter) {
    Class<?> type = getter.type().returnType();
    MethodHandle bits =
        type == double.class
            ? filterReturnValue(getter, DOUBLE_TO_BITS)
            : type == float.class ? filterReturnValue(getter, FLOAT_TO_BITS) : getter;
    return explicitCastArguments(bits, bits.type().changeReturnType(long.class));
  }

  /** The reverse of {@link #toLong}. */
  static MethodHandle fromLong(MethodHandle next, Class<?> type) {
    if (type == double.class) {
      return filterReturnValue(next, BITS_TO_DOUBLE);
    }
    Class<?> narrow = type == float.class ? int.class : type;
    MethodHandle bits = explicitCastArguments(next, next.type().changeReturnType(narrow));
    return type == float.class ? filterReturnValue(bits, BITS_TO_FLOAT) : bits;
  }

  /** Halves, so that a long record does not become a deep chain. */
  static MethodHandle inSequence(List<MethodHandle> steps) {
    int half = steps.size() / 2;
    return half == 0
        ? steps.get(0)
        : foldArguments(
            inSequence(steps.subList(half, steps.size())), inSequence(steps.subList(0, half)));
  }

  @SuppressWarnings("UnusedMethod") // By ADD_LONG.
  private static void addLong(String name, ScalarCodec.Writer<?> column, long value) {
    try {
      column.addLong(value);
    } catch (BitcodeException e) {
      throw e.within(name);
    }
  }

  @SuppressWarnings("UnusedMethod") // By ADD_OBJECT.
  private static <T> void addObject(String name, ColumnWriter<T> column, T value) {
    try {
      column.addNonNull(value);
    } catch (BitcodeException e) {
      throw e.within(name);
    }
  }

  @SuppressWarnings("UnusedMethod") // By NEXT_OBJECT.
  private static <T> T nextObject(String name, ColumnReader<T> column) {
    try {
      return column.next();
    } catch (BitcodeException e) {
      throw e.within(name);
    }
  }
}
