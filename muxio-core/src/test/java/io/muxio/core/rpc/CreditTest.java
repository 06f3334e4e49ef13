package io.muxio.core.rpc;

import static io.muxio.core.wire.Wire.NOTHING;
import static io.muxio.core.wire.Wire.answer;
import static io.muxio.core.wire.Wire.call;
import static io.muxio.core.wire.Wire.pattern;
import static org.assertj.core.api.Assertions.assertThat;

import io.muxio.core.frame.CoreLimits;
import io.muxio.core.wire.Ext;
import io.muxio.core.wire.Link;
import io.muxio.core.wire.RecordingListener;
import io.muxio.core.wire.WireStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Flow control of the extension: what each end lets the other send ahead of its readers. */
class CreditTest {
  private static final int OURS = 0x8000_0000;
  private static final int CHUNK = 1000;
  private static final int COST = StreamWindow.costOf(CHUNK);

  private Link link = extended(CoreLimits.builder());

  private static Link extended(CoreLimits.Builder limits) {
    Link link = Link.server(limits);
    link.dispatcher().session().extend();
    link.flush();
    return link;
  }

  @AfterEach
  void close() {
    link.close();
  }

  /** Calls the peer, and tells of its credit in the answer's events. */
  private final class Sender extends RecordingListener {
    private final PendingCall call = link.dispatcher().openCall(7, link.buffer(NOTHING), this);
    private int credits;

    @Override
    public void onCredit() {
      credits++;
    }

    boolean hasCredit() {
      return call.hasCredit(COST);
    }

    /** Sends until it may not; gives how many chunks that were. */
    int sendAll() {
      int count = 0;
      while (hasCredit()) {
        call.send(link.buffer(pattern(CHUNK)));
        count++;
      }
      return count;
    }
  }

  /** Waits with its second chunk for the others, and ends when it was sent. */
  private final class LastChunk extends RecordingListener {
    private final PendingCall call = link.dispatcher().openCall(7, link.buffer(NOTHING), this);
    private boolean ended;

    LastChunk() {
      call.send(link.buffer(pattern(1)));
      assertThat(call.hasCredit(COST)).isFalse();
    }

    @Override
    public void onCredit() {
      if (!ended && call.hasCredit(COST)) {
        ended = true;
        call.send(link.buffer(pattern(CHUNK)));
        call.end();
      }
    }
  }

  private void assertCredit(String... frames) {
    assertThat(link.flushSummaries(13)).containsExactly(frames);
  }

  @Test
  void beforeThePeersSettingsAStreamHasOneFrameOnItsWay() {
    Sender sender = new Sender();
    assertThat(sender.sendAll()).isEqualTo(1);
    link.receive(Ext.windows(3L * COST, 1 << 20, 0));
    assertThat(sender.credits).isEqualTo(1);
    assertThat(sender.sendAll()).isEqualTo(2);
  }

  @Test
  void aStreamWaitsForItsOwnCredit() {
    link.receive(Ext.windows(3L * COST, 1 << 20, 0));
    Sender sender = new Sender();
    assertThat(sender.sendAll()).isEqualTo(3);
    link.receive(Ext.credit(OURS, 2 * COST));
    assertThat(sender.credits).isEqualTo(1);
    assertThat(sender.sendAll()).isEqualTo(2);
    link.receive(Ext.credit(OURS, Integer.MAX_VALUE), Ext.credit(99, 5), Ext.credit(OURS + 9, 5));
    assertThat(sender.sendAll()).isEqualTo(3);
  }

  @Test
  void aFrameThatIsLargerThanItsWindowGoesAlone() {
    link.receive(Ext.windows(10, 10, 0));
    Sender sender = new Sender();
    assertThat(sender.sendAll()).isEqualTo(1);
    link.receive(Ext.credit(OURS, COST));
    assertThat(sender.sendAll()).isEqualTo(1);
  }

  /** More would wait in the network, in front of everybody's small calls. */
  @Test
  void aStreamHasNoMoreOnItsWayThanIsWorthIt() {
    link.receive(Ext.windows(1 << 30, 1 << 30, 0));
    Sender sender = new Sender();
    int least = 4 * StreamWindow.costOf(1 << 16) / COST;
    assertThat(sender.sendAll()).isEqualTo(least);
    link.receive(Ext.credit(OURS, least * COST)); // all in no time, so it is worth twice as much
    assertThat(sender.sendAll()).isEqualTo(2 * least);
  }

  @Test
  void allStreamsShareTheConnectionsWindowBeyondTheirReserves() {
    link.receive(Ext.windows(1 << 20, 4L * COST, 2L * COST));
    Sender first = new Sender();
    assertThat(first.sendAll()).isEqualTo(6);
    Sender second = new Sender();
    assertThat(second.sendAll()).isEqualTo(2);
    Sender third = new Sender();
    assertThat(third.sendAll()).isEqualTo(2);

    link.receive(Ext.credit(OURS, COST));
    assertThat(first.sendAll()).isEqualTo(1);
    link.receive(Ext.credit(OURS, COST));
    assertThat(second.credits).as("the one that waits longest is told").isEqualTo(1);
    assertThat(second.sendAll()).isEqualTo(1);
    assertThat(first.hasCredit()).isFalse();
    link.receive(Ext.credit(OURS + 2, 2 * COST));
    assertThat(third.sendAll()).as("its reserve is its own").isEqualTo(2);
  }

