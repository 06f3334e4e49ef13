package io.muxio.core.rpc;

import static io.muxio.core.wire.Wire.NOTHING;
import static io.muxio.core.wire.Wire.call;
import static io.muxio.core.wire.Wire.pattern;
import static org.assertj.core.api.Assertions.assertThat;

import io.muxio.core.wire.Ext;
import io.muxio.core.wire.Link;
import io.muxio.core.wire.RecordingListener;
import io.muxio.core.wire.WireStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A stream that is over makes room for another, whose writer runs at once and may use the call that
 * is just ending.
 */
class WokenStreamTest {
  private static final int CHUNK = 1000;
  private static final int COST = StreamWindow.costOf(CHUNK);

  private final Link link = Link.server();

  @BeforeEach
  void extend() {
    link.dispatcher().session().extend();
    link.receive(Ext.windows(1 << 20, 2L * COST, 0));
  }

  @AfterEach
  void close() {
    link.close();
  }

  /** Waits for room in the window that all share, and then does something once. */
  private final class Waiting extends RecordingListener {
    private final PendingCall call = link.dispatcher().openCall(7, link.buffer(NOTHING), this);
    private final Runnable onRoom;
    private boolean woken;

    Waiting(Runnable onRoom) {
      this.onRoom = onRoom;
      call.send(link.buffer(pattern(CHUNK)));
      assertThat(call.hasCredit(COST)).isFalse();
    }

    @Override
    public void onCredit() {
      if (!woken) {
        woken = true;
        onRoom.run();
      }
    }
  }

  @Test
  void nothingIsWrittenToARequestThatIsBeingVoided() {
    PendingCall first =
        link.dispatcher().openCall(7, link.buffer(NOTHING), new RecordingListener());
    first.send(link.buffer(pattern(CHUNK)));
    first.send(link.buffer(pattern(CHUNK)));
    Waiting other =
        new Waiting(
            () -> {
              assertThat(first.isRequestOpen()).isFalse();
              first.send(link.buffer(pattern(CHUNK)));
              first.end();
            });
    link.flush();
    first.abandon();
    assertThat(other.woken).isTrue();
    assertThat(link.flushSummaries(13)).containsExactly("2147483648#3 cancel 0");
  }

  @Test
  void nothingIsAnsweredBehindAnAnswerThatIsBeingEnded() {
    link.receive(WireStream.whole(13, 0, call(5, 7, NOTHING, NOTHING)));
    InboundCall call = link.router().calls().get(0).call();
    call.send(link.buffer(pattern(CHUNK)));
    call.send(link.buffer(pattern(CHUNK)));
    Waiting other =
        new Waiting(
            () -> {
              assertThat(call.isOpen()).isFalse();
              call.send(link.buffer(pattern(CHUNK)));
              assertThat(call.respond(ResponseStatus.FAIL, link.buffer(NOTHING))).isFalse();
            });
    link.flush();
    call.end();
    assertThat(other.woken).isTrue();
    assertThat(link.flushSummaries(13)).containsExactly("2147483648#2 end 0");
  }
}
