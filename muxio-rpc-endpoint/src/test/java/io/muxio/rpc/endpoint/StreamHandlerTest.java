package io.muxio.rpc.endpoint;

import static io.muxio.rpc.endpoint.Wire.NOTHING;
import static org.assertj.core.api.Assertions.assertThat;

import io.muxio.core.frame.CoreLimits;
import io.muxio.core.rpc.ResponseStatus;
import io.muxio.rpc.service.ChunkReader;
import io.muxio.rpc.service.ChunkWriter;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcMethod;
import io.muxio.rpc.service.RpcStatus;
import io.muxio.rpc.service.StreamMethod;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Streaming methods whose handlers block, as their callers see them. */
class StreamHandlerTest {
  private static final StreamMethod METHOD = StreamMethod.of("method");

  private EndpointLink link;

  private EndpointLink link(StreamHandler handler) {
    link = new EndpointLink(RpcEndpoint.builder().handleStream(METHOD, handler));
    return link;
  }

  private StreamAnswer call(StreamHandler handler, String... chunks) {
    StreamAnswer answer = link(handler).open(METHOD, NOTHING).send(chunks).end();
    link.settle();
    return answer;
  }

  private ByteBuf chunk(String text) {
    return link.buffer(text.getBytes(StandardCharsets.UTF_8));
  }

  private static void echo(ChunkReader request, ChunkWriter response, StreamContext call)
      throws InterruptedException {
    for (ByteBuf chunk = request.read(); chunk != null; chunk = request.read()) {
      response.write(chunk);
    }
  }

  @Test
  void itReadsChunksAndWritesChunks() {
    call(StreamHandlerTest::echo, "one", "two").assertEnded("one", "two");
    link.finish();
  }

  @Test
  void anAnswerMayBeEmpty() {
    call((request, response, call) -> {}).assertEnded();
    link.finish();
  }

  @Test
  void parametersComeBeforeTheChunks() {
    StreamAnswer answer =
        link((request, response, call) -> {
              call.parameters()[0] = 'X'; // a copy
              response.write(link.buffer(call.parameters()));
              echo(request, response, call);
            })
            .open(METHOD, new byte[] {'p'})
            .send("one")
            .end();
    assertThat(link.bufferedBytes()).isPositive();
    link.settle();
    answer.assertEnded("p", "one");
    link.finish();
  }

  @Test
  void parametersAreCountedAndDoNotSlowThePeerDown() {
    link =
        new EndpointLink(
            RpcEndpoint.builder().handleStream(METHOD, StreamHandlerTest::echo).build(),
            CoreLimits.builder().maxStreamBufferedBytes(1000));
    StreamAnswer answer = link.open(METHOD, new byte[5000]);
    assertThat(link.bufferedBytes()).isEqualTo(5000);
    assertThat(link.isCongested()).isFalse();
    answer.end();
    link.settle();
    answer.assertEnded();
    link.finish();
  }

  @Test
  void parametersAreLimitedAsAnyRequest() {
    link =
        new EndpointLink(
            RpcEndpoint.builder().handleStream(METHOD, StreamHandlerTest::echo).build(),
            CoreLimits.builder().maxRequestSize(99));
    StreamAnswer answer = link.open(METHOD, new byte[100]);
    answer.assertFailed(ResponseStatus.SYSTEM_ERROR, "maxRequestSize");
    link.finish();
  }

  @Test
  void aFailureItChoosesBeforeTheFirstChunkIsAStatus() {
    call(
            (request, response, call) -> {
              throw new RpcException(RpcStatus.FAIL, "deliberate");
            },
            "unread")
        .assertFailed(ResponseStatus.FAIL, "deliberate");
    link.finish();
  }

  @Test
  void anUnexpectedFailureKeepsItsDetail() {
    call((request, response, call) -> {
          throw new IllegalStateException("secret");
        })
        .assertFailed(ResponseStatus.SYSTEM_ERROR, "internal error");
    link.finish();
  }

  @Test
  void aFailureBehindChunksThatHaveNotLeftIsStillAStatus() {
    StreamAnswer answer =
        link((request, response, call) -> {
              response.write(chunk("never seen"));
              throw new RpcException(RpcStatus.FAIL, "deliberate");
            })
            .open(METHOD, NOTHING);
    link.thread.writable(false);
    link.settle();
    link.thread.writable(true);
    link.settle();
    answer.assertFailed(ResponseStatus.FAIL, "deliberate");
    link.finish();
  }

