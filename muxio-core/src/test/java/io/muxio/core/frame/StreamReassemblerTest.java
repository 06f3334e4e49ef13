package io.muxio.core.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.muxio.core.frame.ProtocolException.Reason;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StreamReassemblerTest {
  private static final int HELD = StreamReassembler.HELD_FRAME_SIZE;

  private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);
  private final ByteBudget budget = new ByteBudget(1000 + 64 * HELD);
  private final List<String> received = new ArrayList<>();
  private StreamReassembler order = new StreamReassembler(4, budget, allocator);

  @AfterEach
  void givesAllBack() {
    order.close();
    assertThat(budget.used()).isZero();
    assertThat(allocator.metric().usedHeapMemory()).isZero();
    assertThat(allocator.metric().usedDirectMemory()).isZero();
  }

  @Test
  void framesShuffledWithinTheGapArriveInOrder() {
    for (long seed = 0; seed < 300; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      int gap = random.nextInt(1, 9);
      int count = random.nextInt(1, 40);
      order = new StreamReassembler(gap, budget, allocator);
      received.clear();
      List<Integer> open = new ArrayList<>();
      List<String> expected = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        expected.add(kind(i, count) + " " + i);
        open.add(i);
      }
      while (!open.isEmpty()) {
        int next = open.get(0); // the frames that may come now are next to next + gap
        List<Integer> allowed = open.stream().filter(i -> i <= next + gap).toList();
        Integer chosen = allowed.get(random.nextInt(allowed.size()));
        open.remove(chosen);
        accept(chosen, kind(chosen, count), chosen);
      }

      assertThat(received).as("seed %s", seed).isEqualTo(expected);
      assertThat(budget.used()).as("seed %s", seed).isZero();
    }
  }

  @Test
  void aFrameFurtherAheadThanTheGapIsRefused() {
    accept(4, FrameKind.DATA, 4);
    assertFails(Reason.SEQUENCE_GAP, () -> accept(5, FrameKind.DATA, 5));

    restart();
    accept(0, FrameKind.OPEN, 0);
    accept(5, FrameKind.DATA, 5);
    assertFails(Reason.SEQUENCE_GAP, () -> accept(6, FrameKind.DATA, 6));
  }

  @Test
  void aGapOfNoneAllowsNoFrameAhead() {
    order = new StreamReassembler(0, budget, allocator);
    assertFails(Reason.SEQUENCE_GAP, () -> accept(1, FrameKind.DATA, 1));
    accept(0, FrameKind.OPEN, 0);
    accept(1, FrameKind.END, 1);
    assertThat(received).containsExactly("OPEN 0", "END 1");
  }

  @Test
  void aSequenceThatWasPassedOnIsRefused() {
    accept(0, FrameKind.OPEN, 0);
    accept(1, FrameKind.DATA, 1);
    assertFails(Reason.SEQUENCE_REPEATED, () -> accept(1, FrameKind.DATA, 1));
    assertFails(Reason.SEQUENCE_REPEATED, () -> accept(0, FrameKind.OPEN, 0));
  }

  @Test
  void aSequenceThatIsHeldIsRefused() {
    accept(2, FrameKind.DATA, 2);
    assertFails(Reason.SEQUENCE_REPEATED, () -> accept(2, FrameKind.DATA, 2));
  }

  @Test
  void dataAtTheBeginningIsOutOfPlace() {
    assertFails(Reason.FRAME_OUT_OF_PLACE, () -> accept(0, FrameKind.DATA, 0));
  }

  @Test
  void openLaterIsOutOfPlaceAlsoWhenItWasHeld() {
    accept(0, FrameKind.OPEN, 0);
    assertFails(Reason.FRAME_OUT_OF_PLACE, () -> accept(1, FrameKind.OPEN, 1));

    restart();
    accept(1, FrameKind.OPEN, 1);
    assertFails(Reason.FRAME_OUT_OF_PLACE, () -> accept(0, FrameKind.OPEN, 0));
  }

  @Test
  void aStreamMayBeOneEnd() {
    accept(0, FrameKind.END, 0);
    assertThat(received).containsExactly("END 0");
  }

  @Test
  void nothingIsPassedOnAfterTheEnd() {
    accept(2, FrameKind.DATA, 2);
    accept(1, FrameKind.END, 1);
    accept(0, FrameKind.OPEN, 0);

    assertThat(received).containsExactly("OPEN 0", "END 1");
  }

  @Test
  void heldFramesAreChargedUntilTheyArePassedOn() {
    accept(2, FrameKind.DATA, 10);
    accept(1, FrameKind.DATA, 20);
    assertThat(budget.used()).isEqualTo(30 + 2 * HELD);
    accept(0, FrameKind.OPEN, 500);

    assertThat(budget.used()).isZero();
    assertThat(received).containsExactly("OPEN 500", "DATA 20", "DATA 10");
  }

  @Test
  void heldFramesOverTheBudgetAreRefused() {
    budget.reserve(62 * HELD);
    accept(1, FrameKind.DATA, 600);
    assertFails(Reason.BUFFER_FULL, () -> accept(2, FrameKind.DATA, 401));
    accept(2, FrameKind.DATA, 400);
    assertThat(budget.used()).isEqualTo(1000 + 64 * HELD);
    budget.release(62 * HELD);
  }

  @Test
  void closingGivesHeldFramesBack() {
    accept(1, FrameKind.DATA, 600);
    order.close();

    assertThat(budget.used()).isZero();
  }

  private void assertFails(Reason reason, ThrowingCallable action) {
    assertThatThrownBy(action)
        .isInstanceOfSatisfying(
            ProtocolException.class,
            e -> {
              assertThat(e.scope()).isEqualTo(ProtocolException.Scope.STREAM);
              assertThat(e.reason()).isEqualTo(reason);
            });
  }

  private void restart() {
    order.close();
    order = new StreamReassembler(4, budget, allocator);
    received.clear();
  }

  private static FrameKind kind(int i, int count) {
    return i == count - 1 ? FrameKind.END : i == 0 ? FrameKind.OPEN : FrameKind.DATA;
  }

  /** A frame is told by the length of its payload. */
  private void accept(int sequence, FrameKind kind, int length) {
    ByteBuf payload = allocator.buffer().writeZero(length);
    try {
      order.accept(
          sequence, kind, payload, (k, bytes) -> received.add(k + " " + bytes.readableBytes()));
    } finally {
      payload.release();
    }
  }
}
