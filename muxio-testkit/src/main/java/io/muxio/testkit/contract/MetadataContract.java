package io.muxio.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.muxio.core.frame.CoreLimits;
import io.muxio.rpc.endpoint.CallContext;
import io.muxio.rpc.service.CallOptions;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.Metadata;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcMethod;
import io.muxio.rpc.service.RpcStatus;
import io.muxio.rpc.service.StreamCall;
import io.muxio.rpc.service.StreamMethod;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What travels beside calls, answers and failures. */
abstract class MetadataContract extends ContractTests {
  private static final int LIMIT = 300;
  private static final int SECONDS = 10;
  private static final int ROUNDS = 50;
  private static final Metadata ASKED =
      Metadata.of("tenant", "acme")
          .with(Metadata.TRACEPARENT, "00-0af7-b7ad-01")
          .with("tenant", "ß");
  private static final Metadata FAILED = Metadata.of("quota-resets-at", "noon");

  private static final RpcMethod<byte[], byte[]> UNARY =
      RpcMethod.unary("contract.metadata", Codec.bytes(), Codec.bytes());
  private static final StreamMethod STREAM = StreamMethod.of("contract.metadata_stream");
  private static final RpcMethod<byte[], byte[]> FAILS =
      RpcMethod.unary("contract.metadata_fails", Codec.bytes(), Codec.bytes());
  private static final StreamMethod FAILS_LATE = StreamMethod.of("contract.metadata_fails_late");
  private static final StreamMethod FAILS_AT_ONCE = StreamMethod.of("contract.metadata_at_once");
  private static final RpcMethod<byte[], byte[]> ANSWERS =
      RpcMethod.unary("contract.metadata_of_size", Codec.bytes(), Codec.bytes());

  private final BlockingQueue<Metadata> answered = new LinkedBlockingQueue<>();
  private final CallOptions asking = CallOptions.DEFAULT.onAnswerMetadata(answered::add);
  private final CallOptions options =
      CallOptions.DEFAULT.withMetadata(ASKED).onAnswerMetadata(answered::add);

  MetadataContract(Connector connector) {
    super(connector);
    onBoth(
        end ->
            end.handle(
                    UNARY,
                    (request, call) -> {
                      mirror(call);
                      return request;
                    })
                .handleStream(
                    STREAM,
                    (request, response, call) -> {
                      mirror(call);
                      response.write(Unpooled.wrappedBuffer(new byte[] {1}));
                    })
                .handle(
                    FAILS,
                    (request, call) -> {
                      mirror(call);
                      throw new RpcException(RpcStatus.FAIL, "no").withMetadata(FAILED);
                    })
                .handleStream(
                    FAILS_LATE,
                    (request, response, call) -> {
                      mirror(call);
                      response.write(Unpooled.wrappedBuffer(new byte[] {1}));
                      request.read(); // the caller has the chunk
                      throw new RpcException(RpcStatus.FAIL, "no").withMetadata(FAILED);
                    })
                .handleStream(
                    FAILS_AT_ONCE,
                    (request, response, call) -> {
                      mirror(call);
                      response.write(Unpooled.wrappedBuffer(new byte[] {1}));
                      throw new RpcException(RpcStatus.FAIL, "no").withMetadata(FAILED);
                    })
                .handle(
                    ANSWERS,
                    (request, call) -> {
                      call.answerMetadata(ofSize(request[0] + 256));
                      return request;
                    }));
  }

  /** Answers with what was asked, and one entry more. */
  private static void mirror(CallContext call) {
    call.answerMetadata(call.metadata());
    call.answerMetadata(call.answerMetadata().with("Seen-By", call.method().name()));
  }

  private static Metadata ofSize(int bytes) {
    return Metadata.EMPTY.with("x", new byte[bytes - 4]);
  }

  private Metadata mirrored(String method) {
    return extension ? ASKED.with("seen-by", method) : Metadata.EMPTY;
  }

  /** The one answer's. */
  private Metadata answered() throws InterruptedException {
    Metadata first = extension ? answered.poll(SECONDS, TimeUnit.SECONDS) : Metadata.EMPTY;
    assertThat(answered).isEmpty();
    return first;
  }

  @ParameterizedTest
  @EnumSource
  void beforeAUnaryAnswerItsMetadataIsTold(Direction direction) throws Exception {
    connect();
    assertThat(get(caller(direction).call(UNARY, new byte[] {7}, options))).containsExactly(7);
    assertThat(answered()).isEqualTo(mirrored(UNARY.name()));
    assertThat(get(caller(direction).call(UNARY, new byte[] {7}))).containsExactly(7);
    assertThat(answered).as("of another call").isEmpty();
    assertConnected();
  }

