package io.muxio.rpc.endpoint;

import static io.muxio.rpc.endpoint.Wire.CANCEL;
import static io.muxio.rpc.endpoint.Wire.DATA;
import static io.muxio.rpc.endpoint.Wire.END;
import static io.muxio.rpc.endpoint.Wire.NOTHING;
import static io.muxio.rpc.endpoint.Wire.OPEN;
import static org.assertj.core.api.Assertions.assertThat;

import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.RpcMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The peer voids its request. A Cancel counts before the request's End alone: afterwards the stream
 * is over, and published peers send none.
 */
class CancelTest {
  private static final RpcMethod<byte[], byte[]> METHOD =
      RpcMethod.unary("method", Codec.bytes(), Codec.bytes());

  private final List<CallContext> contexts = new ArrayList<>();
  private final List<CompletableFuture<byte[]>> later = new ArrayList<>();
  private final EndpointLink link =
      new EndpointLink(RpcEndpoint.builder().handleAsync(METHOD, this::answerLater));

  private CompletionStage<byte[]> answerLater(byte[] request, CallContext call) {
    contexts.add(call);
    later.add(new CompletableFuture<>());
    return later.get(later.size() - 1);
  }

  @AfterEach
  void nothingIsLeft() {
    link.finish();
  }

  private static byte[] call(byte[] metadata) {
    return Wire.call(7, METHOD.id(), metadata, NOTHING);
  }

  @Test
  void aRequestThatIsCancelledBeforeItsEndIsNeverServed() {
    link.receive(
        Wire.frame(1, 0, OPEN, call(new byte[100])), Wire.frame(1, 1, DATA, new byte[5000]));
    assertThat(link.bufferedBytes()).isEqualTo(5000);
    link.receive(Wire.frame(1, 2, CANCEL, NOTHING));
    assertThat(link.bufferedBytes()).isZero();
    assertThat(link.inboundCalls()).isZero();
    assertThat(link.openStreams()).isZero();
    link.settle();
    assertThat(contexts).isEmpty();
    assertThat(link.serverMessages()).isZero();
  }

  @Test
  void aRequestThatIsCancelledAfterItsParametersIsNeverServed() {
    link.receive(Wire.frame(1, 0, OPEN, call(new byte[100])), Wire.frame(1, 1, CANCEL, NOTHING));
    assertThat(link.bufferedBytes()).isZero();
    link.settle();
    assertThat(contexts).isEmpty();
    assertThat(link.serverMessages()).isZero();
  }

  @Test
  void aCancelledIdMayBeUsedAgainAtOnce() {
    link.receive(
        Wire.frame(1, 0, OPEN, call(NOTHING)),
        Wire.frame(1, 1, CANCEL, NOTHING),
        Wire.frame(1, 0, END, call(NOTHING)));
    link.settle();
    assertThat(contexts).hasSize(1);
    later.get(0).complete(NOTHING);
    link.settle();
    assertThat(link.serverMessages()).isEqualTo(1);
  }

  @Test
  void aCancelAfterTheEndIsTooLateAndTheCallIsAnswered() {
    link.receive(
        Wire.frame(1, 0, OPEN, call(NOTHING)),
        Wire.frame(1, 1, END, NOTHING),
        Wire.frame(1, 2, CANCEL, NOTHING));
    link.handlers.runAll();
    link.receive(Wire.frame(1, 2, CANCEL, NOTHING));
    assertThat(contexts.get(0).isCancelled()).isFalse();
    later.get(0).complete(NOTHING);
    link.settle();
    assertThat(link.serverMessages()).isEqualTo(1);
    link.receive(Wire.frame(1, 2, CANCEL, NOTHING));
    assertThat(contexts.get(0).isCancelled()).isFalse();
  }

  @Test
  void otherCallsGoOn() {
    Answer other = link.call(METHOD, "other");
    link.receive(Wire.frame(1, 0, OPEN, call(NOTHING)), Wire.frame(1, 1, CANCEL, NOTHING));
    link.handlers.runAll();
    later.get(0).complete(new byte[] {'x'});
    link.settle();
    other.assertSuccess("x");
  }
}