  @Test
  void aStreamThatEndsOrIsCancelledGivesItsShareBack() {
    link.receive(Ext.windows(1 << 20, 4L * COST, COST));
    Sender first = new Sender();
    assertThat(first.sendAll()).isEqualTo(5);
    Sender second = new Sender();
    assertThat(second.sendAll()).isEqualTo(1);
    first.call.end();
    assertThat(second.credits).isEqualTo(1);
    assertThat(second.sendAll()).isEqualTo(4);
    Sender third = new Sender();
    assertThat(third.sendAll()).isEqualTo(1);
    second.call.abandon();
    assertThat(third.sendAll()).isEqualTo(4);
  }

  @Test
  void anyNumberOfStreamsEndOneBecauseOfAnother() {
    int count = 10_000;
    link.receive(Ext.windows(1 << 30, (long) count * COST, 0));
    List<Sender> first = new ArrayList<>();
    for (int sent = 0; sent < count; ) {
      first.add(new Sender());
      sent += first.get(first.size() - 1).sendAll();
    }
    List<LastChunk> others = IntStream.range(1, count).mapToObj(number -> new LastChunk()).toList();
    first.forEach(each -> each.call.end());
    assertThat(others).allMatch(other -> other.ended);
  }

  @Test
  void anAnswerWaitsForTheCallersCredit() {
    link.receive(
        Ext.windows(2L * COST, 1 << 20, 0), WireStream.whole(13, 0, call(5, 7, NOTHING, NOTHING)));
    InboundCall call = link.router().calls().get(0).call();
    for (int sent = 0; sent < 2; sent++) {
      assertThat(call.hasCredit(COST)).isTrue();
      call.send(link.buffer(pattern(CHUNK)));
    }
    assertThat(call.hasCredit(COST)).isFalse();
    link.receive(Ext.credit(5, COST));
    assertThat(call.hasCredit(COST)).isTrue();
  }

  @Test
  void aPeerWithoutTheExtensionTakesEverything() {
    try (Link plain = Link.client()) {
      PendingCall call =
          plain.dispatcher().openCall(7, plain.buffer(NOTHING), new RecordingListener());
      for (int sent = 0; sent < 100; sent++) {
        assertThat(call.hasCredit(1 << 20)).isTrue();
        call.send(plain.buffer(pattern(CHUNK)));
      }
    }
  }

  @Test
  void aReaderThatTakesGivesCreditNotForEveryChunk() {
    link.receive(Ext.windows(1, 1, 1));
    WireStream request = new WireStream(13, 0);
    link.receive(request.open(call(1, 7, NOTHING, NOTHING)));
    StreamWindow window = link.router().calls().get(0).call().newRequestWindow();
    int cost = StreamWindow.costOf(1 << 16);
    window.onArrived(3 * cost);
    window.onTaken(cost);
    assertCredit();
    window.onTaken(cost);
    assertCredit("1#0 kind 18 4");
    link.receive(request.end());
    window.onTaken(cost);
    window.close();
    assertCredit();
  }

  @Test
  void whatIsDroppedGivesCreditToo() {
    link.receive(Ext.windows(1, 1, 1));
    WireStream request = new WireStream(13, 0);
    link.receive(request.open(call(1, 7, NOTHING, NOTHING)));
    StreamWindow window = link.router().calls().get(0).call().newRequestWindow();
    window.onArrived(200_000);
    window.close();
    assertCredit("1#0 kind 18 4");
    window.onArrived(200_000);
    assertCredit("1#0 kind 18 4");
    assertThat(link.bufferedBytes()).isZero();
  }

  @Test
  void whereMuchWaitsCreditComesAtOnce() {
    link.close();
    link = extended(CoreLimits.builder().connectionWindow(1000));
    link.receive(Ext.windows(1, 1, 1));
    link.receive(
        new WireStream(13, 0).open(call(1, 7, NOTHING, NOTHING)),
        new WireStream(13, 1).open(call(2, 7, NOTHING, NOTHING)));
    StreamWindow slow = link.router().calls().get(0).call().newRequestWindow();
    slow.onArrived(600);
    StreamWindow window = link.router().calls().get(1).call().newRequestWindow();
    window.onArrived(10);
    window.onTaken(10);
    assertCredit("2#0 kind 18 4");
    slow.close();
  }

  @Test
  void unaryBodiesGiveCreditAsTheyArePutTogether() {
    link.receive(Ext.windows(1, 1, 1));
    link.receive(new WireStream(13, 0).open(call(1, 7, NOTHING, NOTHING)));
    InboundCall call = link.router().calls().get(0).call();
    call.onTaken(1000);
    assertCredit();
    call.onTaken(200_000);
    assertCredit("1#0 kind 18 4");
    RecordingListener heard = new RecordingListener();
    PendingCall pending = link.call(7, NOTHING, heard);
    link.flush();
    link.receive(new WireStream(13, 5).open(answer(OURS, 7, 0, NOTHING)));
    pending.onTaken(200_000);
    assertCredit("2147483648#0 kind 18 4");
  }

  @Test
  void aReaderOfAPeerWithCreditNeverHoldsUpTheConnection() {
    link.receive(Ext.windows(1, 1, 1));
    link.receive(new WireStream(13, 0).open(call(1, 7, NOTHING, NOTHING)));
    StreamWindow window = link.router().calls().get(0).call().newRequestWindow();
    window.onArrived(CoreLimits.DEFAULT.maxStreamBufferedBytes());
    assertThat(link.dispatcher().session().isCongested()).isFalse();
    window.close();
  }
}
