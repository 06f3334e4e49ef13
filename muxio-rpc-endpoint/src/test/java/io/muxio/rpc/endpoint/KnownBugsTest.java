package io.muxio.rpc.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.muxio.core.frame.ProtocolException;
import io.muxio.core.rpc.ResponseStatus;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.CodecException;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcMethod;
import io.muxio.rpc.service.RpcStatus;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What does not work yet. */
class KnownBugsTest {
  private static final RpcMethod<String, String> METHOD =
      RpcMethod.unary("method", Codec.utf8(), Codec.utf8());
  private static final RpcMethod<ByteBuf, ByteBuf> BUFFERS =
      RpcMethod.unary("buffers", Codec.byteBuf(), Codec.byteBuf());
  private EndpointLink link;

  @AfterEach
  void disconnect() {
    link.close();
  }

  /** Failures of which no answer can be made. */
  private enum Unspeakable {
    UNPAIRED_SURROGATE {
      @Override
      RuntimeException failure() {
        return new RpcException(RpcStatus.FAIL, "file \udcff.txt not found");
      }
    },
    NULL_DETAIL {
      @Override
      RuntimeException failure() {
        return new RpcException(RpcStatus.FAIL, null);
      }
    },
    MESSAGE_THROWS {
      @Override
      RuntimeException failure() {
        return new IllegalStateException() {
          @Override
          public String getMessage() {
            throw new IllegalStateException("no message");
          }
        };
      }
    };

    abstract RuntimeException failure();
  }

  @ParameterizedTest
  @EnumSource(Unspeakable.class)
  void aFailureThatCannotBeEncodedIsStillAnswered(Unspeakable kind) {
    link =
        new EndpointLink(
            RpcEndpoint.builder()
                .exposeErrors(true)
                .handleAsync(
                    METHOD, (request, call) -> CompletableFuture.failedFuture(kind.failure())));
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
    for (int i = 0; i < 2; i++) {
      try {
        link.settle();
      } catch (RuntimeException e) {
        assertThat(e).as("a task of the connection's thread failed").isNull();
      }
    }
    good.assertSuccess("request");
    broken.assertText(ResponseStatus.SYSTEM_ERROR, "internal error");
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
}
