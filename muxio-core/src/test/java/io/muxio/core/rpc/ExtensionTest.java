package io.muxio.core.rpc;

import static io.muxio.core.wire.Wire.NOTHING;
import static io.muxio.core.wire.Wire.answer;
import static io.muxio.core.wire.Wire.call;
import static io.muxio.core.wire.Wire.concat;
import static io.muxio.core.wire.Wire.frame;
import static io.muxio.core.wire.Wire.pattern;
import static io.muxio.core.wire.Wire.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.muxio.core.frame.CoreLimits;
import io.muxio.core.frame.FrameFormat;
import io.muxio.core.frame.ProtocolException;
import io.muxio.core.wire.Ext;
import io.muxio.core.wire.Link;
import io.muxio.core.wire.RecordingListener;
import io.muxio.core.wire.RecordingRouter;
import io.muxio.core.wire.WireStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The frames of muxio.x1: settings, headers, the end of calls, and what breaks its rules. */
class ExtensionTest {
  private static final int OURS = 0x8000_0000;
  private static final byte[] SETTINGS = Ext.windows(1 << 20, 1 << 24, 200_000);

  private Link link = extended(Link.server());

  private static Link extended(Link link) {
    link.dispatcher().session().extend();
    return link;
  }

  @AfterEach
  void close() {
    link.close();
  }

  private void assertBroken(String message, byte[]... messages) {
    assertThatThrownBy(() -> link.receive(messages))
        .isInstanceOfSatisfying(
            ProtocolException.class,
            e -> assertThat(e.scope()).isEqualTo(ProtocolException.Scope.CONNECTION))
        .hasMessageContaining(message);
  }

  /** A call of the peer with id 1, whose request has ended. */
  private RecordingRouter.Received receiveCall(byte[]... before) {
    link.receive(concat(before), WireStream.whole(13, 0, call(1, 7, NOTHING, NOTHING)));
    return link.router().calls().get(0);
  }

  @Test
  void theSettingsAreTheFirstFrame() {
    assertThat(link.flush())
        .containsExactly(
            Ext.settings(
                Ext.setting(1, CoreLimits.DEFAULT.streamWindow()),
                Ext.setting(2, CoreLimits.DEFAULT.connectionWindow()),
                Ext.setting(3, CoreLimits.STREAM_RESERVE),
                Ext.setting(4, 8192)));
  }

  @Test
  void aServerCallsBeforeTheClientHasSaidAnything() {
    link.flush();
    link.call(7, pattern(3));
    assertThat(link.flushSummaries(13))
        .containsExactly("2147483648#0 open 18", "2147483648#1 end 0");
  }

