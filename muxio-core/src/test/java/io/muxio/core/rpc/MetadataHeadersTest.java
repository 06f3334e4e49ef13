package io.muxio.core.rpc;

import static io.muxio.core.wire.Wire.NOTHING;
import static io.muxio.core.wire.Wire.answer;
import static io.muxio.core.wire.Wire.call;
import static io.muxio.core.wire.Wire.concat;
import static io.muxio.core.wire.Wire.pattern;
import static io.muxio.core.wire.Wire.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.muxio.core.frame.CoreLimits;
import io.muxio.core.frame.ProtocolException;
import io.muxio.core.frame.ProtocolException.Reason;
import io.muxio.core.frame.ProtocolException.Scope;
import io.muxio.core.wire.Ext;
import io.muxio.core.wire.Link;
import io.muxio.core.wire.RecordingListener;
import io.muxio.core.wire.WireStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Field 3 of HEADERS, metadata: where it goes, and what is too much or malformed. */
class MetadataHeadersTest {
  private static final int OURS = 0x8000_0000;
  private static final int LIMIT = 20;

  /** Of the peer, which takes 10 bytes. */
  private static final byte[] SETTINGS = Ext.settings(Ext.setting(4, 10));

  private static final byte[] ENTRY = utf8("\2id\3\0abc");

  private final Link link = Link.server(CoreLimits.builder().maxMetadataSize(LIMIT));

  MetadataHeadersTest() {
    link.dispatcher().session().extend();
  }

  @AfterEach
  void close() {
    link.close();
  }

  private static byte[] entries(byte[] entries) {
    return Ext.field(3, entries);
  }

  private PendingCall make(byte[] metadata, RecordingListener heard) {
    return link.dispatcher()
        .call(7, link.buffer(pattern(3)), CallHeaders.of(RpcDispatcher.UNLIMITED, metadata), heard);
  }

  /** A call of the peer with id 1. */
  private InboundCall received(byte[]... before) {
    link.receive(concat(before), WireStream.whole(13, 0, call(1, 7, NOTHING, NOTHING)));
    return link.router().calls().get(0).call();
  }

  @Test
  void metadataTravelsInFrontOfACall() {
    link.receive(SETTINGS);
    link.flush();
    make(ENTRY, new RecordingListener());
    assertThat(concat(link.flush())).startsWith(Ext.headers(OURS, entries(ENTRY)));
  }

  @Test
  void aCallWithoutMetadataAndDeadlineHasNoHeaders() {
    link.receive(SETTINGS);
    link.flush();
    make(NOTHING, new RecordingListener());
    assertThat(link.flushSummaries(13))
        .containsExactly("2147483648#0 open 18", "2147483648#1 end 0");
  }

  @Test
  void metadataIsKnownToTheCallee() {
    byte[] headers = Ext.headers(1, Ext.field(1, Ext.u64(5)), entries(ENTRY));
    assertThat(received(SETTINGS, headers).metadata()).isEqualTo(ENTRY);
  }

  @Test
  void metadataOfAnAnswerGoesInFrontOfItOnce() {
    InboundCall call = received(SETTINGS);
    link.flush();
    call.answerMetadata(ENTRY);
    call.send(link.buffer(pattern(4)));
    assertThat(concat(link.flush())).startsWith(Ext.headers(1, entries(ENTRY)));
    call.send(link.buffer(pattern(4)));
    call.end();
    assertThat(link.flushSummaries(13)).hasSize(2);
  }

  @Test
  void metadataOfARefusalGoesWithItsTime() {
    InboundCall call = received(SETTINGS);
    link.flush();
    call.answerMetadata(ENTRY);
    call.refuse(link.buffer(utf8("full")), 250);
    assertThat(concat(link.flush()))
        .startsWith(Ext.headers(1, Ext.field(2, Ext.u64(250)), entries(ENTRY)));
  }

  @Test
  void metadataOfAnAnswerIsKnownToTheCaller() {
    link.receive(SETTINGS);
    RecordingListener heard = new RecordingListener();
    PendingCall call = make(NOTHING, heard);
    link.receive(
        Ext.headers(OURS, entries(ENTRY)), WireStream.whole(13, 5, answer(OURS, 7, 0, NOTHING)));
    assertThat(call.answerMetadata()).isEqualTo(ENTRY);
    assertThat(heard.events()).containsExactly("header", "end");
    heard.release();
  }

  @Test
  void moreThanThePeerTakesIsNotSent() {
    link.receive(SETTINGS);
    link.flush();
    assertThatThrownBy(() -> make(utf8("\2id\6\0abcdef"), new RecordingListener()))
        .isInstanceOfSatisfying(
            ProtocolException.class,
            e -> {
              assertThat(e.scope()).isEqualTo(Scope.STREAM);
              assertThat(e.reason()).isEqualTo(Reason.METADATA_TOO_LARGE);
            })
        .hasMessage("metadata of 11 bytes (expected: at most 10, the maxMetadataSize of the peer)");
    assertThat(link.flush()).isEmpty();
    assertThat(link.dispatcher().pendingCalls()).isZero();
  }

