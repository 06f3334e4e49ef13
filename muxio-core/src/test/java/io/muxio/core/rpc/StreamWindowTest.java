package io.muxio.core.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.muxio.core.frame.CoreLimits;
import io.muxio.core.frame.ProtocolException;
import io.muxio.core.frame.ProtocolException.Reason;
import io.muxio.core.wire.Link;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What waits for the readers of inbound streams: how it is counted, and when it slows a peer. */
class StreamWindowTest {
  private static final int STREAM_LIMIT = 4000;
  private static final int MARK = STREAM_LIMIT / 4;
  private static final int TOTAL_LIMIT = 20_000;
  private static final int TOTAL_MARK = TOTAL_LIMIT / 4;

  private final Link link =
      Link.server(
          CoreLimits.builder().maxStreamBufferedBytes(STREAM_LIMIT).maxBufferedBytes(TOTAL_LIMIT));
  private final RpcSession session = link.dispatcher().session();

  @AfterEach
  void close() {
    link.close();
  }

  private StreamWindow window() {
    return link.dispatcher().newStreamWindow();
  }

  private StreamWindow slowWindow() {
    StreamWindow window = window();
    window.onArrived(MARK + 1);
    return window;
  }

  @Test
  void aChunkIsChargedForTheObjectsThatHoldIt() {
    assertThat(StreamWindow.costOf(0)).isEqualTo(StreamWindow.CHUNK_OVERHEAD);
    assertThat(StreamWindow.costOf(1000)).isEqualTo(1000 + StreamWindow.CHUNK_OVERHEAD);
  }

  @Test
  void whatWaitsIsChargedToTheConnectionUntilItIsTaken() {
    StreamWindow window = window();
    window.onArrived(300);
    window.onArrived(200);
    assertThat(session.bufferedBytes()).isEqualTo(500);
    window.onTaken(300);
    assertThat(session.bufferedBytes()).isEqualTo(200);
    window.close();
    assertThat(session.bufferedBytes()).isZero();
  }

  @Test
  void aStreamCongestsFromItsMarkOn() {
    StreamWindow window = window();
    window.onArrived(MARK);
    assertThat(session.isCongested()).isFalse();
    window.onArrived(1);
    assertThat(session.isCongested()).isTrue();
    window.onTaken(1);
    assertThat(session.isCongested()).isFalse();
    window.close();
  }

  @Test
  void oneSlowStreamIsEnough() {
    StreamWindow one = slowWindow();
    StreamWindow other = slowWindow();
    one.close();
    assertThat(session.isCongested()).isTrue();
    other.onTaken(MARK + 1);
    assertThat(session.isCongested()).isFalse();
    other.close();
  }

  @Test
  void aStreamHasAHardBound() {
    StreamWindow window = window();
    window.onArrived(STREAM_LIMIT);
    assertThatThrownBy(() -> window.onArrived(1))
        .isInstanceOfSatisfying(
            ProtocolException.class,
            e -> {
              assertThat(e.reason()).isEqualTo(Reason.READER_TOO_SLOW);
              assertThat(e.scope()).isEqualTo(ProtocolException.Scope.STREAM);
            })
        .hasMessageContaining("limit 4000 (maxStreamBufferedBytes)");
    assertThat(session.bufferedBytes()).isEqualTo(STREAM_LIMIT);
    window.onTaken(1);
    window.onArrived(1);
    window.close();
  }

  @Test
  void allStreamsTogetherHaveAHardBound() {
    StreamWindow[] windows = new StreamWindow[TOTAL_LIMIT / STREAM_LIMIT];
    for (int i = 0; i < windows.length; i++) {
      windows[i] = window();
      windows[i].onArrived(STREAM_LIMIT);
    }
    StreamWindow last = window();
    assertThatThrownBy(() -> last.onArrived(1))
        .isInstanceOfSatisfying(
            ProtocolException.class, e -> assertThat(e.reason()).isEqualTo(Reason.BUFFER_FULL));
    assertThat(session.bufferedBytes()).isEqualTo(TOTAL_LIMIT);
    last.close();
    assertThat(session.bufferedBytes()).as("nothing was counted").isEqualTo(TOTAL_LIMIT);
    for (StreamWindow window : windows) {
      window.close();
    }
    assertThat(session.bufferedBytes()).isZero();
    assertThat(session.isCongested()).isFalse();
  }

