package io.muxio.core.frame;

import static io.muxio.core.wire.Wire.NOTHING;
import static io.muxio.core.wire.Wire.concat;
import static io.muxio.core.wire.Wire.frame;
import static io.muxio.core.wire.Wire.header;
import static io.muxio.core.wire.Wire.pattern;
import static org.assertj.core.api.Assertions.assertThat;

import io.muxio.core.wire.Wire;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrameFormatTest {
  @ParameterizedTest
  @EnumSource
  void oneFrameOfAnyLengthDecides(FrameFormat format) {
    for (int length = 0; length < 300; length++) {
      byte[] zeros = frame(format.headerSize(), 0, 0, Wire.OPEN, new byte[length]);
      byte[] mixed = frame(format.headerSize(), 0, 0, Wire.OPEN, pattern(length));

      assertThat(detect(zeros)).as("%s zeros", length).isEqualTo(format);
      assertThat(detect(mixed)).as("%s bytes", length).isEqualTo(format);
    }
  }

  @ParameterizedTest
  @EnumSource
  void severalFramesDecide(FrameFormat format) {
    int header = format.headerSize();
    byte[] message =
        concat(
            frame(header, 0, 0, Wire.OPEN, pattern(40)),
            frame(header, 0, 1, Wire.END, NOTHING),
            frame(header, 1, 0, Wire.OPEN, pattern(41)));

    assertThat(detect(message)).isEqualTo(format);
  }

  @ParameterizedTest
  @EnumSource
  void indicesAreRespectedAndNotChanged(FrameFormat format) {
    byte[] frame = frame(format.headerSize(), 0, 0, Wire.OPEN, pattern(9));
    ByteBuf message = Unpooled.wrappedBuffer(concat(new byte[3], frame, new byte[5]));
    message.setIndex(3, 3 + frame.length);

    assertThat(FrameFormat.detect(message)).isEqualTo(format);
    assertThat(message.readerIndex()).isEqualTo(3);
    assertThat(message.writerIndex()).isEqualTo(3 + frame.length);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 12, 14, 20, 22})
  void otherLengthsAreNeither(int length) {
    assertThat(detect(new byte[length])).isNull();
  }

  @ParameterizedTest
  @EnumSource
  void aFrameThatDoesNotEndWithTheMessageIsNeither(FrameFormat format) {
    byte[] frame = frame(format.headerSize(), 0, 0, Wire.OPEN, pattern(30));

    assertThat(detect(concat(frame, new byte[1]))).isNull();
    assertThat(detect(java.util.Arrays.copyOf(frame, frame.length - 1))).isNull();
  }

  @ParameterizedTest
  @EnumSource
  void aLengthOfFourGibibytesIsNeither(FrameFormat format) {
    assertThat(detect(header(format.headerSize(), 0xffff_ffffL, 0, 0, Wire.OPEN))).isNull();
    assertThat(detect(header(format.headerSize(), 0x8000_0000L, 0, 0, Wire.OPEN))).isNull();
  }

  @Test
  void anUnknownKindIsNeither() {
    assertThat(detect(frame(13, 0, 0, 6, pattern(30)))).isNull();
    assertThat(detect(frame(21, 0, 0, 255, pattern(30)))).isNull();
  }

  private static FrameFormat detect(byte[] message) {
    return FrameFormat.detect(Unpooled.wrappedBuffer(message));
  }
}