  @Test
  void withoutItsSettingAPeerTakesTheDefault() {
    assertThat(link.dispatcher().maxMetadataSize()).isEqualTo(8192);
    link.receive(Ext.settings(Ext.setting(4, -1)));
    assertThat(link.dispatcher().maxMetadataSize()).isEqualTo(CoreLimits.MAX_METADATA_SIZE);
  }

  @Test
  void metadataIsHeldUntilTheCallIsOver() {
    InboundCall call = received(SETTINGS, Ext.headers(1, entries(ENTRY)));
    assertThat(link.bufferedBytes()).isEqualTo(ENTRY.length);
    call.respond(ResponseStatus.SUCCESS, link.buffer(NOTHING));
    assertThat(link.bufferedBytes()).isZero();
  }

  @Test
  void aCallWhoseMetadataCannotBeHeldIsRefused() {
    try (Link small =
        Link.server(CoreLimits.builder().maxBufferedBytes(ENTRY.length).maxMetadataSize(LIMIT))) {
      small.dispatcher().session().extend();
      small.receive(
          SETTINGS,
          Ext.headers(1, entries(ENTRY)),
          WireStream.whole(13, 0, call(1, 7, NOTHING, NOTHING)),
          Ext.headers(2, entries(ENTRY)),
          WireStream.whole(13, 1, call(2, 7, NOTHING, NOTHING)));
      assertThat(small.router().calls()).hasSize(1);
      assertThat(small.router().refusals())
          .singleElement()
          .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.BUFFER_FULL));
    }
  }

  @Test
  void headersThatAPeerMaySendBeforeItKnowsBetterAreRead() {
    byte[] entry = concat(new byte[] {1, 'x', (byte) 0xfc, 0x1f}, new byte[8188]);
    try (Link small = Link.server(CoreLimits.builder().maxFramePayload(100))) {
      small.dispatcher().session().extend();
      small.receive(
          SETTINGS,
          Ext.headers(1, Ext.field(1, Ext.u64(5)), Ext.field(2, Ext.u64(5)), entries(entry)),
          WireStream.whole(13, 0, call(1, 7, NOTHING, NOTHING)));
      assertThat(small.router().calls()).hasSize(1);
    }
  }

  @Test
  void aCallWithTooMuchIsRefused() {
    byte[] tooMuch = utf8("\2id\20\0" + "x".repeat(16));
    link.receive(
        SETTINGS,
        Ext.headers(1, entries(tooMuch)),
        WireStream.whole(13, 0, call(1, 7, NOTHING, NOTHING)));
    assertThat(link.router().calls()).isEmpty();
    assertThat(link.router().refusals())
        .singleElement()
        .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.METADATA_TOO_LARGE))
        .satisfies(
            e -> assertThat(e).hasMessage("metadata of 21 bytes, limit 20 (maxMetadataSize)"));
  }

  @Test
  void anAnswerWithTooMuchFailsItsCall() {
    link.receive(SETTINGS);
    RecordingListener heard = new RecordingListener();
    make(NOTHING, heard);
    link.receive(
        Ext.headers(OURS, entries(utf8("\2id\20\0" + "x".repeat(16)))),
        WireStream.whole(13, 5, answer(OURS, 7, 0, pattern(9))));
    assertThat(heard.events()).containsExactly("failure");
    assertThat(link.dispatcher().pendingCalls()).isZero();
  }

  @Test
  void aFrameThatWouldNotTakeItIsInTheSettings() {
    try (Link small = Link.server(CoreLimits.builder().maxFramePayload(100))) {
      small.dispatcher().session().extend();
      assertThat(concat(small.flush())).endsWith(Ext.setting(4, 75));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"\0\0\0", "\2id", "\2id\0", "\2id\1\0", "\2id\0\0\3", "\3id\0\0", "\2i", "\1"})
  void entriesThatAreCutOffBreakTheConnection(String entries) {
    assertBroken(entries, "HEADERS end in the middle of a field");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\2Id\0\0", "\2i \0\0", "\2i:\0\0", "\2i\0\0\0"})
  void aNameThatIsNoneBreaksTheConnection(String entries) {
    assertBroken(entries, "in a name of its metadata (expected: a-z, 0-9, '-', '_' or '.')");
  }

  private void assertBroken(String entries, String message) {
    assertThatThrownBy(() -> received(SETTINGS, Ext.headers(1, entries(utf8(entries)))))
        .isInstanceOfSatisfying(
            ProtocolException.class, e -> assertThat(e.scope()).isEqualTo(Scope.CONNECTION))
        .hasMessageContaining(message);
  }
}