  @Test
  void manyStreamsBelowTheirMarksCongestTogether() {
    StreamWindow[] windows = new StreamWindow[TOTAL_MARK / MARK];
    for (int i = 0; i < windows.length; i++) {
      windows[i] = window();
      windows[i].onArrived(MARK);
    }
    assertThat(session.isCongested()).isFalse();
    StreamWindow last = window();
    last.onArrived(1);
    assertThat(session.isCongested()).isTrue();

    stall();
    assertThat(session.isCongested()).as("nobody takes anything").isFalse();
    last.onTaken(1);
    last.onArrived(1);
    assertThat(session.isCongested()).as("it fell below the mark and counts again").isTrue();
    last.close();
    for (StreamWindow window : windows) {
      window.close();
    }
  }

  @Test
  void aReaderThatIsStuckCongestsNoMore() {
    StreamWindow window = slowWindow();
    stall();
    assertThat(session.isCongested()).isFalse();
    window.onArrived(STREAM_LIMIT - MARK - 1);
    assertThat(session.isCongested()).isFalse();
    assertThatThrownBy(() -> window.onArrived(1)).isInstanceOf(ProtocolException.class);
    window.close();
  }

  @Test
  void aReaderThatMovesAgainCongestsAgain() {
    StreamWindow window = window();
    window.onArrived(2 * MARK);
    stall();
    window.onTaken(1);
    assertThat(session.isCongested()).isTrue();
    window.onTaken(MARK);
    assertThat(session.isCongested()).isFalse();
    window.onArrived(MARK);
    assertThat(session.isCongested()).as("slow as any other").isTrue();
    window.close();
    assertThat(session.isCongested()).isFalse();
  }

  @Test
  void aReaderThatGoesOnTakingIsNotStuck() {
    StreamWindow window = window();
    window.onArrived(3 * MARK);
    for (int i = 0; i < 4 * RpcSession.STALL_ROUNDS; i++) {
      window.onTaken(1);
      session.releaseStalled();
      assertThat(session.isCongested()).isTrue();
    }
    window.close();
  }

  @Test
  void aReaderThatTookLongAgoIsStuckAsSoonAsAnyOther() {
    StreamWindow window = window();
    window.onArrived(1);
    window.onTaken(1);
    window.onArrived(MARK + 1);
    stall();
    assertThat(session.isCongested()).isFalse();
    window.close();
  }

  @Test
  void aReaderThatHasJustBecomeSlowGetsItsTime() {
    StreamWindow stuck = slowWindow();
    rounds(RpcSession.STALL_ROUNDS - 1);
    StreamWindow fresh = slowWindow();
    session.releaseStalled();
    stuck.close();
    assertThat(session.isCongested()).as("the fresh one brakes still").isTrue();
    stall();
    assertThat(session.isCongested()).isFalse();
    fresh.close();
  }

  @Test
  void closedInEachStateItGivesEverythingBack() {
    StreamWindow flowing = window();
    flowing.onArrived(10);
    StreamWindow slow = slowWindow();
    flowing.close();
    slow.close();
    StreamWindow stalled = slowWindow();
    stall();
    stalled.close();
    assertThat(session.bufferedBytes()).isZero();
    assertThat(session.isCongested()).isFalse();

    slow.close();
    stalled.onTaken(MARK);
    flowing.onArrived(STREAM_LIMIT + 1);
    assertThat(session.bufferedBytes()).as("closed is final").isZero();
  }

  @Test
  void aWindowOfOneByteStillReports() {
    try (Link tiny = Link.server(CoreLimits.builder().maxStreamBufferedBytes(1))) {
      assertThat(tiny.dispatcher().newStreamWindow().reportFrom()).isEqualTo(1);
    }
  }

  private void stall() {
    rounds(RpcSession.STALL_ROUNDS);
  }

  private void rounds(int rounds) {
    for (int i = 0; i < rounds; i++) {
      session.releaseStalled();
    }
  }
}
