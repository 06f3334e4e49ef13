package io.muxio.bitcode;

import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Codecs of structs and tuples. The order of the fields is what counts on the wire; names appear
 * only in messages of exceptions.
 *
 * <pre>{@code
 * record Rgb(int r, int g, int b) {}
 *
 * static final BitcodeCodec<Rgb> RGB =
 *     struct(Rgb::new, field("r", Rgb::r, u8()), field("g", Rgb::g, u8()), field("b", Rgb::b, u8()));
 * }</pre>
 */
public final class Structs {
  private Structs() {}

  /**
   * A field of a struct.
   *
   * @param name its name, not empty
   * @param getter gets it from the struct
   * @param codec encodes it
   * @param <R> the Java type of the struct
   * @param <V> the Java type of the field
   * @return the field
   */
  public static <R, V> Field<R, V> field(
      String name, Function<? super R, ? extends V> getter, BitcodeCodec<V> codec) {
    if (name.isEmpty()) {
      throw new IllegalArgumentException("the name is empty, expected a name or no argument");
    }
    return new Field<>(name, getter, codec);
  }

  /**
   * A field of a tuple, which has no name.
   *
   * @param getter gets it from the tuple
   * @param codec encodes it
   * @param <R> the Java type of the tuple
   * @param <V> the Java type of the field
   * @return the field
   */
  public static <R, V> Field<R, V> field(
      Function<? super R, ? extends V> getter, BitcodeCodec<V> codec) {
    return new Field<>("", getter, codec);
  }

  /**
   * A struct of any number of fields, for those with more than seven.
   *
   * @param constructor makes it from the values of the fields, in their order
   * @param fields the fields
   * @param <R> the Java type of the struct
   * @return the codec
   */
  public static <R> BitcodeCodec<R> struct(
      Function<? super Object[], ? extends R> constructor, List<? extends Field<R, ?>> fields) {
    return StructCodec.ofArray(constructor, List.copyOf(fields));
  }

  /**
   * A struct without fields, which takes no bytes.
   *
   * @param constructor makes it
   * @param <R> the Java type of the struct
   * @return the codec
   */
  public static <R> BitcodeCodec<R> struct(Supplier<? extends R> constructor) {
    return new StructCodec<>(List.of(), columns -> constructor.get());
  }

  /**
   * A struct of one field.
   *
   * @param constructor makes it
   * @param a the first field
   * @param <R> the Java type of the struct
   * @param <A> the type of the first field
   * @return the codec
   */
  public static <R, A> BitcodeCodec<R> struct(
      Function<? super A, ? extends R> constructor, Field<R, A> a) {
    return new StructCodec<>(List.of(a), in -> constructor.apply(a.next(in, 0)));
  }

  /**
   * A struct of two fields.
   *
   * @param constructor makes it
   * @param a the first field
   * @param b the second field
   * @param <R> the Java type of the struct
   * @param <A> the type of the first field
   * @param <B> the type of the second field
   * @return the codec
   */
  public static <R, A, B> BitcodeCodec<R> struct(
      BiFunction<? super A, ? super B, ? extends R> constructor, Field<R, A> a, Field<R, B> b) {
    return new StructCodec<>(List.of(a, b), in -> constructor.apply(a.next(in, 0), b.next(in, 1)));
  }

  /**
   * A struct of three fields.
   *
   * @param constructor makes it
   * @param a the first field
   * @param b the second field
   * @param c the third field
   * @param <R> the Java type of the struct
   * @param <A> the type of the first field
   * @param <B> the type of the second field
   * @param <C> the type of the third field
   * @return the codec
   */
  public static <R, A, B, C> BitcodeCodec<R> struct(
      Factory.Of3<? super A, ? super B, ? super C, ? extends R> constructor,
      Field<R, A> a,
      Field<R, B> b,
      Field<R, C> c) {
    return new StructCodec<>(
        List.of(a, b, c), in -> constructor.create(a.next(in, 0), b.next(in, 1), c.next(in, 2)));
  }

