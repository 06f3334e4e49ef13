package io.muxio.bitcode;

import java.util.List;
import java.util.function.ToIntFunction;

/**
 * Codecs of enums, with and without data. The order of the variants is what counts on the wire;
 * names appear only in messages of exceptions.
 *
 * <pre>{@code
 * sealed interface Shape {}
 * record Circle(double r) implements Shape {}
 * record Rect(double w, double h) implements Shape {}
 *
 * static final BitcodeCodec<Shape> SHAPE =
 *     variants(variant("Circle", Circle.class, CIRCLE), variant("Rect", Rect.class, RECT));
 * }</pre>
 */
public final class Enums {
  private Enums() {}

  /**
   * An enum without data. The variants are the constants in their order, or as {@link VariantIndex}
   * numbers them.
   *
   * @param type the Java enum, of at most 256 constants
   * @param <E> the Java enum
   * @return the codec
   * @throws IllegalArgumentException if it has more constants, or if their numbers have a gap
   */
  public static <E extends Enum<E>> BitcodeCodec<E> enumOf(Class<E> type) {
    return EnumCodec.of(type);
  }

  /**
   * An enum whose variants are told apart by their classes and constants.
   *
   * @param variants at most 256, each with a class or a constant of its own
   * @param <T> the Java type of all variants, usually a sealed interface
   * @return the codec
   * @throws IllegalArgumentException if there are more, or if two have the same class or constant
   */
  @SafeVarargs
  @SuppressWarnings("varargs") // The array is only read.
  public static <T> BitcodeCodec<T> variants(Variant<? extends T>... variants) {
    List<Variant<? extends T>> list = List.of(variants);
    return VariantsCodec.of(list, new VariantFinder<>(list));
  }

  /**
   * An enum whose variants are told apart by a function.
   *
   * @param indexOf gives the index of a value's variant; the value must have that variant's type
   * @param variants at most 256
   * @param <T> the Java type of all variants
   * @return the codec
   * @throws IllegalArgumentException if there are more
   */
  public static <T> BitcodeCodec<T> variants(
      ToIntFunction<? super T> indexOf, List<? extends Variant<? extends T>> variants) {
    return VariantsCodec.of(List.copyOf(variants), indexOf);
  }

  /**
   * A variant with fields.
   *
   * @param name its name, for messages
   * @param type the class of its values
   * @param fields a {@linkplain Structs#struct struct}, or the codec of the only field
   * @param <V> the Java type of its values
   * @return the variant
   */
  public static <V> Variant<V> variant(String name, Class<V> type, BitcodeCodec<V> fields) {
    return new Variant<>(name, fields, type, null);
  }

  /**
   * A variant for {@link #variants(ToIntFunction, List)}.
   *
   * @param name its name, for messages
   * @param fields a {@linkplain Structs#struct struct}, or the codec of the only field
   * @param <V> the Java type of its values
   * @return the variant
   */
  public static <V> Variant<V> variant(String name, BitcodeCodec<V> fields) {
    return new Variant<>(name, fields, null, null);
  }

  /**
   * A variant without fields.
   *
   * @param name its name, for messages
   * @param value its only value, compared with {@code equals}
   * @param <V> the Java type of the value
   * @return the variant
   */
  public static <V> Variant<V> constant(String name, V value) {
    return new Variant<>(name, new ConstantCodec<>(value), null, value);
  }
}
