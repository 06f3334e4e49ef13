package io.muxio.bitcode;

import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/** A type of one column. */
abstract class LeafCodec<T> extends BitcodeCodec<T> {
  private final String name;
  private final @Nullable Comparator<T> order;

  /**
   * Names the type.
   *
   * @param order null if the type has no {@code Ord}
   */
  LeafCodec(String name, @Nullable Comparator<T> order) {
    this.name = name;
    this.order = order;
  }

  @Override
  final boolean zeroSized() {
    return false;
  }

  @Override
  final boolean flat() {
    return true;
  }

  @Override
  final Comparator<T> order() {
    if (order == null) {
      throw new IllegalArgumentException(name + " cannot be a sorted key: it has no total order");
    }
    return order;
  }

  @Override
  public final String toString() {
    return name;
  }
}