  @Test
  void theExtensionIsNotSpokenWithGeneration21() {
    try (Link old = Link.client(FrameFormat.GENERATION_21, config -> config)) {
      assertThatThrownBy(() -> old.dispatcher().session().extend())
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void thePeersSettingsComeFirst() {
    assertBroken("PING (expected: SETTINGS as the first frame)", frame(13, 0, 0, 5, NOTHING));
  }

  @Test
  void thePeersSettingsComeOnce() {
    assertBroken("a second SETTINGS", SETTINGS, SETTINGS);
  }

  @Test
  void settingsAndKindsOfALaterVersionAreIgnored() {
    link.receive(
        concat(
            Ext.settings(Ext.setting(9, 5), Ext.setting(0xffff, -1)),
            frame(13, 5, 9, 21, pattern(40)),
            frame(13, 5, 9, 127, NOTHING),
            frame(13, 0, 0, Ext.ABANDON, pattern(8))));
    assertThat(receiveCall().call().isOpen()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {6, 15, 128, 255})
  void otherKindsAreUnknown(int kind) {
    assertBroken("frame kind: " + kind, SETTINGS, frame(13, 0, 0, kind, NOTHING));
  }

  @ParameterizedTest
  @ValueSource(ints = {Ext.SETTINGS, Ext.HEADERS, Ext.CREDIT, Ext.ABANDON, Ext.GOAWAY, 21})
  void withoutTheNegotiationItsKindsAreUnknown(int kind) {
    link.close();
    link = Link.client();
    assertBroken("frame kind: " + kind, frame(13, 0, 0, kind, pattern(8)));
  }

  @Test
  void whatIsTooShortIsRefused() {
    assertBroken(
        "CREDIT of 3 bytes (expected: 4)", SETTINGS, frame(13, 0, 0, Ext.CREDIT, pattern(3)));
  }

  @Test
  void settingsThatAreCutOffAreRefused() {
    assertBroken("SETTINGS of 15 bytes", frame(13, 0, 0, Ext.SETTINGS, pattern(15)));
  }

  @Test
  void anAbandonedCallIsCancelledThoughItsRequestHasEnded() {
    RecordingRouter.Received received = receiveCall(SETTINGS);
    link.receive(Ext.abandon(1));
    assertThat(received.listener().events()).containsExactly("end", "cancel");
    assertThat(received.call().isOpen()).isFalse();
    assertThat(received.call().respond(ResponseStatus.SUCCESS, link.buffer(pattern(2)))).isFalse();
    assertThat(link.dispatcher().inboundCalls()).isZero();
    link.receive(Ext.abandon(1), Ext.abandon(99));
    assertThat(link.flushSummaries(13)).containsExactly("0#0 kind 16 40");
  }

  @Test
  void anAbandonedAnswerIsVoided() {
    RecordingRouter.Received received = receiveCall(SETTINGS);
    received.call().send(link.buffer(pattern(5)));
    link.flush();
    link.receive(Ext.abandon(1));
    assertThat(link.flushSummaries(13)).containsExactly("2147483648#1 cancel 0");
  }

  @Test
  void aCallThatWasSentWholeIsAbandonedWithAWord() {
    link.receive(SETTINGS);
    RecordingListener heard = new RecordingListener();
    PendingCall call = link.call(7, pattern(3), heard);
    link.flush();
    call.abandon();
    call.abandon();
    assertThat(concat(link.flush())).isEqualTo(Ext.abandon(OURS));
    link.receive(WireStream.whole(13, 5, answer(OURS, 7, 0, pattern(2)))); // it had crossed
    assertThat(heard.events()).isEmpty();
  }

  @Test
  void aCallWhoseRequestIsOpenIsCancelledAsEver() {
    link.receive(SETTINGS);
    RecordingListener heard = new RecordingListener();
    PendingCall call = link.dispatcher().openCall(7, link.buffer(NOTHING), heard);
    link.flush();
    call.abandon();
    assertThat(link.flushSummaries(13)).containsExactly("2147483648#1 cancel 0");
  }

  @Test
  void aCalleeIsToldThatItsAnswerCannotBeTaken() {
    link.receive(SETTINGS);
    RecordingListener heard = new RecordingListener().then(event -> refuse("payload", event));
    link.call(7, pattern(3), heard);
    link.flush();
    WireStream stream = new WireStream(13, 5);
    link.receive(stream.open(answer(OURS, 7, 0, NOTHING)), stream.data(pattern(2)));
    assertThat(heard.events()).containsExactly("header", "failure");
    assertThat(concat(link.flush())).isEqualTo(Ext.abandon(OURS));
  }

  @Test
  void aCalleeIsToldThatTheHeaderOfItsAnswerCannotBeTaken() {
    link.receive(SETTINGS);
    RecordingListener heard = new RecordingListener().then(event -> refuse("header", event));
    link.call(7, pattern(3), heard);
    link.flush();
    link.receive(new WireStream(13, 5).open(answer(OURS, 7, 0, NOTHING)));
    assertThat(heard.events()).containsExactly("header", "failure");
    assertThat(concat(link.flush())).isEqualTo(Ext.abandon(OURS));
  }

  private static void refuse(String unwanted, String event) {
    if (event.equals(unwanted)) {
      throw ProtocolException.stream(ProtocolException.Reason.PAYLOAD_TOO_LARGE, "too much");
    }
  }

  @Test
  void callsThatAreOpenedOnlyToBeGivenUpEndTheConnection() {
    link.close();
    link = extended(Link.server(CoreLimits.builder().maxAbandonedCalls(3)));
    link.receive(SETTINGS);
    for (int request = 0; request < 3; request++) {
      link.receive(
          WireStream.whole(13, request, call(request, 7, NOTHING, NOTHING)), Ext.abandon(request));
    }
    link.receive(WireStream.whole(13, 3, call(3, 7, NOTHING, NOTHING)));
    link.router()
        .calls()
        .get(3)
        .call()
        .respond(ResponseStatus.SUCCESS, link.buffer(NOTHING)); // makes up for one
    link.receive(WireStream.whole(13, 4, call(4, 7, NOTHING, NOTHING)), Ext.abandon(4));
    link.receive(WireStream.whole(13, 5, call(5, 7, NOTHING, NOTHING)));
    assertBroken("more than 3 calls given up at once", Ext.abandon(5));
    assertThat(link.router().calls().get(5).listener().events()).containsExactly("end", "cancel");
  }

  @Test
  void callsWhoseDeadlinesPassTogetherAreNotOneOfThem() {
    AtomicLong clock = new AtomicLong();
    CoreLimits limits = CoreLimits.builder().maxAbandonedCalls(3).build();
    link.close();
    link = extended(Link.server(config -> config.withNanoClock(clock::get).withLimits(limits)));
    link.receive(SETTINGS);
    for (int request = 0; request < 100; request++) {
      link.receive(WireStream.whole(13, request, call(request, 7, NOTHING, NOTHING)));
    }
    clock.set(100_000_000);
    for (int request = 0; request < 100; request++) {
      link.receive(Ext.abandon(request));
    }
    assertThat(link.dispatcher().inboundCalls()).isZero();
  }

  @Test
  void aCallWhoseAnswerHasBegunIsNotOneOfThem() {
    link.close();
    link = extended(Link.server(CoreLimits.builder().maxAbandonedCalls(1)));
    link.receive(SETTINGS);
    for (int request = 0; request < 9; request++) {
      link.receive(WireStream.whole(13, request, call(request, 7, NOTHING, NOTHING)));
      link.router().calls().get(request).call().send(link.buffer(pattern(1)));
      link.receive(Ext.abandon(request));
    }
    assertThat(link.dispatcher().inboundCalls()).isZero();
  }

  @Test
  void aGoAwayIsToldAndSaid() {
    List<String> heard = new ArrayList<>();
    link.dispatcher().onGoAway(heard::add);
    link.flush();
    link.receive(SETTINGS, frame(13, 0, 0, Ext.GOAWAY, utf8("restarting")));
    assertThat(heard).containsExactly("restarting");
    link.dispatcher().session().sendGoAway("so are we");
    assertThat(concat(link.flush())).isEqualTo(frame(13, 0, 0, Ext.GOAWAY, utf8("so are we")));
  }

  @Test
  void withoutTheExtensionNoGoAwayIsSaid() {
    try (Link plain = Link.client()) {
      plain.dispatcher().session().sendGoAway("bye");
      assertThat(plain.flush()).isEmpty();
    }
  }

  @Test
  void theTimeLeftTravelsInFrontOfACall() {
    link.receive(SETTINGS);
    link.flush();
    RecordingListener heard = new RecordingListener();
    CallHeaders headers = CallHeaders.of(TimeUnit.MILLISECONDS.toNanos(5), NOTHING);
    link.dispatcher().call(7, link.buffer(NOTHING), headers, heard);
    assertThat(concat(link.flush())).startsWith(Ext.headers(OURS, Ext.field(1, Ext.u64(5000))));
  }

  @Test
  void theTimeLeftOfACallIsKnownToItsCallee() {
    assertThat(
            receiveCall(
                    SETTINGS,
                    Ext.headers(1, Ext.field(77, pattern(9)), Ext.field(1, Ext.u64(5000))))
                .call()
                .timeLeftNanos())
        .isEqualTo(TimeUnit.MICROSECONDS.toNanos(5000));
  }

  @Test
  void aCallWithoutTimeLeftIsUnlimited() {
    assertThat(receiveCall(SETTINGS).call().timeLeftNanos()).isEqualTo(RpcDispatcher.UNLIMITED);
  }

  @Test
  void aTimeThatIsTooLongIsUnlimited() {
    assertThat(
            receiveCall(SETTINGS, Ext.headers(1, Ext.field(1, Ext.u64(-1)))).call().timeLeftNanos())
        .isEqualTo(RpcDispatcher.UNLIMITED);
  }

  @Test
  void headersBelongToTheirCallAlone() {
    link.receive(SETTINGS, Ext.headers(2, Ext.field(1, Ext.u64(9))));
    assertThat(receiveCall().call().timeLeftNanos()).isEqualTo(RpcDispatcher.UNLIMITED);
    link.receive(WireStream.whole(13, 3, call(2, 7, NOTHING, NOTHING)));
    assertThat(link.router().calls().get(1).call().timeLeftNanos()).isEqualTo(9000);
  }

  @Test
  void headersOfACallThatNeverBeginsAreVoidWithTheNext() {
    link.receive(
        SETTINGS,
        Ext.headers(1, Ext.field(1, Ext.u64(9))),
        Ext.headers(2, Ext.field(1, Ext.u64(7))));
    link.receive(WireStream.whole(13, 3, call(2, 7, NOTHING, NOTHING)));
    assertThat(link.router().calls().get(0).call().timeLeftNanos()).isEqualTo(7000);
    link.receive(WireStream.whole(13, 4, call(1, 7, NOTHING, NOTHING)));
    assertThat(link.router().calls().get(1).call().timeLeftNanos())
        .isEqualTo(RpcDispatcher.UNLIMITED);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 10})
  void headersThatAreCutOffAreRefused(int length) {
    byte[] field = Ext.field(1, Ext.u64(9));
    assertBroken(
        "HEADERS end in the middle",
        SETTINGS,
        frame(13, 1, 0, Ext.HEADERS, Arrays.copyOf(field, length)));
  }

  @Test
  void aRefusalSaysWhenToTryAgain() {
    receiveCall(SETTINGS);
    link.flush();
    link.router().calls().get(0).call().refuse(link.buffer(utf8("full")), 250);
    assertThat(concat(link.flush())).startsWith(Ext.headers(1, Ext.field(2, Ext.u64(250))));
  }

  @Test
  void aCallerHearsWhenToTryAgain() {
    link.receive(SETTINGS);
    RecordingListener heard = new RecordingListener();
    PendingCall call = link.call(7, pattern(3), heard);
    assertThat(call.retryAfterMillis()).isEqualTo(-1);
    link.receive(
        Ext.headers(OURS, Ext.field(2, Ext.u64(250))),
        WireStream.whole(13, 5, answer(OURS, 7, 2, utf8("full"))));
    assertThat(call.retryAfterMillis()).isEqualTo(250);
    assertThat(heard.events()).containsExactly("header", "end");
  }
}
