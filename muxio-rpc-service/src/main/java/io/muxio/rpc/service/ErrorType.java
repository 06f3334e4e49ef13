package io.muxio.rpc.service;

import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * How an {@link ApplicationException} travels. Immutable.
 *
 * @param <D> the type of its data
 * @param <E> its class
 */
public final class ErrorType<D, E extends ApplicationException> {
  private final Class<E> type;
  private final Codec<D> dataCodec;
  private final BiFunction<? super String, ? super D, ? extends E> constructor;

  private ErrorType(
      Class<E> type,
      Codec<D> dataCodec,
      BiFunction<? super String, ? super D, ? extends E> constructor) {
    this.type = Objects.requireNonNull(type, "type");
    this.dataCodec = Objects.requireNonNull(dataCodec, "dataCodec");
    this.constructor = Objects.requireNonNull(constructor, "constructor");
  }

  /**
   * An error that methods can declare.
   *
   * @param <D> the type of its data
   * @param <E> its class
   * @param type its class, whose simple name travels
   * @param dataCodec how what {@link ApplicationException#data()} returns is encoded
   * @param constructor makes it of a message and data that have come
   * @return the type
   */
  public static <D, E extends ApplicationException> ErrorType<D, E> of(
      Class<E> type,
      Codec<D> dataCodec,
      BiFunction<? super String, ? super D, ? extends E> constructor) {
    return new ErrorType<>(type, dataCodec, constructor);
  }

  /**
   * The name on the wire.
   *
   * @return the simple name of {@link #type()}
   */
  public String name() {
    return type.getSimpleName();
  }

  /**
   * The exception's class.
   *
   * @return the class
   */
  public Class<E> type() {
    return type;
  }

  /**
   * How the data is encoded.
   *
   * @return the codec
   */
  public Codec<D> dataCodec() {
    return dataCodec;
  }

  E newException(String message, D data) {
    return constructor.apply(message, data);
  }

  /** The type of that name, or null. */
  static @Nullable ErrorType<?, ?> find(List<ErrorType<?, ?>> types, String name) {
    for (ErrorType<?, ?> type : types) {
      if (type.name().equals(name)) {
        return type;
      }
    }
    return null;
  }

  /** A list of types whose names differ. */
  static List<ErrorType<?, ?>> distinct(String method, ErrorType<?, ?>... types) {
    List<ErrorType<?, ?>> all = List.of(types);
    for (ErrorType<?, ?> type : all) {
      if (find(all, type.name()) != type) {
        throw new IllegalArgumentException(
            method + ": two errors of the name " + type.name() + " (expected: different names)");
      }
    }
    return all;
  }

  @Override
  public String toString() {
    return name();
  }
}
