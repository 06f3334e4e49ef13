package io.muxio.core.rpc;

import static io.muxio.core.wire.Wire.NOTHING;
import static io.muxio.core.wire.Wire.call;
import static io.muxio.core.wire.Wire.concat;
import static io.muxio.core.wire.Wire.pattern;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.muxio.core.frame.CoreLimits;
import io.muxio.core.frame.FrameFormat;
import io.muxio.core.wire.Link;
import io.muxio.core.wire.RecordingRouter;
import io.muxio.core.wire.Wire;
import io.muxio.core.wire.WireFrame;
import io.muxio.core.wire.WireStream;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written, under the rules that published readers force. */
class RpcStreamWriterTest {
  @ParameterizedTest
  @CsvSource({
    "0, '15'",
    "65520, '65535'",
    "65521, '65536'",
    "65522, '65536 1'",
    "65535, '65536 14'",
    "65536, '65536 15'",
    "200000, '65536 65536 65536 3407'"
  })
  void aCallIsCutAtTheChunkSizeWithItsHeaderCounted(int size, String lengths) {
    byte[] parameters = pattern(size);
    try (Link link = Link.client()) {
      link.call(9, parameters);
      List<WireFrame> frames = Wire.frames(13, concat(link.flush()));

      assertRules(frames, 65_536);
      assertThat(frames.subList(0, frames.size() - 1))
          .extracting(frame -> String.valueOf(frame.payload().length))
          .isEqualTo(List.of(lengths.split(" ", -1)));
      boolean small = size <= 65_535;
      assertThat(content(frames))
          .isEqualTo(small ? call(0, 9, parameters, NOTHING) : call(0, 9, NOTHING, parameters));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 14, 15, 16, 17, 100, 4095, 4096, 5000, 100_000})
  void anyChunkSizeGivesTheSameContent(int chunkSize) {
    for (FrameFormat format : FrameFormat.values()) {
      for (int size : new int[] {0, 1, 4096, 9000}) {
        try (Link link = Link.client(format, config -> config.withChunkSize(chunkSize))) {
          link.call(9, pattern(size));
          List<WireFrame> frames = Wire.frames(format.headerSize(), concat(link.flush()));

          assertRules(frames, chunkSize);
          assertThat(content(frames)).isEqualTo(call(0, 9, pattern(size), NOTHING));
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void anAnswerIsOneMessageOfOpenAndEnd(FrameFormat format) {
    int header = format.headerSize();
    try (Link link = Link.server()) {
      link.receive(WireStream.whole(header, 1, call(1, 7, NOTHING, NOTHING)));
      link.router().call(1).call().respond(ResponseStatus.FAIL, link.buffer(pattern(20)));
      List<byte[]> messages = link.flush();

      assertThat(messages).hasSize(1);
      assertThat(messages.get(0))
          .isEqualTo(WireStream.whole(header, 0x8000_0000, Wire.answer(1, 7, 1, pattern(20))));
    }
  }

  @ParameterizedTest
  @CsvSource({"200000, true", "200000, false", "65519, true", "65520, true", "4096, true"})
  void aLargeAnswerIsByteExactFromADirectOrAHeapBuffer(int size, boolean direct) {
    try (Link link = Link.server()) {
      link.receive(WireStream.whole(13, 1, call(1, 7, NOTHING, NOTHING)));
      ByteBuf body = direct ? Unpooled.directBuffer(size + 2) : Unpooled.buffer(size + 2);
      body.writeByte(7).writeBytes(pattern(size)).writeByte(7).setIndex(1, size + 1);
      link.router().call(1).call().respond(ResponseStatus.SUCCESS, body);
      List<WireFrame> frames = Wire.frames(13, concat(link.flush()));

      assertRules(frames, 65_536);
      assertThat(content(frames)).isEqualTo(Wire.answer(1, 7, 0, pattern(size)));
      assertThat(body.refCnt()).isZero();
    }
  }

  @Test
  void manyAnswersArePackedIntoMessagesUpToTheirSize() {
    int answers = 2000;
    try (Link link = Link.server()) {
      for (int i = 0; i < answers; i++) {
        link.receive(WireStream.whole(13, i, call(i, 7, NOTHING, NOTHING)));
      }
      for (RecordingRouter.Received call : link.router().calls()) {
        call.call().respond(ResponseStatus.SUCCESS, link.buffer(pattern(50)));
      }
      List<byte[]> messages = link.flush();

      int whole = answers * (13 + 16 + 50 + 13);
      int most = SessionConfig.DEFAULT_MAX_OUTGOING_MESSAGE;
      assertThat(messages).hasSize((whole + most - 1) / most);
      assertThat(messages).allSatisfy(message -> assertThat(message.length <= most).isTrue());
      List<WireFrame> frames = new ArrayList<>();
      messages.forEach(message -> frames.addAll(Wire.frames(13, message))); // whole frames in each
      assertThat(frames).hasSize(2 * answers);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aClientsFirstMessageIsOneFrameSoThatItsGenerationCannotBeMistaken(FrameFormat format) {
    try (Link link = Link.client(format, config -> config)) {
      link.call(7, pattern(10));
      link.call(7, pattern(10));
      link.call(7, pattern(5000));

      assertThat(link.flush())
          .extracting(message -> Wire.frames(format.headerSize(), message).size())
          .containsExactly(1, 5);
    }
  }

  @Test
  void emptyBodiesAddNoFrame() {
    try (Link link = Link.client()) {
      RpcStreamWriter writer = open(link, 1, pattern(3), NOTHING);
      writer.write(Unpooled.EMPTY_BUFFER);
      writer.end();

      assertThat(link.flushSummaries(13)).containsExactly("0#0 open 18", "0#1 end 0");
    }
  }

  @Test
  void payloadThatIsWrittenLaterHasItsOwnFrames() {
    try (Link link = Link.client(FrameFormat.GENERATION_21, c -> c.withChunkSize(20))) {
      RpcStreamWriter writer = open(link, 1, NOTHING, pattern(6));
      writer.write(link.buffer(pattern(50)));
      writer.end();

      assertThat(link.flushSummaries(21))
          .containsExactly(
              "0#0 open 15",
              "0#1 data 6",
              "0#2 data 20",
              "0#3 data 20",
              "0#4 data 10",
              "0#5 end 0");
    }
  }

  @Test
  void metadataOf65535BytesPassesAndOneMoreIsRefused() {
    try (Link link = Link.client()) {
      open(link, 1, pattern(65_535), pattern(1)).end();
      assertThat(content(Wire.frames(13, concat(link.flush()))))
          .isEqualTo(call(1, 7, pattern(65_535), pattern(1)));

      assertThatIllegalArgumentException()
          .isThrownBy(() -> open(link, 2, pattern(65_536), pattern(1)))
          .withMessageContaining("65536");
      assertThat(link.flush()).isEmpty();
    }
  }

  @Test
  void aCancelIsAloneInItsMessage() {
    try (Link link = Link.client()) {
      RpcStreamWriter first = open(link, 1, NOTHING, pattern(6));
      RpcStreamWriter other = open(link, 2, NOTHING, pattern(6));
      link.flush();
      first.cancel();
      other.end();
      List<byte[]> messages = link.flush();

      assertThat(messages)
          .extracting(message -> Wire.frames(13, message).stream().map(WireFrame::summary).toList())
          .containsExactly(List.of("0#1 cancel 0"), List.of("1#1 end 0"));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void nothingFollowsAnEndOrACancel(boolean end) {
    try (Link link = Link.client()) {
      RpcStreamWriter writer = open(link, 1, NOTHING, pattern(6));
      if (end) {
        writer.end();
      } else {
        writer.cancel();
      }
      link.flush();

      assertThatIllegalStateException().isThrownBy(writer::cancel);
      assertThatIllegalStateException().isThrownBy(writer::end);
      assertThatIllegalStateException().isThrownBy(() -> writer.write(link.buffer(pattern(9))));
      assertThat(link.flush()).isEmpty();
    }
  }

  @Test
  void streamIdsWrap() {
    try (Link link =
        Link.client(FrameFormat.GENERATION_13, config -> config.withFirstId(0x7fff_ffff))) {
      RpcStreamWriter last = open(link, 1, NOTHING, NOTHING);
      assertThat(last.streamId()).isEqualTo(0x7fff_ffff);
      assertThat(open(link, 2, NOTHING, NOTHING).streamId()).isZero();
    }
  }

  @Test
  void theClockIsReadForEachFrame() {
    long[] now = {1000};
    try (Link link =
        Link.client(
            FrameFormat.GENERATION_21,
            config ->
                new SessionConfig(
                    config.idSpace(),
                    config.format(),
                    0,
                    100,
                    1000,
                    CoreLimits.DEFAULT,
                    config.allocator(),
                    () -> now[0]++,
                    () -> 0))) {
      link.call(9, pattern(100));

      assertThat(Wire.frames(21, concat(link.flush())))
          .extracting(WireFrame::timestamp)
          .containsExactly(1000L, 1001L, 1002L);
    }
  }

  private static RpcStreamWriter open(Link link, int request, byte[] metadata, byte[] payload) {
    RpcHeader header = new RpcHeader(RpcMessageType.CALL, request, 7, link.buffer(metadata));
    return link.dispatcher().session().open(header, link.buffer(payload), () -> {});
  }

  /** Open first, an empty End last, sequences in turn, no payload over the chunk size. */
  private static void assertRules(List<WireFrame> frames, int chunkSize) {
    int last = frames.size() - 1;
    for (int i = 0; i <= last; i++) {
      WireFrame frame = frames.get(i);
      assertThat(frame.sequence()).isEqualTo(i);
      assertThat(frame.kind()).isEqualTo(i == 0 ? Wire.OPEN : i == last ? Wire.END : Wire.DATA);
      assertThat(frame.payload().length).isLessThanOrEqualTo(i == last ? 0 : chunkSize);
    }
    assertThat(last).isPositive();
  }

  private static byte[] content(List<WireFrame> frames) {
    return concat(frames.stream().map(WireFrame::payload).toList());
  }
}
