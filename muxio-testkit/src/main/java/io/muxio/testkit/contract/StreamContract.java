package io.muxio.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.muxio.core.frame.FrameFormat;
import io.muxio.rpc.endpoint.ExecutionMode;
import io.muxio.rpc.service.CallOptions;
import io.muxio.rpc.service.RpcStatus;
import io.muxio.rpc.service.StreamCall;
import io.muxio.rpc.service.StreamMethod;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Streaming calls that succeed. */
abstract class StreamContract extends ContractTests {
  private static final int CHUNKS = 200;
  private static final int BURST = 10_000;
  private static final int STREAMS = 50;
  private static final StreamMethod ECHO_STREAM = StreamMethod.of("contract.echo_stream");

  /** Reads the request and sends what the caller does, the two at the same time. */
  private static final StreamMethod COLLECT_AND_SEND = StreamMethod.of("contract.collect_and_send");

  StreamContract(Connector connector) {
    super(connector);
    onBoth(
        end ->
            end.handleStream(
                ECHO_STREAM, (request, response, call) -> Chunks.echo(request, response)));
  }

  /** An echo under way. */
  private record Echo(
      StreamCall call,
      List<byte[]> sent,
      CompletableFuture<Void> written,
      CompletableFuture<List<byte[]>> read) {
    void assertWhole() throws Exception {
      get(written);
      assertThat(get(read)).containsExactlyElementsOf(Chunks.cut(sent));
    }
  }

  private Echo echo(Direction direction, List<byte[]> chunks) {
    return stream(direction, ECHO_STREAM, chunks);
  }

  private Echo stream(Direction direction, StreamMethod method, List<byte[]> chunks) {
    StreamCall call = caller(direction).open(method);
    return new Echo(
        call, chunks, Chunks.writeLater(call.request(), chunks), Chunks.readLater(call.response()));
  }

  @ParameterizedTest
  @EnumSource
  void chunksArriveAsTheyWereSent(FrameFormat format) throws Exception {
    connect(PairOptions.DEFAULT.with(format));
    for (Direction direction : Direction.values()) {
      echo(direction, Chunks.chunks(CHUNKS)).assertWhole();
    }
  }