  @Test
  void aFailureBehindChunksThatHaveLeftIsTold() {
    call((request, response, call) -> {
          response.write(chunk("one"));
          link.loop.runAll();
          throw new RpcException(RpcStatus.FAIL, "deliberate");
        })
        .assertFailedBehind(ResponseStatus.FAIL, "deliberate", "one");
    link.finish();
  }

  @Test
  void aWriterThatNeverWaitsNeverLooksLikeSuccess() {
    StreamAnswer answer =
        link((request, response, call) -> {
              for (int i = 0; i < 6; i++) {
                response.writeAsync(link.buffer(new byte[1 << 20]));
              }
            })
            .open(METHOD, NOTHING);
    link.settle();
    answer.assertFailed(ResponseStatus.SYSTEM_ERROR, "wait to be sent");
    link.finish();
  }

  @Test
  void aChunkThatWasReleasedFailsItsCallOnly() {
    StreamAnswer answer =
        call(
            (request, response, call) -> {
              ByteBuf chunk = chunk("dead");
              response.write(chunk);
              chunk.release();
            });
    answer.assertFailed(ResponseStatus.SYSTEM_ERROR, "internal error");
    link.open(METHOD, NOTHING).end().cancel();
    link.finish();
  }

  @Test
  void whatItLeavesOfTheRequestIsDropped() {
    StreamAnswer answer =
        link((request, response, call) -> request.read().release()).open(METHOD, NOTHING);
    answer.send("one", "two", "three");
    assertThat(link.bufferedBytes()).isPositive();
    link.settle();
    answer.assertEnded();
    assertThat(link.bufferedBytes()).isZero();
    link.finish();
  }

  @Test
  void whatItLeavesIsDroppedAlsoWhileItsAnswerWaits() {
    StreamAnswer answer =
        link((request, response, call) -> response.write(chunk("one"))).open(METHOD, NOTHING);
    link.thread.writable(false);
    link.settle();
    answer.send("more");
    assertThat(link.bufferedBytes()).isZero();
    link.thread.writable(true);
    link.settle();
    answer.assertEnded("one");
    link.finish();
  }

  @Test
  void itMayLeaveAPublisherThatWritesTheAnswer() {
    StreamAnswer answer =
        link((request, response, call) -> response.writeAll(request)).open(METHOD, NOTHING);
    link.settle();
    answer.send("one");
    link.settle();
    answer.send("two").end();
    link.settle();
    answer.assertEnded("one", "two");
    link.finish();
  }

  @Test
  void itMayEndItsAnswerAndGoOn() {
    StreamAnswer answer =
        call(
            (request, response, call) -> {
              response.write(chunk("one"));
              response.end();
              response.end();
            });
    answer.assertEnded("one");
    link.finish();
  }

  @Test
  void anExecutorThatRefusesIsAnError() {
    link(StreamHandlerTest::echo).handlers.reject(true);
    StreamAnswer answer = link.open(METHOD, NOTHING).send("one");
    link.handlers.reject(false);
    link.settle();
    answer.assertFailed(ResponseStatus.SYSTEM_ERROR, "overloaded");
    link.finish();
  }

  @Test
  void aUnaryCallOfItIsAStreamWithParametersOrOneChunk() {
    link(
        (request, response, call) -> {
          response.write(link.buffer(call.parameters()));
          response.writeAll(request);
        });
    RpcMethod<byte[], byte[]> unary = RpcMethod.unary("method", Codec.bytes(), Codec.bytes());
    Answer small = link.call(unary, "small");
    Answer large = link.call(unary, new byte[70_000]);
    link.settle();
    small.assertSuccess("small");
    large.assertSuccess(new byte[70_000]);
    link.finish();
  }

  @Test
  void aUnaryMethodTakesAStreamForItsRequest() {
    RpcMethod<String, String> unary = RpcMethod.unary("unary", Codec.utf8(), Codec.utf8());
    link = new EndpointLink(RpcEndpoint.builder().handle(unary, (text, call) -> text + "!"));
    StreamAnswer answer = link.open(unary, NOTHING).send("one", "two").end();
    link.settle();
    answer.assertEnded("onetwo!");
    link.finish();
  }

  @Test
  void anUnknownMethodIsNotFoundBeforeTheRequestHasEnded() {
    link = new EndpointLink(RpcEndpoint.builder());
    StreamAnswer answer = link.open(METHOD, NOTHING);
    answer.assertFailed(ResponseStatus.METHOD_NOT_FOUND, "");
    answer.send("late");
    assertThat(link.openStreams()).isZero();
    link.finish();
  }
}
