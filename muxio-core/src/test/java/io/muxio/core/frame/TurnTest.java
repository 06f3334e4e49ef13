package io.muxio.core.frame;

import static io.muxio.core.wire.Wire.NOTHING;
import static io.muxio.core.wire.Wire.concat;
import static io.muxio.core.wire.Wire.frame;
import static io.muxio.core.wire.Wire.pattern;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.muxio.core.wire.Wire;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TurnTest {
  private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);
  private final ByteBudget budget = new ByteBudget(1 << 20);
  private final List<Integer> streams = new ArrayList<>();
  private FrameDecoder decoder = decoder(null);

  @AfterEach
  void givesAllBack() {
    decoder.close();
    assertThat(budget.used()).isZero();
    assertThat(allocator.metric().usedHeapMemory()).isZero();
    assertThat(allocator.metric().usedDirectMemory()).isZero();
  }

  private FrameDecoder decoder(FrameFormat format) {
    return new FrameDecoder(
        format,
        CoreLimits.DEFAULT,
        budget,
        allocator,
        (stream, sequence, kind, payload) -> streams.add(stream));
  }

  private static byte[] frames(int count, int payload) {
    byte[][] frames = new byte[count][];
    for (int i = 0; i < count; i++) {
      frames[i] = frame(13, i, 0, Wire.OPEN, payload == 0 ? NOTHING : pattern(payload));
    }
    return concat(frames);
  }

  private ByteBuf buffer(byte[] bytes) {
    return allocator.heapBuffer(bytes.length).writeBytes(bytes);
  }

  /** How many frames each turn has brought. */
  private List<Integer> perTurn(ByteBuf message, Turn turn) {
    List<Integer> counts = new ArrayList<>();
    boolean done;
    do {
      int before = streams.size();
      done = decoder.decode(message, true, turn.begin());
      counts.add(streams.size() - before);
    } while (!done);
    return counts;
  }

  @Test
  void framesAreCounted() {
    ByteBuf message = buffer(frames(25, 0));

    assertThat(perTurn(message, Turn.of(10))).containsExactly(10, 10, 5);
    assertThat(message.isReadable()).isFalse();
    assertThat(streams).hasSize(25).isSorted();
    message.release();
  }

  @Test
  void soAreTheirBytes() {
    ByteBuf message = buffer(frames(4, 10_000));

    assertThat(perTurn(message, Turn.of(10))).containsExactly(2, 2);
    message.release();
  }

  @Test
  void aTurnThatIsNeverOverBringsAll() {
    ByteBuf message = buffer(frames(10_000, 0));

    assertThat(perTurn(message, Turn.endless())).containsExactly(10_000);
    message.release();
  }

  @Test
  void aFirstMessageInPartsIsNoExceptionAndTheNextComesBehindIt() {
    byte[] frames = frames(25, 0);
    ByteBuf begin = buffer(Arrays.copyOf(frames, 100));
    ByteBuf rest = buffer(Arrays.copyOfRange(frames, 100, frames.length));
    assertThat(decoder.decode(begin, false, Turn.of(10))).isTrue();

    assertThat(perTurn(rest, Turn.of(10))).containsExactly(10, 10, 5);
    assertThat(streams).hasSize(25).isSorted();
    begin.release();
    rest.release();
  }

  @Test
  void whatIsLeftOfAFirstMessageIsReleased() {
    byte[] frames = frames(25, 0);
    ByteBuf begin = buffer(Arrays.copyOf(frames, 100));
    ByteBuf rest = buffer(Arrays.copyOfRange(frames, 100, frames.length));
    decoder.decode(begin, false, Turn.of(10));

    assertThat(decoder.decode(rest, true, Turn.of(10))).isFalse();
    begin.release();
    rest.release();
  }

  @Test
  void anErrorComesBehindTheFramesBeforeIt() {
    decoder = decoder(FrameFormat.GENERATION_13);
    ByteBuf message = buffer(concat(frames(10, 0), frame(13, 1, 0, 9, NOTHING)));
    Turn turn = Turn.of(10);

    assertThat(decoder.decode(message, true, turn)).isFalse();
    assertThat(streams).hasSize(10);
    assertThatThrownBy(() -> decoder.decode(message, true, turn.begin()))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("frame kind: 9");
    message.release();
  }

  @Test
  void aTurnHasAtLeastOneStep() {
    assertThatIllegalArgumentException().isThrownBy(() -> Turn.of(0)).withMessageContaining("0");
  }
}