  @ParameterizedTest
  @EnumSource
  void metadataOfAStreamingCall(Direction direction) throws Exception {
    connect();
    try (StreamCall call = caller(direction).open(STREAM, new byte[0], options)) {
      assertThat(Chunks.readAll(call.response())).containsExactly(new byte[] {1});
      assertThat(answered()).isEqualTo(mirrored(STREAM.name()));
    }
    assertConnected();
  }

  @ParameterizedTest
  @EnumSource
  void metadataOfAFailure(Direction direction) throws Exception {
    connect();
    RpcException failure = failureOf(caller(direction).call(FAILS, new byte[1], options));
    assertFailed(failure, RpcStatus.FAIL, "no");
    Metadata all = extension ? mirrored(FAILS.name()).and(FAILED) : Metadata.EMPTY;
    assertThat(failure.metadata()).isEqualTo(all);
    assertThat(answered()).isEqualTo(all);
    assertConnected();
  }

  @ParameterizedTest
  @EnumSource
  void metadataOfAFailureInAnAnswer(Direction direction) throws Exception {
    connect();
    try (StreamCall call = caller(direction).open(FAILS_LATE, new byte[0], options)) {
      ByteBuf first = Objects.requireNonNull(call.response().read());
      assertThat(first.readableBytes()).isOne();
      first.release();
      assertThat(answered()).isEqualTo(mirrored(FAILS_LATE.name()));
      call.request().end();
      RpcException failure = failureOf(call.ended().toCompletableFuture());
      assertFailed(failure, RpcStatus.FAIL, "no");
      Metadata last = extension ? FAILED : Metadata.EMPTY;
      assertThat(failure.metadata()).isEqualTo(last);
      assertThat(answered()).isEqualTo(last);
    }
    assertConnected();
  }

  @ParameterizedTest
  @EnumSource
  void metadataThatThePeerDoesNotTakeIsNotSent(Direction direction) throws Exception {
    assumeTrue(extension, "a published peer gets none");
    connect(PairOptions.DEFAULT.with(CoreLimits.builder().maxMetadataSize(LIMIT)));
    get(caller(direction).call(UNARY, new byte[1])); // the settings have come
    CallOptions most = CallOptions.DEFAULT.withMetadata(ofSize(LIMIT));
    CallOptions more = CallOptions.DEFAULT.withMetadata(ofSize(LIMIT + 1));
    assertThat(get(caller(direction).call(ECHO, new byte[] {7}, most))).containsExactly(7);
    String told = "metadata of 301 bytes (expected: at most 300, the maxMetadataSize of the peer)";
    RpcException failure = failureOf(caller(direction).call(ECHO, new byte[1], more));
    assertFailed(failure, RpcStatus.REJECTED, told);
    assertThat(failure.mayHaveReachedPeer()).isFalse();
    StreamCall stream = caller(direction).open(STREAM, new byte[0], more);
    assertFailed(Chunks.readLater(stream.response()), RpcStatus.REJECTED, told);
    assertConnected();
  }

  @ParameterizedTest
  @EnumSource
  void metadataOfAnAnswerThatTheCallerDoesNotTakeIsLeftOut(Direction direction) throws Exception {
    assumeTrue(extension, "a published peer gets none");
    connect(PairOptions.DEFAULT.with(CoreLimits.builder().maxMetadataSize(LIMIT)));
    assertThat(get(caller(direction).call(ANSWERS, new byte[] {LIMIT - 256}, asking))).hasSize(1);
    assertThat(answered()).isEqualTo(ofSize(LIMIT));
    assertThat(get(caller(direction).call(ANSWERS, new byte[] {LIMIT - 255}, asking))).hasSize(1);
    assertThat(answered).isEmpty();
    assertConnected();
  }

  /** The connection's thread may not have sent the chunk yet when the handler fails. */
  @ParameterizedTest
  @EnumSource
  void metadataOfAFailureIsNeverThatOfTheAnswer(Direction direction) throws Exception {
    assumeTrue(extension, "a published peer gets none");
    connect();
    for (int round = 0; round < ROUNDS; round++) {
      StreamCall call = caller(direction).open(FAILS_AT_ONCE, new byte[0], asking);
      assertThat(failureOf(call.ended().toCompletableFuture()).metadata())
          .isIn(FAILED, mirroredEmpty().and(FAILED));
      Metadata first = answered.poll(SECONDS, TimeUnit.SECONDS);
      if (!mirroredEmpty().and(FAILED).equals(first)) { // else no chunk was sent before
        assertThat(first).isEqualTo(mirroredEmpty());
        assertThat(answered.poll(SECONDS, TimeUnit.SECONDS)).isEqualTo(FAILED);
      }
    }
    assertThat(answered).isEmpty();
    assertConnected();
  }

  private static Metadata mirroredEmpty() {
    return Metadata.of("seen-by", FAILS_AT_ONCE.name());
  }
}
