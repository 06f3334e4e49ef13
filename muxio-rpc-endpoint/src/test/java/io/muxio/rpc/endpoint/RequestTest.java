package io.muxio.rpc.endpoint;

import static io.muxio.rpc.endpoint.Wire.CANCEL;
import static io.muxio.rpc.endpoint.Wire.DATA;
import static io.muxio.rpc.endpoint.Wire.END;
import static io.muxio.rpc.endpoint.Wire.NOTHING;
import static io.muxio.rpc.endpoint.Wire.OPEN;
import static org.assertj.core.api.Assertions.assertThat;

import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.RpcMethod;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a request reaches its handler, wherever in the stream it travels. */
class RequestTest {
  private static final RpcMethod<byte[], byte[]> ECHO =
      RpcMethod.unary("echo", Codec.bytes(), Codec.bytes());
  private static final RpcMethod<ByteBuf, ByteBuf> PASS =
      RpcMethod.unary("pass", Codec.byteBuf(), Codec.byteBuf());

  private final List<byte[]> requests = new ArrayList<>();
  private final EndpointLink link =
      new EndpointLink(
          RpcEndpoint.builder().handle(ECHO, this::echo).handle(PASS, (request, call) -> request));

  private byte[] echo(byte[] request, CallContext call) {
    requests.add(request);
    return request;
  }

  @AfterEach
  void nothingIsLeft() {
    link.finish();
  }

  private static byte[] call(byte[] metadata, byte[] body) {
    return Wire.call(7, ECHO.id(), metadata, body);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 64, 65_521, 65_522, 65_535, 65_536, 65_537, 200_000, 3_000_000})
  void aRequestOfAnySizeIsAnswered(int size) {
    byte[] request = Wire.pattern(size);
    Answer copied = link.call(ECHO, request);
    Answer passed = link.call(PASS, request);
    link.settle();
    copied.assertSuccess(request);
    passed.assertSuccess(request);
  }

  @Test
  void theBudgetIsChargedUntilTheAnswer() {
    link.call(ECHO, Wire.pattern(1000));
    assertThat(link.bufferedBytes()).isEqualTo(1000);
    link.handlers.runAll();
    assertThat(link.bufferedBytes()).as("the answer waits").isEqualTo(1000);
    link.loop.runAll();
    assertThat(link.bufferedBytes()).isZero();
  }

  @Test
  void aRequestWithoutBytesIsEmpty() {
    link.receive(Wire.frame(1, 0, OPEN, call(NOTHING, NOTHING)), Wire.frame(1, 1, END, NOTHING));
    link.settle();
    assertThat(requests).containsExactly(NOTHING);
  }

  @Test
  void parametersInTheMetadataAreTheRequest() {
    link.receive(
        Wire.frame(1, 0, OPEN, call(new byte[] {1, 2}, NOTHING)), Wire.frame(1, 1, END, NOTHING));
    link.settle();
    assertThat(requests).containsExactly(new byte[] {1, 2});
  }

  @Test
  void aBodyWinsOverTheMetadata() {
    link.receive(
        Wire.frame(1, 0, OPEN, call(new byte[] {1, 2}, NOTHING)),
        Wire.frame(1, 1, DATA, new byte[] {3}),
        Wire.frame(1, 2, DATA, new byte[] {4, 5}));
    assertThat(link.bufferedBytes()).as("only the body is kept").isEqualTo(3);
    link.receive(Wire.frame(1, 3, END, NOTHING));
    link.settle();
    assertThat(requests).containsExactly(new byte[] {3, 4, 5});
  }

  @Test
  void aBodyInTheFrameOfTheHeaderWinsToo() {
    link.receive(
        Wire.frame(1, 0, OPEN, call(new byte[] {1, 2}, new byte[] {3})),
        Wire.frame(1, 1, END, NOTHING));
    link.settle();
    assertThat(requests).containsExactly(new byte[] {3});
  }

  @Test
  void headerAndBodyInTheEndAreRead() {
    link.receive(Wire.frame(1, 0, END, call(NOTHING, new byte[] {6, 7})));
    link.receive(
        Wire.frame(2, 0, OPEN, Wire.call(8, ECHO.id(), NOTHING, NOTHING)),
        Wire.frame(2, 1, END, new byte[] {8}));
    link.settle();
    assertThat(requests).containsExactly(new byte[] {6, 7}, new byte[] {8});
  }

  @Test
  void everyByteInAFrameOfItsOwnIsTheSameRequest() {
    byte[] header = call(NOTHING, Wire.pattern(600));
    for (int i = 0; i < header.length; i++) {
      link.receive(Wire.frame(1, i, i == 0 ? OPEN : DATA, new byte[] {header[i]}));
    }
    link.receive(Wire.frame(1, header.length, END, NOTHING));
    link.settle();
    assertThat(requests).containsExactly(Wire.pattern(600));
  }

  @Test
  void framesOutOfOrderAreTheSameRequest() {
    link.receive(
        Wire.frame(1, 0, OPEN, call(NOTHING, NOTHING)),
        Wire.frame(1, 3, END, NOTHING),
        Wire.frame(1, 2, DATA, new byte[] {2}),
        Wire.frame(1, 1, DATA, new byte[] {1}));
    link.settle();
    assertThat(requests).containsExactly(new byte[] {1, 2});
  }

  @Test
  void theAnswerBearsRequestIdAndMethodIdOfTheCall() {
    link.receive(Wire.frame(1, 0, END, Wire.call(0x7fff_0001, ECHO.id(), NOTHING, NOTHING)));
    link.settle();
    assertThat(link.clientFailures)
        .as("the client made no such request")
        .singleElement()
        .asString()
        .contains(Integer.toString(0x7fff_0001));
  }

  @Test
  void aCallWithABrokenStreamIsAnsweredWithTheReason() {
    Answer answer = link.callWithoutFlush(ECHO, NOTHING); // request id 0
    link.receive(
        Wire.frame(9, 0, OPEN, Wire.call(0x7fff_0002, ECHO.id(), NOTHING, NOTHING)),
        Wire.frame(9, 0, DATA, NOTHING));
    assertThat(link.inboundCalls()).as("the other call alone is left").isEqualTo(1);
    assertThat(link.clientFailures).as("one answer came").hasSize(1);
    link.receive(Wire.frame(9, 2, CANCEL, NOTHING));
    link.settle();
    answer.assertSuccess(NOTHING);
  }

  @Test
  void aCutHeaderIsNoCall() {
    link.receive(Wire.frame(1, 0, OPEN, new byte[] {0, 1, 2}), Wire.frame(1, 1, END, NOTHING));
    link.settle();
    assertThat(link.serverMessages()).isZero();
    assertThat(link.openStreams()).isZero();
  }
}