  /**
   * A struct of four fields.
   *
   * @param constructor makes it
   * @param a the first field
   * @param b the second field
   * @param c the third field
   * @param d the fourth field
   * @param <R> the Java type of the struct
   * @param <A> the type of the first field
   * @param <B> the type of the second field
   * @param <C> the type of the third field
   * @param <D> the type of the fourth field
   * @return the codec
   */
  public static <R, A, B, C, D> BitcodeCodec<R> struct(
      Factory.Of4<? super A, ? super B, ? super C, ? super D, ? extends R> constructor,
      Field<R, A> a,
      Field<R, B> b,
      Field<R, C> c,
      Field<R, D> d) {
    return new StructCodec<>(
        List.of(a, b, c, d),
        in -> constructor.create(a.next(in, 0), b.next(in, 1), c.next(in, 2), d.next(in, 3)));
  }

  /**
   * A struct of five fields.
   *
   * @param constructor makes it
   * @param a the first field
   * @param b the second field
   * @param c the third field
   * @param d the fourth field
   * @param e the fifth field
   * @param <R> the Java type of the struct
   * @param <A> the type of the first field
   * @param <B> the type of the second field
   * @param <C> the type of the third field
   * @param <D> the type of the fourth field
   * @param <E> the type of the fifth field
   * @return the codec
   */
  public static <R, A, B, C, D, E> BitcodeCodec<R> struct(
      Factory.Of5<? super A, ? super B, ? super C, ? super D, ? super E, ? extends R> constructor,
      Field<R, A> a,
      Field<R, B> b,
      Field<R, C> c,
      Field<R, D> d,
      Field<R, E> e) {
    return new StructCodec<>(
        List.of(a, b, c, d, e),
        in ->
            constructor.create(
                a.next(in, 0), b.next(in, 1), c.next(in, 2), d.next(in, 3), e.next(in, 4)));
  }

  /**
   * A struct of six fields.
   *
   * @param constructor makes it
   * @param a the first field
   * @param b the second field
   * @param c the third field
   * @param d the fourth field
   * @param e the fifth field
   * @param f the sixth field
   * @param <R> the Java type of the struct
   * @param <A> the type of the first field
   * @param <B> the type of the second field
   * @param <C> the type of the third field
   * @param <D> the type of the fourth field
   * @param <E> the type of the fifth field
   * @param <F> the type of the sixth field
   * @return the codec
   */
  public static <R, A, B, C, D, E, F> BitcodeCodec<R> struct(
      Factory.Of6<? super A, ? super B, ? super C, ? super D, ? super E, ? super F, ? extends R>
          constructor,
      Field<R, A> a,
      Field<R, B> b,
      Field<R, C> c,
      Field<R, D> d,
      Field<R, E> e,
      Field<R, F> f) {
    return new StructCodec<>(
        List.of(a, b, c, d, e, f),
        in ->
            constructor.create(
                a.next(in, 0),
                b.next(in, 1),
                c.next(in, 2),
                d.next(in, 3),
                e.next(in, 4),
                f.next(in, 5)));
  }

  /**
   * A struct of seven fields.
   *
   * @param constructor makes it
   * @param a the first field
   * @param b the second field
   * @param c the third field
   * @param d the fourth field
   * @param e the fifth field
   * @param f the sixth field
   * @param g the seventh field
   * @param <R> the Java type of the struct
   * @param <A> the type of the first field
   * @param <B> the type of the second field
   * @param <C> the type of the third field
   * @param <D> the type of the fourth field
   * @param <E> the type of the fifth field
   * @param <F> the type of the sixth field
   * @param <G> the type of the seventh field
   * @return the codec
   */
  public static <R, A, B, C, D, E, F, G> BitcodeCodec<R> struct(
      Factory.Of7<
              ? super A,
              ? super B,
              ? super C,
              ? super D,
              ? super E,
              ? super F,
              ? super G,
              ? extends R>
          constructor,
      Field<R, A> a,
      Field<R, B> b,
      Field<R, C> c,
      Field<R, D> d,
      Field<R, E> e,
      Field<R, F> f,
      Field<R, G> g) {
    return new StructCodec<>(
        List.of(a, b, c, d, e, f, g),
        in ->
            constructor.create(
                a.next(in, 0),
                b.next(in, 1),
                c.next(in, 2),
                d.next(in, 3),
                e.next(in, 4),
                f.next(in, 5),
                g.next(in, 6)));
  }
}
