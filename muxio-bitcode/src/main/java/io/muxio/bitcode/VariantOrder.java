package io.muxio.bitcode;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Field;
import java.util.List;

/** The numbers of the variants of a Java enum or a sealed interface. */
final class VariantOrder {
  private VariantOrder() {}

  /**
   * The numbers by {@link VariantIndex}, or in the order given.
   *
   * @return the number of each variant
   * @throws IllegalArgumentException if only some have a number, or if the numbers have a gap
   */
  static int[] of(List<? extends AnnotatedElement> variants) {
    VariantPacking.checkCount(variants.size());
    int[] numbers = new int[variants.size()];
    AnnotatedElement[] owners = new AnnotatedElement[variants.size()];
    boolean numbered =
        variants.stream().anyMatch(variant -> variant.isAnnotationPresent(VariantIndex.class));
    for (int i = 0; i < numbers.length; i++) {
      AnnotatedElement variant = variants.get(i);
      int number = numbered ? numberOf(variant) : i;
      if (number < 0 || number >= numbers.length) {
        throw new IllegalArgumentException(
            "@VariantIndex(%d) on %s, expected 0 to %d without a gap"
                .formatted(number, name(variant), numbers.length - 1));
      }
      if (owners[number] != null) {
        throw new IllegalArgumentException(
            "@VariantIndex(%d) on %s and on %s, expected different numbers"
                .formatted(number, name(owners[number]), name(variant)));
      }
      owners[number] = variant;
      numbers[i] = number;
    }
    return numbers;
  }

  private static int numberOf(AnnotatedElement variant) {
    VariantIndex index = variant.getAnnotation(VariantIndex.class);
    if (index == null) {
      throw new IllegalArgumentException(
          "%s has no @VariantIndex, expected one on all variants or on none"
              .formatted(name(variant)));
    }
    return index.value();
  }

  private static String name(AnnotatedElement variant) {
    return variant instanceof Field constant
        ? constant.getDeclaringClass().getName() + "." + constant.getName()
        : ((Class<?>) variant).getName();
  }
}
