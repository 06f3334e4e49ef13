package io.muxio.bitcode;

/**
 * What a decoder accepts from a peer beyond what the bytes themselves pay for.
 *
 * <p>A byte of a message can stand for eight elements of a collection, and an element without
 * content, such as {@code ()}, takes no bytes at all. Strings, {@code byte[]} and {@code boolean[]}
 * are not counted, because they take at most eight bytes of memory per byte of the message.
 *
 * @param maxElements the elements that all collections and numeric arrays of a message may have
 *     together, 0 or more; a message may always have as many elements as it has bytes
 * @param maxZeroSizedElements the elements without content that a message may have, 0 or more
 */
public record BitcodeLimits(int maxElements, int maxZeroSizedElements) {
  /** A million elements, 65,536 of them without content. */
  public static final BitcodeLimits DEFAULT = new BitcodeLimits(1 << 20, 1 << 16);

  /**
   * Checks the ranges.
   *
   * @param maxElements see the record
   * @param maxZeroSizedElements see the record
   * @throws IllegalArgumentException if one is negative
   */
  public BitcodeLimits {
    if (maxElements < 0 || maxZeroSizedElements < 0) {
      throw new IllegalArgumentException(
          "limits are %d and %d, expected 0 or more".formatted(maxElements, maxZeroSizedElements));
    }
  }
}
