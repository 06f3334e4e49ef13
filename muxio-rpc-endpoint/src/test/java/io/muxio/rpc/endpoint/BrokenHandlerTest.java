package io.muxio.rpc.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.muxio.core.frame.ProtocolException;
import io.muxio.core.rpc.ResponseStatus;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.CodecException;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcMethod;
import io.muxio.rpc.service.RpcStatus;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Handlers and codecs that break the rules hurt their own call only. */
class BrokenHandlerTest {
  private static final RpcMethod<String, String> METHOD =
      RpcMethod.unary("method", Codec.utf8(), Codec.utf8());
  private static final RpcMethod<ByteBuf, ByteBuf> BUFFERS =
      RpcMethod.unary("buffers", Codec.byteBuf(), Codec.byteBuf());
  private EndpointLink link;

  @AfterEach
  void disconnect() {
    link.close();
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = "file \udcff.txt not found")
  void aFailureThatCannotBeEncodedIsStillAnswered(String detail) {
    link =
        new EndpointLink(
            RpcEndpoint.builder()
                .handleAsync(
                    METHOD,
                    (request, call) ->
                        CompletableFuture.failedFuture(new RpcException(RpcStatus.FAIL, detail))));
    link.call(METHOD, "request");
    link.settle();
    assertThat(link.serverMessages()).as("answers").isEqualTo(1);
    assertThat(link.inboundCalls()).isZero();
    assertThat(link.bufferedBytes()).isZero();
  }

  @Test
  void anErrorOfTheConnectionCancelsTheCallsThatAreBeingServed() {
    List<CallContext> contexts = new ArrayList<>();
    CompletableFuture<String> later = new CompletableFuture<>();
    link =
        new EndpointLink(
            RpcEndpoint.builder()
                .handleAsync(
                    METHOD,
                    (request, call) -> {
                      contexts.add(call);
                      return later;
                    }));
    link.call(METHOD, "request");
    link.handlers.runAll();
    link.disconnect(
        ProtocolException.connection(
            ProtocolException.Reason.UNKNOWN_FRAME_KIND, "frame kind: 9 (expected: 0 to 5)"));
    assertThat(contexts.get(0).isCancelled()).isTrue();
  }

  @Test
  void aHandlerThatAnswersWithAReleasedBufferFailsItsOwnCallOnly() {
    link =
        new EndpointLink(
            RpcEndpoint.builder()
                .handle(
                    BUFFERS,
                    (request, call) -> {
                      request.release();
                      return request;
                    })
                .handle(METHOD, (request, call) -> request));
    Answer broken = link.call(BUFFERS, Wire.pattern(10));
    Answer good = link.call(METHOD, "request");
    List<Throwable> failed = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      try {
        link.settle();
      } catch (RuntimeException e) {
        failed.add(e); // as the connection's thread would, which then goes on
      }
    }
    good.assertSuccess("request");
    broken.assertText(ResponseStatus.SYSTEM_ERROR, "internal error");
    assertThat(failed).isEmpty();
  }

  @Test
  void anEncoderThatReturnsNullIsAFailure() {
    RpcMethod<String, String> method = RpcMethod.unary("null", Codec.utf8(), new NullCodec());
    link = new EndpointLink(RpcEndpoint.builder().handle(method, (request, call) -> request));
    Answer answer = link.call(method, "request");
    assertThatCode(link::settle).doesNotThrowAnyException();
    answer.assertText(ResponseStatus.SYSTEM_ERROR, "internal error");
  }

  @Test
  void aCodecExceptionOfTheHandlersOwnWorkIsNotForTheCaller() {
    link =
        new EndpointLink(
            RpcEndpoint.builder()
                .handle(
                    METHOD,
                    (request, call) -> {
                      throw new CodecException("record 17 of the accounts table is broken");
                    }));
    Answer answer = link.call(METHOD, "request");
    link.settle();
    answer.assertText(ResponseStatus.SYSTEM_ERROR, "internal error");
  }

  private static final class NullCodec implements Codec<String> {
    @Override
    public ByteBuf encode(String value, ByteBufAllocator allocator) {
      return null;
    }

    @Override
    public String decode(ByteBuf bytes) {
      return "";
    }
  }
}
