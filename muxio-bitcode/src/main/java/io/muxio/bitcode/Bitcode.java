package io.muxio.bitcode;

import java.lang.invoke.MethodHandles.Lookup;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Type;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;

/**
 * Codecs of Rust's own types, and of records, sealed interfaces and enums, see {@link
 * BitcodeDerivation}. Codecs of other types are composed of them with {@link Structs} and {@link
 * Enums}.
 *
 * <p>Unsigned integers are held by the next larger Java type: {@code u8} and {@code u16} by {@code
 * int}, {@code u32} by {@code long}; {@code u64} and {@code usize} by the bits of a {@code long},
 * see {@link Long#toUnsignedString(long)}. Collections that were decoded cannot be modified.
 */
public final class Bitcode {
  private Bitcode() {}

  /**
   * Derives the codec of a class that is not generic, see {@link BitcodeDerivation}. Keep it.
   *
   * @param type a record, a sealed interface, an enum or a leaf
   * @param <T> the same
   * @return the codec
   * @throws IllegalArgumentException if a type in it has no counterpart in Rust, contains itself,
   *     or is a record without access; the message names type and component
   */
  public static <T> BitcodeCodec<T> codec(Class<T> type) {
    return BitcodeDerivation.DEFAULT.codec(type);
  }

  /**
   * Derives the codec of a class of a module that is not open to {@code io.muxio.bitcode}.
   *
   * @param type a record, a sealed interface, an enum or a leaf
   * @param lookup of a class of that module
   * @param <T> the type
   * @return the codec
   * @throws IllegalArgumentException as {@link #codec(Class)}
   */
  public static <T> BitcodeCodec<T> codec(Class<T> type, Lookup lookup) {
    return BitcodeDerivation.builder().lookup(lookup).build().codec(type);
  }

  /**
   * Derives the codec of any type, all of whose variables are known. Keep it.
   *
   * @param type such as {@link java.lang.reflect.Method#getGenericReturnType()}
   * @return the codec
   * @throws IllegalArgumentException as {@link #codec(Class)}
   */
  public static BitcodeCodec<?> codec(Type type) {
    return BitcodeDerivation.DEFAULT.codec(type);
  }

  /**
   * Derives the codec of a type with annotations, all of whose variables are known. Keep it.
   *
   * @param type such as {@link java.lang.reflect.Parameter#getAnnotatedType()}
   * @return the codec
   * @throws IllegalArgumentException as {@link #codec(Class)}
   */
  public static BitcodeCodec<?> codec(AnnotatedType type) {
    return BitcodeDerivation.DEFAULT.codec(type);
  }

  /** {@return the codec of {@code bool}} */
  public static BitcodeCodec<Boolean> bool() {
    return new BoolCodec();
  }

  /** {@return the codec of {@code u8}, 0 to 255} */
  public static BitcodeCodec<Integer> u8() {
    return ByteCodec.u8();
  }

  /** {@return the codec of {@code i8}} */
  public static BitcodeCodec<Byte> i8() {
    return ByteCodec.i8();
  }

  /** {@return the codec of {@code u16}, 0 to 65,535} */
  public static BitcodeCodec<Integer> u16() {
    return IntCodec.of(IntType.U16);
  }

  /** {@return the codec of {@code i16}} */
  public static BitcodeCodec<Short> i16() {
    return IntCodec.i16();
  }

  /** {@return the codec of {@code u32}, 0 to 2^32 - 1} */
  public static BitcodeCodec<Long> u32() {
    return IntCodec.u32();
  }

  /** {@return the codec of {@code i32}} */
  public static BitcodeCodec<Integer> i32() {
    return IntCodec.of(IntType.I32);
  }

  /** {@return the codec of {@code u64}; a value of 2^63 or more is a negative {@code Long}} */
  public static BitcodeCodec<Long> u64() {
    return LongCodec.unsigned("u64");
  }

  /** {@return the codec of {@code i64}} */
  public static BitcodeCodec<Long> i64() {
    return LongCodec.signed("i64");
  }

  /** {@return the codec of {@code usize}, which is sent as {@code u64}} */
  public static BitcodeCodec<Long> usize() {
    return LongCodec.unsigned("usize");
  }

  /** {@return the codec of {@code isize}, which is sent as {@code i64}} */
  public static BitcodeCodec<Long> isize() {
    return LongCodec.signed("isize");
  }

  /** {@return the codec of {@code u128}, 0 to 2^128 - 1} */
  public static BitcodeCodec<BigInteger> u128() {
    return new WideCodec(false);
  }

  /** {@return the codec of {@code i128}, -2^127 to 2^127 - 1} */
  public static BitcodeCodec<BigInteger> i128() {
    return new WideCodec(true);
  }

  /**
   * The codec of {@code NonZeroU8} and so on; it rejects 0.
   *
   * @param integer the codec of the integer
   * @param <T> the Java type of the integer
   * @return the codec
   */
  public static <T extends Number> BitcodeCodec<T> nonZero(BitcodeCodec<T> integer) {
    return NonZeroCodec.of(integer);
  }

  /** {@return the codec of {@code f32}, which keeps the bits of a NaN} */
  public static BitcodeCodec<Float> f32() {
    return new FloatCodec();
  }

  /** {@return the codec of {@code f64}, which keeps the bits of a NaN} */
  public static BitcodeCodec<Double> f64() {
    return LongCodec.f64();
  }

  /** {@return the codec of {@code char}, a code point that is not a surrogate} */
  public static BitcodeCodec<Integer> character() {
    return IntCodec.of(IntType.CHAR);
  }

  /** {@return the codec of {@code String}; it rejects surrogates without their pair} */
  public static BitcodeCodec<String> string() {
    return new StringCodec();
  }

