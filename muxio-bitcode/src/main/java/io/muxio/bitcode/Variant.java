package io.muxio.bitcode;

import org.jspecify.annotations.Nullable;

/**
 * A variant of an enum with data. Made by {@link Enums}.
 *
 * @param <V> the Java type of the values that are of this variant
 */
public final class Variant<V> {
  private final String name;
  private final BitcodeCodec<V> codec;
  private final @Nullable Class<V> type;
  private final @Nullable V constant;

  /**
   * Describes a variant.
   *
   * @param type the class of its values, null if there is no such class
   * @param constant its only value, null if there are more
   */
  Variant(String name, BitcodeCodec<V> codec, @Nullable Class<V> type, @Nullable V constant) {
    this.name = name;
    this.codec = codec;
    this.type = type;
    this.constant = constant;
  }

  String name() {
    return name;
  }

  BitcodeCodec<V> codec() {
    return codec;
  }

  @Nullable Class<V> type() {
    return type;
  }

  @Nullable V constant() {
    return constant;
  }

  /** Whether it has a column, if only one without bytes. */
  boolean hasFields() {
    return constant == null && !codec.fieldless();
  }

  @Override
  public String toString() {
    String fields = codec.toString();
    if (!hasFields()) {
      return name;
    }
    if (fields.startsWith("struct{")) {
      return name + fields.substring("struct".length());
    }
    if (fields.startsWith("(") && fields.length() > 2) {
      return name + fields.replaceFirst(",\\)$", ")");
    }
    return name + "(" + fields + ")";
  }
}
