package io.muxio.bitcode;

import java.lang.invoke.MethodHandles.Lookup;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Type;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Derives codecs from Java types: a record is a struct or a tuple, a sealed interface of records an
 * enum with data, an enum one without.
 *
 * <pre>{@code
 * record Point(@U16 int x, @U16 int y, Optional<String> label) {}
 *
 * static final BitcodeCodec<Point> POINT = Bitcode.codec(Point.class);
 *
 * static final BitcodeDerivation TIMES =
 *     BitcodeDerivation.builder()
 *         .with(Instant.class, Bitcode.i64().map(Instant::ofEpochMilli, Instant::toEpochMilli))
 *         .build();
 * }</pre>
 *
 * <p>The leaves, with or without an annotation: {@code boolean}, {@code byte} ({@code i8}), {@code
 * short}, {@code int} ({@link U8}, {@link U16}, {@link CodePoint}), {@code long} ({@link U32},
 * {@link U64}), {@code BigInteger} ({@code i128}, {@link U128}, {@link U64}), {@code float}, {@code
 * double}, {@code char}, their wrappers and arrays, {@code String}, {@link Unit}, {@code Duration},
 * {@code InetAddress} and {@code InetSocketAddress}; {@code byte[]} is {@code Vec<u8>}, or {@code
 * Vec<i8>} with {@link I8}. Around them: {@code List}, {@code Set}, {@code SortedSet}, {@code Map},
 * {@code SortedMap}, {@code Optional} and {@link Result}. A {@code List} or an array with {@link
 * FixedLength} is an array in Rust. {@code void} as the whole type is {@code ()}, as null.
 *
 * <p>Derivation uses reflection, the codecs use method handles. Every call derives anew and nothing
 * keeps what it made, so that no class loader is held: keep the codec. Immutable and thread-safe.
 */
public final class BitcodeDerivation {
  /** Without codecs of a user's own. */
  static final BitcodeDerivation DEFAULT = builder().build();

  private final Map<Class<?>, BitcodeCodec<?>> given;
  private final @Nullable Lookup lookup;

  private BitcodeDerivation(Builder builder) {
    this.given = Map.copyOf(builder.given);
    this.lookup = builder.lookup;
  }

  /** {@return a derivation under construction, as {@link Bitcode#codec(Class)} uses it} */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Derives the codec of a class that is not generic.
   *
   * @param type a record, a sealed interface, an enum or a leaf
   * @param <T> the same
   * @return the codec
   * @throws IllegalArgumentException if a type in it has no counterpart in Rust, contains itself,
   *     or is a record without access; the message names type and component
   */
  @SuppressWarnings("unchecked") // Derived from the very class.
  public <T> BitcodeCodec<T> codec(Class<T> type) {
    return (BitcodeCodec<T>) new TypeDeriver(this).derive(TypePlace.of(type));
  }

  /**
   * Derives the codec of any type, such as {@link java.lang.reflect.Method#getGenericReturnType()}.
   *
   * @param type the type, all of whose variables are known
   * @return the codec
   * @throws IllegalArgumentException as {@link #codec(Class)}
   */
  public BitcodeCodec<?> codec(Type type) {
    return new TypeDeriver(this).derive(TypePlace.of(type));
  }

  /**
   * Derives the codec of a type with annotations, such as {@link
   * java.lang.reflect.Parameter#getAnnotatedType()}.
   *
   * @param type the type, all of whose variables are known
   * @return the codec
   * @throws IllegalArgumentException as {@link #codec(Class)}
   */
  public BitcodeCodec<?> codec(AnnotatedType type) {
    return new TypeDeriver(this).derive(TypePlace.of(type));
  }

  /** The codec that a user has given for a class. */
  @Nullable BitcodeCodec<?> given(Class<?> type) {
    return given.get(type);
  }

  @Nullable Lookup lookup() {
    return lookup;
  }

  /** Collects what a derivation should know beyond its own types. Not thread-safe. */
  public static final class Builder {
    private final Map<Class<?>, BitcodeCodec<?>> given = new HashMap<>();
    private @Nullable Lookup lookup;

    private Builder() {}

    /**
     * Gives a codec for a class, wherever it occurs; it goes before what would be derived.
     *
     * @param type a class without type parameters; a primitive type and its wrapper are two
     * @param codec its codec, usually made with {@link BitcodeCodec#map}
     * @param <T> the class
     * @return this builder
     * @throws IllegalArgumentException if the class is generic, or has a codec already
     */
    public <T> Builder with(Class<T> type, BitcodeCodec<T> codec) {
      if (type.getTypeParameters().length > 0) {
        throw new IllegalArgumentException(
            "%s is generic, expected a class without type parameters".formatted(type.getName()));
      }
      if (given.putIfAbsent(type, codec) != null) {
        throw new IllegalArgumentException(
            "a second codec for %s, expected one".formatted(type.getName()));
      }
      return this;
    }

    /**
     * Gives access to the records of a module that does not open their packages to {@code
     * io.muxio.bitcode}.
     *
     * @param lookup {@link java.lang.invoke.MethodHandles#lookup()} of a class of that module
     * @return this builder
     */
    public Builder lookup(Lookup lookup) {
      this.lookup = lookup;
      return this;
    }

    /** {@return the derivation; this builder may go on to make others} */
    public BitcodeDerivation build() {
      return new BitcodeDerivation(this);
    }
  }
}
