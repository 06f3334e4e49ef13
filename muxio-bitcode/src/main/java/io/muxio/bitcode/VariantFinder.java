package io.muxio.bitcode;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;

/** Finds the variant of a value by its class, or among the constants. */
final class VariantFinder<T> implements ToIntFunction<T> {
  private final Map<Object, Integer> constants = new HashMap<>();
  private final Map<Class<?>, Integer> classes = new HashMap<>();
  private final List<Variant<? extends T>> variants;

  VariantFinder(List<Variant<? extends T>> variants) {
    this.variants = variants;
    for (int i = 0; i < variants.size(); i++) {
      register(variants.get(i), i);
    }
  }

  private void register(Variant<?> variant, int index) {
    Object constant = variant.constant();
    Class<?> type = variant.type();
    if (constant == null && type == null) {
      throw new IllegalArgumentException(
          "variant %s has no class, expected one".formatted(variant.name()));
    }
    Integer before = constant != null ? constants.put(constant, index) : classes.put(type, index);
    if (before != null) {
      throw new IllegalArgumentException(
          "variants %s and %s have the same values, expected different ones"
              .formatted(variants.get(before).name(), variant.name()));
    }
  }

  /**
   * Finds the variant.
   *
   * @return its number, or -1
   */
  @Override
  public int applyAsInt(T value) {
    Integer index = constants.isEmpty() ? null : constants.get(value);
    if (index == null) {
      index = classes.get(value.getClass());
    }
    return index != null ? index : instanceIndex(value);
  }

  /** For values of a subclass. */
  private int instanceIndex(T value) {
    for (int i = 0; i < variants.size(); i++) {
      Class<?> type = variants.get(i).type();
      if (type != null && type.isInstance(value)) {
        return i;
      }
    }
    return -1;
  }
}
