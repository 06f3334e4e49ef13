package io.muxio.core.frame;

import static io.muxio.core.wire.Wire.concat;
import static io.muxio.core.wire.Wire.pattern;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.muxio.core.frame.FrameStreamEncoder.State;
import io.muxio.core.wire.Wire;
import io.muxio.core.wire.WireFrame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrameStreamEncoderTest {
  private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);
  private final List<byte[]> messages = new ArrayList<>();
  private final FrameWriter writer = new FrameWriter(allocator, 1 << 16, () -> 0, this::send);

  @AfterEach
  void givesAllBack() {
    writer.close();
    assertThat(allocator.metric().usedHeapMemory()).isZero();
    assertThat(allocator.metric().usedDirectMemory()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "10, 9, '9'",
    "10, 10, '10'",
    "10, 11, '10 1'",
    "10, 30, '10 10 10'",
    "1, 3, '1 1 1'"
  })
  void payloadIsCutAtTheChunkSize(int chunkSize, int size, String lengths) {
    FrameStreamEncoder stream = stream(chunkSize);
    stream.write(buffer(size));
    stream.end();

    List<WireFrame> frames = flush();
    int last = frames.size() - 1;
    assertThat(frames.get(last).summary()).isEqualTo("7#" + last + " end 0");
    assertThat(frames.subList(0, last))
        .extracting(frame -> String.valueOf(frame.payload().length))
        .isEqualTo(List.of(lengths.split(" ", -1)));
    assertThat(frames).extracting(WireFrame::sequence).isSorted();
    assertThat(frames.get(0).kind()).isEqualTo(Wire.OPEN);
    assertThat(frames.subList(1, last)).allMatch(frame -> frame.kind() == Wire.DATA);
    assertThat(concat(frames.stream().map(WireFrame::payload).toList())).isEqualTo(pattern(size));
  }

  @Test
  void anEmptyPayloadWritesNothing() {
    FrameStreamEncoder stream = stream(10);
    stream.write(Unpooled.EMPTY_BUFFER);

    assertThat(stream.state()).isEqualTo(State.IDLE);
    assertThat(flush()).isEmpty();
  }

  @Test
  void anEndNeedsAnOpen() {
    FrameStreamEncoder stream = stream(10);
    assertThatIllegalStateException().isThrownBy(stream::end).withMessageContaining("IDLE");
  }

  @Test
  void aCancelGoesAloneInItsMessage() {
    FrameStreamEncoder stream = stream(10);
    FrameStreamEncoder other = new FrameStreamEncoder(8, 10, writer);
    stream.write(buffer(5));
    other.write(buffer(5));
    stream.cancel();
    other.end();
    writer.flush();

    assertThat(messages.stream().map(FrameStreamEncoderTest::summaries))
        .containsExactly(
            List.of("7#0 open 5", "8#0 open 5"), List.of("7#1 cancel 0"), List.of("8#1 end 0"));
    assertThat(stream.state()).isEqualTo(State.CANCELLED);
  }

  @Test
  void aCancelOfAStreamThatWasNotOpenedSendsNothing() {
    FrameStreamEncoder stream = stream(10);
    stream.cancel();

    assertThat(flush()).isEmpty();
    assertThat(stream.state()).isEqualTo(State.CANCELLED);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void nothingIsSentAfterEndOrCancel(boolean end) {
    FrameStreamEncoder stream = stream(10);
    stream.write(buffer(5));
    if (end) {
      stream.end();
    } else {
      stream.cancel();
    }
    int before = flush().size();

    assertThatIllegalStateException().isThrownBy(stream::end);
    assertThatIllegalStateException().isThrownBy(stream::cancel);
    assertThatIllegalStateException().isThrownBy(() -> stream.startFrame(0));
    assertThatIllegalStateException().isThrownBy(() -> stream.write(buffer(5)));
    assertThatIllegalStateException().isThrownBy(() -> stream.write(buffer(50)));
    assertThat(flush()).hasSize(before);
  }

  private void send(ByteBuf message) {
    messages.add(ByteBufUtil.getBytes(message));
    message.release();
  }

  private FrameStreamEncoder stream(int chunkSize) {
    writer.use(FrameFormat.GENERATION_13);
    return new FrameStreamEncoder(7, chunkSize, writer);
  }

  private ByteBuf buffer(int size) {
    return allocator.buffer().writeBytes(pattern(size));
  }

  private List<WireFrame> flush() {
    writer.flush();
    return Wire.frames(13, concat(messages));
  }

  private static List<String> summaries(byte[] message) {
    return Wire.frames(13, message).stream().map(WireFrame::summary).toList();
  }
}
