package io.muxio.bitcode;

import static io.muxio.bitcode.Enums.constant;
import static io.muxio.bitcode.Enums.enumOf;
import static io.muxio.bitcode.Enums.variant;
import static io.muxio.bitcode.Enums.variants;
import static io.muxio.bitcode.Structs.field;
import static io.muxio.bitcode.Structs.struct;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EnumsTest {
  sealed interface Shape {}

  record Circle(double radius) implements Shape {}

  record Rect(double width, double height) implements Shape {}

  record Label(String text) implements Shape {}

  enum Fixed implements Shape {
    ORIGIN,
    EVERYTHING {
      @Override
      public String toString() {
        return "everything";
      }
    }
  }

  enum One {
    ONLY
  }

  static final BitcodeCodec<Shape> SHAPE =
      variants(
          constant("Origin", Fixed.ORIGIN),
          variant(
              "Circle", Circle.class, struct(Circle::new, field(Circle::radius, Bitcode.f64()))),
          variant(
              "Rect",
              Rect.class,
              struct(
                  Rect::new,
                  field("w", Rect::width, Bitcode.f64()),
                  field("h", Rect::height, Bitcode.f64()))),
          variant("Label", Label.class, Bitcode.string().map(Label::new, Label::text)));

  @Test
  void variantsKeepTheirOrderAndColumns() {
    BitcodeVec<List<Shape>> codec = Bitcode.list(SHAPE);
    List<Shape> shapes =
        List.of(new Label("a"), Fixed.ORIGIN, new Rect(1, 2), new Label("b"), new Circle(0));
    byte[] message = codec.encode(shapes);
    assertThat(codec.decode(message)).isEqualTo(shapes);
    // Five variants in radix 4: 3, 0, 2, 3 and 1.
    assertThat(message).startsWith(5, 3 + 2 * 16 + 3 * 64, 1, 6, 0);
    assertThat(SHAPE).hasToString("enum{Origin,Circle(f64),Rect{w:f64,h:f64},Label(String)}");
  }

  @Test
  void unknownVariantsAreRejected() {
    assertThatThrownBy(() -> Bitcode.list(SHAPE).encode(List.of(Fixed.ORIGIN, Fixed.EVERYTHING)))
        .isInstanceOf(BitcodeException.class)
        .hasMessageStartingWith("[1]: ")
        .hasMessageContaining("EnumsTest$Fixed")
        .hasMessageEndingWith("is none of the variants Origin, Circle, Rect, Label");
  }

  @Test
  void pathsNameTheVariant() {
    assertThatThrownBy(() -> SHAPE.encode(new Label("\ud800")))
        .isInstanceOf(BitcodeException.class)
        .hasMessageStartingWith("Label: surrogate U+D800");
    assertThatThrownBy(() -> SHAPE.decode(new byte[] {2, 6, 0, 9}))
        .isInstanceOf(BitcodeException.class)
        .hasMessage("Rect.h: header 9 of a column of 64 bit integers, expected 0 to 6");
  }

  @Test
  void subclassesAndConstantsOfAClass() {
    BitcodeCodec<Object> codec =
        variants(
            constant("Zero", 0),
            variant("Int", Integer.class, Bitcode.i32()),
            variant("Number", Number.class, Bitcode.f64().map(d -> d, Number::doubleValue)));
    assertThat(codec.encode(0)).containsExactly(0);
    assertThat(codec.encode(5)).containsExactly(1, 4, 5);
    assertThat(codec.encode(0.0f)).containsExactly(2, 6, 0);
  }

  @Test
  void variantsMustDiffer() {
    assertThatThrownBy(
            () ->
                variants(
                    variant("A", String.class, Bitcode.string()),
                    variant("B", String.class, Bitcode.string())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("A and B");
    assertThatThrownBy(() -> variants(variant("A", Bitcode.string())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no class");
  }

  @Test
  void at256VariantsItEnds() {
    List<Variant<Integer>> full =
        IntStream.range(0, 256).mapToObj(i -> constant("V" + i, i)).toList();
    BitcodeCodec<Integer> codec = variants(Integer::intValue, full);
    assertThat(codec.encode(255)).containsExactly(255);
    assertThat(codec.decode(new byte[] {(byte) 200})).isEqualTo(200);
    List<Variant<Integer>> more =
        IntStream.range(0, 257).mapToObj(i -> constant("V" + i, i)).toList();
    assertThatThrownBy(() -> variants(Integer::intValue, more))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("257 variants, expected at most 256");
  }

  @Test
  void enumsOfConstants() {
    assertThat(enumOf(One.class).encode(One.ONLY)).isEmpty();
    assertThat(enumOf(One.class).decode(new byte[0])).isEqualTo(One.ONLY);
    assertThat(enumOf(Fixed.class).decode(new byte[] {1})).isEqualTo(Fixed.EVERYTHING);
    assertThat(enumOf(Fixed.class)).hasToString("enum{ORIGIN,EVERYTHING}");
    assertThatThrownBy(() -> enumOf(Fixed.class).encode(null)).isInstanceOf(BitcodeException.class);
  }
}