  /** {@return the codec of {@code ()}, which takes no bytes} */
  public static BitcodeCodec<Unit> unit() {
    return new ConstantCodec<>(Unit.UNIT);
  }

  /** {@return the codec of {@code Duration}, up to 2^63 - 1 seconds} */
  public static BitcodeCodec<Duration> duration() {
    return DurationCodec.of();
  }

  /** {@return the codec of {@code Vec<u8>} as bytes} */
  public static BitcodeVec<byte[]> bytes() {
    return new BitcodeVec<>(new ByteElements(false));
  }

  /** {@return the codec of {@code Vec<bool>}} */
  public static BitcodeVec<boolean[]> boolArray() {
    return new BitcodeVec<>(new BoolElements());
  }

  /** {@return the codec of {@code Vec<i8>}} */
  public static BitcodeVec<byte[]> i8Array() {
    return new BitcodeVec<>(new ByteElements(true));
  }

  /** {@return the codec of {@code Vec<u16>}, each 0 to 65,535} */
  public static BitcodeVec<int[]> u16Array() {
    return new BitcodeVec<>(new IntElements(IntType.U16));
  }

  /** {@return the codec of {@code Vec<i16>}} */
  public static BitcodeVec<short[]> i16Array() {
    return new BitcodeVec<>(new ShortElements());
  }

  /** {@return the codec of {@code Vec<u32>}, each 0 to 2^32 - 1} */
  public static BitcodeVec<long[]> u32Array() {
    return new BitcodeVec<>(new U32Elements());
  }

  /** {@return the codec of {@code Vec<i32>}} */
  public static BitcodeVec<int[]> i32Array() {
    return new BitcodeVec<>(new IntElements(IntType.I32));
  }

  /** {@return the codec of {@code Vec<u64>}, see {@link #u64}} */
  public static BitcodeVec<long[]> u64Array() {
    return new BitcodeVec<>(new LongElements("u64", false));
  }

  /** {@return the codec of {@code Vec<i64>}} */
  public static BitcodeVec<long[]> i64Array() {
    return new BitcodeVec<>(new LongElements("i64", true));
  }

  /** {@return the codec of {@code Vec<f32>}} */
  public static BitcodeVec<float[]> f32Array() {
    return new BitcodeVec<>(new FloatElements());
  }

  /** {@return the codec of {@code Vec<f64>}} */
  public static BitcodeVec<double[]> f64Array() {
    return new BitcodeVec<>(new DoubleElements());
  }

  /** {@return the codec of {@code Vec<char>} as code points} */
  public static BitcodeVec<int[]> characterArray() {
    return new BitcodeVec<>(new IntElements(IntType.CHAR));
  }

  /**
   * The codec of {@code Vec<T>}. For {@code [T; N]} see {@link BitcodeVec#fixed}.
   *
   * @param element the codec of {@code T}
   * @param <T> the Java type of the elements
   * @return the codec
   */
  public static <T> BitcodeVec<List<T>> list(BitcodeCodec<T> element) {
    return new BitcodeVec<>(new ListElements<>(element));
  }

  /**
   * The codec of {@code HashSet<T>}, written and read in the order of iteration.
   *
   * @param element the codec of {@code T}
   * @param <T> the Java type of the elements
   * @return the codec
   */
  public static <T> BitcodeCodec<Set<T>> set(BitcodeCodec<T> element) {
    return SetCodecs.hashSet(element);
  }

  /**
   * The codec of {@code BTreeSet<T>}, written in the order that Rust gives to {@code T}.
   *
   * @param element the codec of {@code T}
   * @param <T> the Java type of the elements
   * @return the codec
   * @throws IllegalArgumentException if {@code T} contains floats, which have no such order
   */
  public static <T> BitcodeCodec<SortedSet<T>> sortedSet(BitcodeCodec<T> element) {
    return SetCodecs.sortedSet(element);
  }

  /**
   * The codec of {@code HashMap<K, V>}, written and read in the order of iteration. Of equal keys
   * the last one wins.
   *
   * @param key the codec of {@code K}
   * @param value the codec of {@code V}
   * @param <K> the Java type of the keys
   * @param <V> the Java type of the values
   * @return the codec
   */
  public static <K, V> BitcodeCodec<Map<K, V>> map(BitcodeCodec<K> key, BitcodeCodec<V> value) {
    return SetCodecs.hashMap(key, value);
  }

  /**
   * The codec of {@code BTreeMap<K, V>}, written in the order that Rust gives to {@code K}. Of
   * equal keys the last one wins.
   *
   * @param key the codec of {@code K}
   * @param value the codec of {@code V}
   * @param <K> the Java type of the keys
   * @param <V> the Java type of the values
   * @return the codec
   * @throws IllegalArgumentException if {@code K} contains floats, which have no such order
   */
  public static <K, V> BitcodeCodec<SortedMap<K, V>> sortedMap(
      BitcodeCodec<K> key, BitcodeCodec<V> value) {
    return SetCodecs.sortedMap(key, value);
  }

  /**
   * The codec of {@code Option<T>}.
   *
   * @param content the codec of {@code T}
   * @param <T> the Java type of the content
   * @return the codec
   */
  public static <T> BitcodeCodec<Optional<T>> option(BitcodeCodec<T> content) {
    return new OptionCodec<>(content);
  }

  /**
   * The codec of {@code Result<T, E>}.
   *
   * @param ok the codec of {@code T}
   * @param err the codec of {@code E}
   * @param <T> the Java type of a success
   * @param <E> the Java type of an error
   * @return the codec
   */
  public static <T, E> BitcodeCodec<Result<T, E>> result(BitcodeCodec<T> ok, BitcodeCodec<E> err) {
    return ResultCodec.of(ok, err);
  }
}
