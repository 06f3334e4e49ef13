package io.muxio.bitcode;

import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/** The elements of Java arrays of primitives: one column, filled and emptied in bulk. */
abstract class ArrayElements<A> extends Elements<A> {
  private final String elementName;
  private final ElementCost cost;
  private final @Nullable Comparator<A> order;

  /**
   * Names the type.
   *
   * @param order null if the elements have no {@code Ord}
   */
  ArrayElements(String elementName, ElementCost cost, @Nullable Comparator<A> order) {
    this.elementName = elementName;
    this.cost = cost;
    this.order = order;
  }

  @Override
  final ElementCost cost() {
    return cost;
  }

  @Override
  final Comparator<A> order() {
    if (order == null) {
      throw new IllegalArgumentException(
          vecName() + " cannot be a sorted key: its elements have no total order");
    }
    return order;
  }

  @Override
  final String vecName() {
    return "Vec<" + elementName + ">";
  }

  @Override
  final String elementName() {
    return elementName;
  }
}
