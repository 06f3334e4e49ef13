package io.muxio.bitcode;

import static java.util.Map.entry;
import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.function.Function;

/** The generic types of the library that have a counterpart in Rust. */
final class ContainerForms {
  private static final Map<Class<?>, Function<Contents, BitcodeCodec<?>>> FORMS =
      Map.ofEntries(
          entry(List.class, contents -> Bitcode.list(contents.first())),
          entry(Set.class, contents -> Bitcode.set(contents.first())),
          entry(SortedSet.class, contents -> Bitcode.sortedSet(contents.first())),
          entry(Map.class, contents -> Bitcode.map(contents.first(), contents.second())),
          entry(
              SortedMap.class, contents -> Bitcode.sortedMap(contents.first(), contents.second())),
          entry(Optional.class, contents -> Bitcode.option(contents.first())),
          entry(Result.class, contents -> Bitcode.result(contents.first(), contents.second())));

  private ContainerForms() {}

  static boolean has(Class<?> type) {
    return FORMS.containsKey(type);
  }

  /**
   * The codec of a container.
   *
   * @param contents the codecs of its type arguments
   * @throws IllegalArgumentException if there is none, for example because keys have no order
   */
  static BitcodeCodec<?> of(JavaType type, List<BitcodeCodec<?>> contents) {
    Function<Contents, BitcodeCodec<?>> form = requireNonNull(FORMS.get(type.raw()), "a container");
    BitcodeCodec<?> codec = form.apply(new Contents(contents));
    if (type.form() != WireForm.PLAIN) {
      throw new IllegalArgumentException(LeafForms.misfit(type, "it on the elements"));
    }
    if (type.fixedLength() == JavaType.ANY_LENGTH) {
      return codec;
    }
    if (codec instanceof BitcodeVec<?> list) {
      return list.fixed(type.fixedLength());
    }
    throw new IllegalArgumentException(LeafForms.misfit(type, LeafForms.FIXED));
  }

  /** The codecs of the type arguments. */
  private record Contents(List<BitcodeCodec<?>> codecs) {
    BitcodeCodec<Object> first() {
      return erased(0);
    }

    BitcodeCodec<Object> second() {
      return erased(1);
    }

    @SuppressWarnings(
        "unchecked") // The values are of the type arguments, of whose codecs these are.
    private BitcodeCodec<Object> erased(int index) {
      return (BitcodeCodec<Object>) codecs.get(index);
    }
  }
}
