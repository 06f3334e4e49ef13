package io.muxio.bitcode;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Types that have no codec say so when it is made, and where. */
@SuppressWarnings("ArrayRecordComponent") // No value of them is ever made.
class DerivationRefusalTest {
  private static final String HERE = DerivationRefusalTest.class.getName() + "$";

  record Unknown(String name, List<Optional<Instant>> at) {}

  record Concrete(ArrayList<String> list) {}

  record Narrow(@U8 long value) {}

  record Marked(@U16 String value) {}

  record MarkedList(@U8 List<Integer> value) {}

  record FixedText(@FixedLength(3) String value) {}

  record FixedSet(@FixedLength(3) Set<String> value) {}

  record Negative(@FixedLength(-1) int[] value) {}

  record Twice(@U8 @U16 int value) {}

  record MarkedRecord(@U8 Marked value) {}

  record Box<T>(T value) {}

  record MarkedVariable<T>(@U8 T value) {}

  record OfVariable(MarkedVariable<Integer> box) {}

  record Wild(List<? extends Number> values) {}

  @SuppressWarnings("rawtypes")
  record Raw(List values) {}

  @SuppressWarnings("rawtypes")
  record RawBox(Box box) {}

  record Objects(String[] values) {}

  record Matrix(int[][] values) {}

  record Tree(int value, List<Branch> branches) {}

  record Branch(Optional<Tree> tree) {}

  record Endless<T>(Optional<Endless<List<T>>> more) {}

  record Start(Endless<String> endless) {}

  record SortedFloats(SortedSet<Double> values) {}

  record Nothing(Optional<Void> nothing) {}

  sealed interface WithEnum {
    record One() implements WithEnum {}

    enum Two implements WithEnum {
      A
    }
  }

  sealed interface WithSealed {
    record One() implements WithSealed {}

    sealed interface Two extends WithSealed {}

    record Three() implements Two {}
  }

  sealed interface Free<T> {
    record Any<T, X>(X value) implements Free<T> {}
  }

  record OfFree(Free<String> free) {}

  enum Partly {
    @VariantIndex(0)
    A,
    B
  }

  enum Gap {
    @VariantIndex(0)
    A,
    @VariantIndex(2)
    B
  }

  sealed interface Same {
    @VariantIndex(0)
    record A() implements Same {}

    @VariantIndex(0)
    record B() implements Same {}
  }

  static List<Arguments> types() {
    String component = " of " + HERE;
    return List.of(
        Arguments.of(
            Unknown.class,
            "component at" + component + "Unknown: java.time.Instant has no counterpart in Rust, "),
        Arguments.of(
            Concrete.class,
            "component list"
                + component
                + "Concrete: java.util.ArrayList<java.lang.String> has no counterpart in Rust, "),
        Arguments.of(
            Narrow.class,
            "component value"
                + component
                + "Narrow: @U8 does not fit long, expected no annotation or @U32 or @U64"),
        Arguments.of(
            Marked.class,
            "component value"
                + component
                + "Marked: @U16 does not fit java.lang.String, expected no annotation"),
        Arguments.of(
            MarkedList.class,
            "component value"
                + component
                + "MarkedList: @U8 does not fit java.util.List, expected it on the elements"),
        Arguments.of(
            FixedText.class,
            "component value"
                + component
                + "FixedText: @FixedLength(3) does not fit java.lang.String, "
                + "expected it on a List or an array of primitives"),
        Arguments.of(
            FixedSet.class,
            "component value"
                + component
                + "FixedSet: @FixedLength(3) does not fit java.util.Set, "
                + "expected it on a List or an array of primitives"),
        Arguments.of(
            Negative.class,
            "component value" + component + "Negative: @FixedLength(-1), expected 0 or more"),
        Arguments.of(
            Twice.class,
            "component value" + component + "Twice: @U8 and @U16 on one type, expected one"),
        Arguments.of(
            MarkedRecord.class,
            "component value"
                + component
                + "MarkedRecord: @U8 does not fit "
                + HERE
                + "Marked, expected no annotation"),
        Arguments.of(
            OfVariable.class,
            "component value"
                + component
                + "MarkedVariable: @U8 on the type variable T, "
                + "expected it on the type that is put for T"),
        Arguments.of(
            Wild.class,
            "component values"
                + component
                + "Wild: ? extends java.lang.Number is a wildcard, expected a type"),
        Arguments.of(
            Raw.class,
            "component values"
                + component
                + "Raw: java.util.List is used without type arguments, expected 1"),
        Arguments.of(
            RawBox.class, HERE + "Box: " + HERE + "Box is used without type arguments, expected 1"),
        Arguments.of(
            Objects.class,
            "component values"
                + component
                + "Objects: java.lang.String[] is an array of objects, expected a List"),
        Arguments.of(
            Matrix.class,
            "component values"
                + component
                + "Matrix: int[][] is an array of objects, expected a List"),
        Arguments.of(
            Tree.class,
            "component tree"
                + component
                + "Branch: "
                + HERE
                + "Tree contains itself, as Tree (component branches) -> Branch (component tree)"
                + " -> Tree, which bitcode cannot express"),
        Arguments.of(
            Start.class,
            "component more"
                + component
                + "Endless: "
                + HERE
                + "Endless is nested more than 100 deep, or contains itself with ever other"
                + " arguments"),
        Arguments.of(
            SortedFloats.class,
            "component values"
                + component
                + "SortedFloats: f64 cannot be a sorted key: it has no total order"),
        Arguments.of(
            Nothing.class,
            "component nothing"
                + component
                + "Nothing: java.lang.Void inside a type, expected io.muxio.bitcode.Unit"),
        Arguments.of(
            WithEnum.class,
            "variant Two"
                + component
                + "WithEnum: "
                + HERE
                + "WithEnum$Two is no record, expected one; "
                + "without components for a variant without fields"),
        Arguments.of(
            WithSealed.class,
            "variant Two"
                + component
                + "WithSealed: "
                + HERE
                + "WithSealed$Two is no record, expected one; "
                + "with one component for a variant that holds another enum"),
        Arguments.of(
            OfFree.class,
            "variant Any"
                + component
                + "Free: "
                + HERE
                + "Free does not say what the type variable X of "
                + HERE
                + "Free$Any is"),
        Arguments.of(
            Partly.class,
            HERE + "Partly.B has no @VariantIndex, expected one on all variants or on none"),
        Arguments.of(
            Gap.class, "@VariantIndex(2) on " + HERE + "Gap.B, expected 0 to 1 without a gap"),
        Arguments.of(
            Same.class,
            HERE
                + "Same: @VariantIndex(0) on "
                + HERE
                + "Same$A and on "
                + HERE
                + "Same$B, expected different numbers"),
        Arguments.of(Object.class, "java.lang.Object has no counterpart in Rust, "));
  }

  @ParameterizedTest
  @MethodSource("types")
  void refused(Class<?> type, String message) {
    assertThatThrownBy(() -> Bitcode.codec(type))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void codecsOfYourOwn() {
    assertThatThrownBy(
            () ->
                BitcodeDerivation.builder()
                    .with(Optional.class, Bitcode.u8().map(i -> Optional.empty(), o -> 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("java.util.Optional is generic, expected a class without type parameters");
    BitcodeDerivation.Builder builder =
        BitcodeDerivation.builder().with(String.class, Bitcode.string());
    assertThatThrownBy(() -> builder.with(String.class, Bitcode.string()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a second codec for java.lang.String, expected one");
    assertThatThrownBy(() -> builder.build().codec(Marked.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("@U16 does not fit java.lang.String, expected no annotation");
  }
}
