package io.muxio.rpc.endpoint;

import static io.muxio.rpc.endpoint.Wire.END;
import static io.muxio.rpc.endpoint.Wire.NOTHING;
import static io.muxio.rpc.endpoint.Wire.OPEN;
import static org.assertj.core.api.Assertions.assertThat;

import io.muxio.core.frame.CoreLimits;
import io.muxio.core.rpc.ResponseStatus;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.RpcMethod;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls that pass a limit are answered with a text that names it, and cost nothing afterwards. */
class LimitsTest {
  private static final RpcMethod<byte[], byte[]> ECHO =
      RpcMethod.unary("echo", Codec.bytes(), Codec.bytes());

  private final List<byte[]> requests = new ArrayList<>();
  private EndpointLink link;

  private void connect(CoreLimits.Builder limits) {
    link = new EndpointLink(RpcEndpoint.builder().handle(ECHO, this::echo).build(), limits);
  }

  private byte[] echo(byte[] request, CallContext call) {
    requests.add(request);
    return request;
  }

  @AfterEach
  void nothingIsLeft() {
    link.finish();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 10, 65_535, 65_536, 200_000})
  void aRequestOfTheLimitIsServedAndOneByteMoreIsRefused(int limit) {
    connect(CoreLimits.builder().maxRequestSize(limit));
    Answer refused = link.call(ECHO, Wire.pattern(limit + 1));
    refused.assertTextContains(ResponseStatus.SYSTEM_ERROR, "at most " + limit);
    assertThat(link.bufferedBytes()).isZero();
    assertThat(link.handlers.waiting()).isZero();
    Answer served = link.call(ECHO, Wire.pattern(limit));
    link.settle();
    served.assertSuccess(Wire.pattern(limit));
    assertThat(requests).hasSize(1);
  }

  @Test
  void anAnswerThatMayNotWaitForAPeerThatDoesNotReadIsRefused() {
    connect(CoreLimits.builder());
    link.thread.outboundRoom(999);
    Answer refused = link.call(ECHO, Wire.pattern(1000));
    link.settle();
    refused.assertText(
        ResponseStatus.SYSTEM_ERROR,
        "the answer of 1000 bytes is more than may still wait for you (maxOutboundBytes)");
    link.thread.outboundRoom(1000);
    Answer served = link.call(ECHO, Wire.pattern(1000));
    link.settle();
    served.assertSuccess(Wire.pattern(1000));
  }

  @Test
  void aRequestThatIsRefusedEarlyIsAnsweredOnceAndItsRestDropped() {
    connect(CoreLimits.builder().maxRequestSize(100_000));
    Answer refused = link.call(ECHO, Wire.pattern(1_000_000));
    refused.assertTextContains(ResponseStatus.SYSTEM_ERROR, "100000");
    assertThat(link.openStreams()).isZero();
    assertThat(link.clientFailures).isEmpty();
  }

  @Test
  void aBodyTooLargeAfterSmallParametersIsRefused() {
    connect(CoreLimits.builder().maxRequestSize(4));
    link.receive(
        Wire.frame(1, 0, OPEN, Wire.call(7, ECHO.id(), new byte[4], new byte[4])),
        Wire.frame(1, 1, Wire.DATA, new byte[1]));
    assertThat(link.serverMessages()).isEqualTo(1);
    assertThat(link.bufferedBytes()).isZero();
    link.receive(Wire.frame(1, 2, END, NOTHING));
    link.settle();
    assertThat(requests).isEmpty();
  }

  @Test
  void oneCallTooManyIsRefusedUntilAnotherIsAnswered() {
    connect(CoreLimits.builder().maxInboundCalls(2));
    Answer first = link.call(ECHO, "1");
    Answer second = link.call(ECHO, "2");
    Answer refused = link.call(ECHO, "3");
    refused.assertTextContains(ResponseStatus.SYSTEM_ERROR, "more than 2 calls");
    assertThat(link.inboundCalls()).isEqualTo(2);
    link.handlers.runNext();
    link.settle();
    first.assertSuccess("1");
    second.assertSuccess("2");
    Answer served = link.call(ECHO, "4");
    link.settle();
    served.assertSuccess("4");
    assertThat(requests).hasSize(3);
  }

  @Test
  void theBodyOfARefusedCallIsDropped() {
    connect(CoreLimits.builder().maxInboundCalls(1));
    Answer first = link.call(ECHO, "1");
    Answer refused = link.call(ECHO, Wire.pattern(300_000));
    refused.assertTextContains(ResponseStatus.SYSTEM_ERROR, "more than 1 calls");
    assertThat(link.bufferedBytes()).isEqualTo(1);
    link.settle();
    first.assertSuccess("1");
  }

  @Test
  void fullBuffersRefuseTheCallThatDoesNotFit() {
    connect(CoreLimits.builder().maxBufferedBytes(100_000));
    Answer first = link.call(ECHO, Wire.pattern(60_000));
    Answer inMetadata = link.call(ECHO, Wire.pattern(60_000));
    Answer inBody = link.call(ECHO, Wire.pattern(70_000));
    inMetadata.assertTextContains(ResponseStatus.SYSTEM_ERROR, "limit 100000");
    inBody.assertTextContains(ResponseStatus.SYSTEM_ERROR, "limit 100000");
    assertThat(link.bufferedBytes()).isEqualTo(60_000);
    link.settle();
    first.assertSuccess(Wire.pattern(60_000));
    Answer served = link.call(ECHO, Wire.pattern(100_000));
    link.settle();
    served.assertSuccess(Wire.pattern(100_000));
  }

  @Test
  void anIdThatIsInUseIsNotServedTwice() {
    connect(CoreLimits.builder());
    byte[] call = Wire.call(7, ECHO.id(), new byte[] {1}, NOTHING);
    link.receive(Wire.frame(1, 0, END, call), Wire.frame(2, 0, END, call));
    link.settle();
    assertThat(requests).hasSize(1);
    link.receive(Wire.frame(3, 0, END, call));
    link.settle();
    assertThat(requests).as("free again").hasSize(2);
  }
}