  @ParameterizedTest
  @EnumSource
  void anEmptyStreamIsAnsweredByAnEmptyStream(FrameFormat format) throws Exception {
    connect(PairOptions.DEFAULT.with(format));
    for (Direction direction : Direction.values()) {
      echo(direction, List.of()).assertWhole();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aBurstThatNobodyWaitsForArrivesInOrder(Direction direction) throws Exception {
    connect();
    StreamCall call = caller(direction).open(ECHO_STREAM);
    CompletableFuture<List<byte[]>> read = Chunks.readLater(call.response());
    List<byte[]> sent = new ArrayList<>();
    for (int chunk = 0; chunk < BURST; chunk++) {
      sent.add(Chunks.pattern(chunk, 1 + chunk % 100));
      call.request().writeAsync(Chunks.buffer(sent.get(chunk)));
    }
    get(call.request().end().toCompletableFuture());
    assertThat(get(read)).containsExactlyElementsOf(sent);
  }

  /**
   * Each reader goes on by itself. Where readers wait for their answers to leave, as those of an
   * echo do, both ends may stop for {@link PairOptions#readerTimeout()}: there is one brake for all
   * streams of a connection.
   */
  @ParameterizedTest
  @EnumSource
  void bothEndsStreamAtOnce(FrameFormat format) throws Exception {
    List<byte[]> chunks = Chunks.chunks(CHUNKS);
    onBoth(
        end ->
            end.handleStream(
                COLLECT_AND_SEND,
                (request, response, call) -> {
                  CompletableFuture<List<byte[]>> read = Chunks.readLater(request);
                  for (byte[] chunk : chunks) {
                    response.write(Chunks.buffer(chunk));
                  }
                  assertThat(get(read)).containsExactlyElementsOf(Chunks.cut(chunks));
                }));
    connect(PairOptions.DEFAULT.with(format));
    List<Echo> streams = new ArrayList<>();
    for (int pair = 0; pair < 2; pair++) {
      for (Direction direction : Direction.values()) {
        streams.add(stream(direction, COLLECT_AND_SEND, chunks));
      }
    }
    for (Echo stream : streams) {
      stream.assertWhole();
    }
  }

  @ParameterizedTest
  @EnumSource
  void manyStreamsGoOnBesideUnaryCalls(FrameFormat format) throws Exception {
    connect(PairOptions.DEFAULT.with(format));
    List<Echo> echoes = new ArrayList<>();
    List<CompletableFuture<byte[]>> answers = new ArrayList<>();
    for (int index = 0; index < STREAMS; index++) {
      Direction direction = index % 2 == 0 ? Direction.TO_SERVER : Direction.TO_CLIENT;
      echoes.add(echo(direction, Chunks.chunks(11)));
      for (int call = 0; call < 10; call++) {
        answers.add(caller(direction).call(ECHO, Chunks.pattern(index, index * 1000)));
      }
    }
    for (int call = 0; call < answers.size(); call++) {
      int index = call / 10;
      assertThat(get(answers.get(call))).isEqualTo(Chunks.pattern(index, index * 1000));
    }
    for (Echo echo : echoes) {
      echo.assertWhole();
    }
  }

  @ParameterizedTest
  @EnumSource
  void parametersComeBeforeTheFirstChunk(Direction direction) throws Exception {
    StreamMethod method = StreamMethod.of("contract.parameters");
    callee(direction)
        .handleStream(
            method, (request, response, call) -> response.write(Chunks.buffer(call.parameters())));
    connect();
    for (int size : new int[] {1, 65_520, 65_521, 65_535}) {
      byte[] parameters = Chunks.pattern(9, size);
      StreamCall call = caller(direction).open(method, parameters, CallOptions.DEFAULT);
      assertThat(get(Chunks.readLater(call.response()))).containsExactly(parameters);
    }
  }

  @ParameterizedTest
  @EnumSource
  void publishersFeedStreamsInBothDirections(ExecutionMode mode) throws Exception {
    StreamMethod method = StreamMethod.of("contract.echo_published");
    onBoth(end -> end.handleStreamAsync(method, (request, call) -> request, mode));
    connect();
    for (Direction direction : Direction.values()) {
      // What one stream brings goes out on another, and from there comes back. It is less than
      // makes
      // a connection wait: streams that wait for each other would wait for readerTimeout.
      StreamCall first = caller(direction).open(method);
      StreamCall second = caller(direction).open(method);
      List<byte[]> sent = Chunks.chunks(11);
      CompletableFuture<Void> written = Chunks.writeLater(first.request(), sent);
      CompletableFuture<List<byte[]>> read = Chunks.readLater(second.response());
      get(second.request().writeAll(first.response()).toCompletableFuture());
      get(written);
      assertThat(get(read)).containsExactlyElementsOf(Chunks.cut(sent));
    }
  }

  /** The handler knows enough before the request has ended. */
  @ParameterizedTest
  @EnumSource
  void anAnswerMayEndBeforeItsRequest(Direction direction) throws Exception {
    StreamMethod method = StreamMethod.of("contract.first_chunk");
    callee(direction)
        .handleStream(
            method,
            (request, response, call) -> {
              response.write(Objects.requireNonNull(request.read(), "first chunk"));
            });
    connect();
    StreamCall call = caller(direction).open(method);
    call.request().write(Chunks.buffer(new byte[] {1}));
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    get(Chunks.readLater(call.response())).forEach(answer::writeBytes);
    assertThat(answer.toByteArray()).containsExactly(1);
    assertFailed(
        Chunks.run(
            () -> {
              while (true) {
                call.request().write(Chunks.buffer(new byte[1000]));
              }
            }),
        RpcStatus.CANCELLED,
        "its answer has ended");
    assertConnected();
  }
}
