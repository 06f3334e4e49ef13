package io.muxio.core.frame;

import static io.muxio.core.wire.Wire.NOTHING;
import static io.muxio.core.wire.Wire.concat;
import static io.muxio.core.wire.Wire.frame;
import static io.muxio.core.wire.Wire.header;
import static io.muxio.core.wire.Wire.pattern;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.muxio.core.frame.ProtocolException.Reason;
import io.muxio.core.wire.Wire;
import io.muxio.core.wire.WireFrame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrameDecoderTest {
  private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);
  private final List<WireFrame> frames = new ArrayList<>();
  private CoreLimits limits = CoreLimits.builder().maxFramePayload(100).build();
  private ByteBudget budget = new ByteBudget(1000);
  private FrameDecoder decoder;

  @AfterEach
  void givesAllBack() {
    decoder.close();
    assertThat(budget.used()).isZero();
    assertThat(allocator.metric().usedHeapMemory()).isZero();
    assertThat(allocator.metric().usedDirectMemory()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void framesAreFoundWhereverTwoMessagesCutThem(FrameFormat format) {
    byte[] bytes = threeFrames(format);
    for (int cut = 0; cut <= bytes.length; cut++) {
      frames.clear();
      decoder(format);
      decode(Arrays.copyOf(bytes, cut), true);
      decode(Arrays.copyOfRange(bytes, cut, bytes.length), true);

      assertThat(again(format)).as("cut at %s", cut).isEqualTo(bytes);
      assertThat(budget.used()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  void framesAreFoundInBytesThatComeOneByOne(FrameFormat format) {
    byte[] bytes = threeFrames(format);
    decoder(format);
    for (byte b : bytes) {
      decode(new byte[] {b}, true);
    }

    assertThat(again(format)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @EnumSource
  void theGenerationIsToldFromAFirstMessageInPieces(FrameFormat format) {
    byte[] first = frame(format.headerSize(), 5, 0, Wire.OPEN, pattern(30));
    for (int cut = 0; cut <= first.length; cut++) {
      frames.clear();
      decoder(null);
      decode(Arrays.copyOf(first, cut), false);
      assertThat(decoder.format()).isNull();
      decode(NOTHING, false);
      decode(Arrays.copyOfRange(first, cut, first.length), true);

      assertThat(decoder.format()).isEqualTo(format);
      assertThat(again(format)).as("cut at %s", cut).isEqualTo(first);
    }
  }

  @ParameterizedTest
  @EnumSource
  void onceDetectedFramesMaySpanMessages(FrameFormat format) {
    byte[] bytes = threeFrames(format);
    decoder(null);
    int first = format.headerSize() + 40;
    decode(Arrays.copyOf(bytes, first), true);
    decode(Arrays.copyOfRange(bytes, first, first + 7), true);
    decode(Arrays.copyOfRange(bytes, first + 7, bytes.length), true);

    assertThat(again(format)).isEqualTo(bytes);
  }

  @Test
  void idsAndSequencesAreUnsignedAndNotChecked() {
    decoder(FrameFormat.GENERATION_13);
    decode(frame(13, -1, -2, Wire.PONG, NOTHING), true);

    assertThat(frames.get(0).summary()).isEqualTo("4294967295#4294967294 pong 0");
  }

  @Test
  void aWholeFrameIsLentInPlace() {
    ByteBuf message = allocator.buffer().writeBytes(frame(13, 1, 0, Wire.OPEN, pattern(50)));
    List<ByteBuf> lent = new ArrayList<>();
    decoder =
        new FrameDecoder(
            FrameFormat.GENERATION_13,
            limits,
            budget,
            allocator,
            (stream, sequence, kind, payload) -> lent.add(payload));
    decoder.decode(message, true, Turn.endless());

    assertThat(lent).hasSize(1);
    assertThat(lent.get(0)).isSameAs(message);
    assertThat(message.isReadable()).isFalse();
    message.release();
  }

  @Test
  void aPayloadOfTheLimitPassesAndOneByteMoreEndsTheConnection() {
    decoder(FrameFormat.GENERATION_13);
    decode(frame(13, 0, 0, Wire.OPEN, pattern(100)), true);
    assertThat(frames).hasSize(1);

    assertEnds(Reason.FRAME_TOO_LARGE, () -> decode(header(13, 101, 0, 1, Wire.DATA), true));
  }

  @ParameterizedTest
  @ValueSource(longs = {101, 0x7fff_ffffL, 0x8000_0000L, 0xffff_ffffL})
  void aLengthOverTheLimitIsRefusedBeforeMemoryIsTaken(long length) {
    decoder(FrameFormat.GENERATION_21);
    byte[] header = header(21, length, 0, 0, Wire.OPEN);
    decode(Arrays.copyOf(header, 20), true);
    long before = allocator.metric().usedHeapMemory() + allocator.metric().usedDirectMemory();
    assertThat(before).isLessThanOrEqualTo(256);

    assertEnds(Reason.FRAME_TOO_LARGE, () -> decode(new byte[1], true));
  }

  @ParameterizedTest
  @ValueSource(ints = {6, 7, 127, 128, 255})
  void anUnknownKindEndsTheConnection(int kind) {
    decoder(FrameFormat.GENERATION_13);
    assertEnds(Reason.UNKNOWN_FRAME_KIND, () -> decode(frame(13, 0, 0, kind, pattern(3)), true));
  }

  @Test
  void anUnknownKindInAFrameThatSpansMessagesEndsTheConnection() {
    decoder(FrameFormat.GENERATION_13);
    byte[] frame = frame(13, 0, 0, 9, pattern(3));
    decode(Arrays.copyOf(frame, 5), true);
    assertEnds(
        Reason.UNKNOWN_FRAME_KIND, () -> decode(Arrays.copyOfRange(frame, 5, frame.length), true));
  }

  @Test
  void framesBeforeAnErrorAreDelivered() {
    decoder(FrameFormat.GENERATION_13);
    byte[] good = frame(13, 0, 0, Wire.OPEN, pattern(3));
    assertEnds(
        Reason.UNKNOWN_FRAME_KIND,
        () -> decode(concat(good, frame(13, 0, 1, 77, NOTHING), good), true));

    assertThat(frames).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 12, 17})
  void aFirstMessageThatIsNoFrameEndsTheConnection(int length) {
    decoder(null);
    assertEnds(Reason.UNKNOWN_GENERATION, () -> decode(new byte[length], true));
  }

  @Test
  void aFirstMessageThatIsNoFrameInPiecesEndsTheConnection() {
    decoder(null);
    decode(new byte[10], false);
    assertEnds(Reason.UNKNOWN_GENERATION, () -> decode(new byte[10], true));
  }

  @Test
  void aFirstMessageInPiecesIsBounded() {
    decoder(null);
    decode(new byte[121], false);
    assertEnds(Reason.FRAME_TOO_LARGE, () -> decode(new byte[1], false));
  }

  @Test
  void aFirstFrameOverTheLimitEndsTheConnection() {
    decoder(null);
    assertEnds(
        Reason.FRAME_TOO_LARGE, () -> decode(frame(13, 0, 0, Wire.OPEN, pattern(101)), true));
  }

  @Test
  void fullBuffersInTheMiddleOfAFrameEndTheConnection() {
    budget = new ByteBudget(30);
    decoder(FrameFormat.GENERATION_13);
    byte[] frame = frame(13, 0, 0, Wire.OPEN, pattern(50));
    decode(Arrays.copyOf(frame, 30), true);
    assertThat(budget.used()).isEqualTo(30);
    assertEnds(Reason.BUFFER_FULL, () -> decode(Arrays.copyOfRange(frame, 30, 31), true));
  }

  @Test
  void aWholeFrameNeedsNoBuffer() {
    budget = new ByteBudget(1);
    decoder(FrameFormat.GENERATION_13);
    decode(frame(13, 0, 0, Wire.OPEN, pattern(50)), true);

    assertThat(frames).hasSize(1);
  }

  @Test
  void aClosedDecoderTakesNothing() {
    decoder(FrameFormat.GENERATION_13);
    decode(new byte[5], true);
    decoder.close();

    assertThat(budget.used()).isZero();
    assertThatIllegalStateException().isThrownBy(() -> decode(new byte[5], true));
  }

  @Test
  void aListenerMayCloseTheDecoder() {
    decoder =
        new FrameDecoder(
            FrameFormat.GENERATION_13,
            limits,
            budget,
            allocator,
            (stream, sequence, kind, payload) -> {
              record(stream, sequence, kind, payload);
              decoder.close();
            });
    byte[] frame = frame(13, 0, 0, Wire.OPEN, pattern(5));
    decode(Arrays.copyOf(frame, 6), true);
    decode(concat(Arrays.copyOfRange(frame, 6, frame.length), frame, new byte[3]), true);

    assertThat(frames).hasSize(1);
  }

  private void assertEnds(Reason reason, ThrowingCallable action) {
    assertThatThrownBy(action)
        .isInstanceOfSatisfying(
            ProtocolException.class,
            e -> {
              assertThat(e.scope()).isEqualTo(ProtocolException.Scope.CONNECTION);
              assertThat(e.reason()).isEqualTo(reason);
              assertThatThrownBy(() -> decode(new byte[1], true)).isSameAs(e);
            });
    assertThat(budget.used()).isZero();
  }

  private void decoder(FrameFormat format) {
    decoder = new FrameDecoder(format, limits, budget, allocator, this::record);
  }

  private void record(int stream, int sequence, FrameKind kind, ByteBuf payload) {
    frames.add(new WireFrame(stream, sequence, kind.code(), ByteBufUtil.getBytes(payload), 0));
  }

  private void decode(byte[] bytes, boolean endOfMessage) {
    ByteBuf lent = allocator.heapBuffer(bytes.length).writeBytes(bytes);
    try {
      decoder.decode(lent, endOfMessage, Turn.endless());
    } finally {
      lent.release();
    }
  }

  private static byte[] threeFrames(FrameFormat format) {
    int header = format.headerSize();
    return concat(
        frame(header, 0, 0, Wire.OPEN, pattern(40)),
        frame(header, 0x8000_0001, 1, Wire.DATA, NOTHING),
        frame(header, 0, 2, Wire.END, pattern(17)));
  }

  private byte[] again(FrameFormat format) {
    return concat(frames.stream().map(frame -> frame.bytes(format.headerSize())).toList());
  }
}
