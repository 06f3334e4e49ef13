package io.muxio.core.frame;

import static io.muxio.core.wire.Wire.NOTHING;
import static io.muxio.core.wire.Wire.concat;
import static io.muxio.core.wire.Wire.frame;
import static io.muxio.core.wire.Wire.pattern;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.muxio.core.wire.Wire;
import io.muxio.core.wire.WireFrame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FrameWriterTest {
  private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);
  private final List<byte[]> messages = new ArrayList<>();
  private FrameWriter writer = writer(1000, FrameFormat.GENERATION_13);

  @AfterEach
  void givesAllBack() {
    writer.close();
    assertThat(allocator.metric().usedHeapMemory()).isZero();
    assertThat(allocator.metric().usedDirectMemory()).isZero();
  }

  @Test
  void theHeaderOf13BytesIsAsDocumented() {
    write(0x8000_0102, 3, FrameKind.DATA, pattern(2));
    writer.flush();

    assertThat(hex(messages.get(0)))
        .isEqualTo("02000000" + "02010080" + "03000000" + "01" + "0001");
  }

  @Test
  void theHeaderOf21BytesEndsWithTheClock() {
    writer = writer(1000, FrameFormat.GENERATION_21);
    write(0x8000_0102, 3, FrameKind.DATA, pattern(2));
    writer.flush();

    assertThat(hex(messages.get(0)))
        .isEqualTo("02000000" + "02010080" + "03000000" + "01" + "8877665544332211" + "0001");
  }

  @Test
  void nothingLeavesBeforeAFlushAndAFlushOfNothingSendsNothing() {
    write(1, 0, FrameKind.OPEN, pattern(2));
    assertThat(messages).isEmpty();
    writer.flush();
    writer.flush();

    assertThat(messages).hasSize(1);
  }

  @Test
  void framesArePackedIntoAMessageUpToItsSize() {
    byte[] frame = frame(13, 1, 0, Wire.OPEN, pattern(87));
    for (int i = 0; i < 21; i++) {
      write(1, 0, FrameKind.OPEN, pattern(87));
    }
    assertThat(messages).as("full messages leave by themselves").hasSize(2);
    writer.flush();

    assertThat(messages).extracting(message -> message.length).containsExactly(1000, 1000, 100);
    assertThat(concat(messages)).isEqualTo(concat(java.util.Collections.nCopies(21, frame)));
  }

  @Test
  void aFrameThatDoesNotFitGoesIntoTheNextMessage() {
    write(1, 0, FrameKind.OPEN, pattern(487));
    write(1, 1, FrameKind.DATA, pattern(488));
    writer.flush();

    assertThat(messages).extracting(message -> message.length).containsExactly(500, 501);
  }

  @Test
  void aFrameLargerThanAMessageGoesAlone() {
    write(1, 0, FrameKind.OPEN, pattern(5));
    write(1, 1, FrameKind.DATA, pattern(2000));
    write(1, 2, FrameKind.END, NOTHING);
    writer.flush();

    assertThat(messages).extracting(message -> message.length).containsExactly(18, 2013, 13);
  }

  @ParameterizedTest
  @CsvSource({"4095, true", "4096, true", "60000, true", "4096, false", "60000, false"})
  void aLargePayloadIsByteExactAmongSmallOnes(int size, boolean direct) {
    writer = writer(1 << 20, FrameFormat.GENERATION_13);
    List<byte[]> expected = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      byte[] payload = pattern(i % 3 == 1 ? size : 3 * i);
      ByteBuf buffer = direct ? allocator.directBuffer() : allocator.heapBuffer();
      buffer.writeByte(99).writeBytes(payload).writeByte(99); // indices are to be respected
      buffer.setIndex(1, 1 + payload.length);
      writer.start(7, i, FrameKind.DATA, payload.length);
      writer.append(buffer);
      expected.add(frame(13, 7, i, Wire.DATA, payload));
    }
    writer.flush();

    assertThat(messages).hasSize(1);
    assertThat(messages.get(0)).isEqualTo(concat(expected));
  }

  @Test
  void aPayloadMayBeAppendedInPartsOrWrittenIntoTheBuffer() {
    byte[] payload = pattern(10_007);
    ByteBuf out = writer.start(7, 0, FrameKind.OPEN, payload.length);
    out.writeBytes(payload, 0, 7);
    writer.append(allocator.directBuffer().writeBytes(payload, 7, 5000));
    writer.append(allocator.heapBuffer().writeBytes(payload, 5007, 5000));
    writer.flush();

    assertThat(messages.get(0)).isEqualTo(frame(13, 7, 0, Wire.OPEN, payload));
  }

  @Test
  void theGenerationMustBeKnown() {
    writer = writer(1000, null);
    assertThat(writer.format()).isNull();
    assertThatIllegalStateException().isThrownBy(() -> writer.start(0, 0, FrameKind.OPEN, 0));

    writer.use(FrameFormat.GENERATION_21);
    write(0, 0, FrameKind.OPEN, NOTHING);
    writer.flush();
    assertThat(messages.get(0)).hasSize(21);
  }

  @Test
  void closingDropsWhatWasNotSent() {
    write(1, 0, FrameKind.OPEN, pattern(20));
    writer.start(1, 1, FrameKind.DATA, 5000);
    writer.append(allocator.directBuffer().writeBytes(pattern(5000)));
    write(1, 2, FrameKind.END, NOTHING);
    messages.clear();
    writer.close();
    writer.flush();

    assertThat(messages).isEmpty();
  }

  @Test
  void theTestsOwnReaderReadsWhatWasWritten() {
    write(3, 0, FrameKind.OPEN, pattern(20));
    write(3, 1, FrameKind.CANCEL, NOTHING);
    writer.flush();

    assertThat(Wire.frames(13, concat(messages)))
        .extracting(WireFrame::summary)
        .containsExactly("3#0 open 20", "3#1 cancel 0");
  }

  private FrameWriter writer(int maxMessageSize, FrameFormat format) {
    FrameWriter writer =
        new FrameWriter(
            allocator,
            maxMessageSize,
            () -> 0x1122_3344_5566_7788L,
            message -> {
              messages.add(ByteBufUtil.getBytes(message));
              message.release();
            });
    if (format != null) {
      writer.use(format);
    }
    return writer;
  }

  private void write(int stream, int sequence, FrameKind kind, byte[] payload) {
    writer.start(stream, sequence, kind, payload.length);
    writer.append(allocator.buffer().writeBytes(payload));
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
