package io.muxio.benchmarks.codec;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is measured works, and what the documents say of sizes is so. */
class FormatsTest {
  @ParameterizedTest
  @EnumSource
  void everyFormatGivesBackEveryShape(FormatName name) throws Exception {
    for (Shape shape : Shape.values()) {
      Format format = name.of(shape);
      assertThat(format.isValue(format.decode(format.encode()), shape)).as("%s", shape).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "DOUBLES") // nobody makes these smaller
  void recordsTakeTheFewestBytesAsBitcode(Shape shape) throws Exception {
    int bytes = FormatName.BITCODE.of(shape).encode().length;
    for (FormatName other : FormatName.values()) {
      if (other != FormatName.BITCODE) {
        assertThat(other.of(shape).encode().length).as("%s", other).isGreaterThan(bytes);
      }
    }
  }
}
