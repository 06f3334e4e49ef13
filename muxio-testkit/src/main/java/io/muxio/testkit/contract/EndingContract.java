package io.muxio.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.muxio.rpc.endpoint.CallContext;
import io.muxio.rpc.service.ChunkReader;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.ConnectionState;
import io.muxio.rpc.service.RpcConnection;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcMethod;
import io.muxio.rpc.service.RpcStatus;
import io.muxio.rpc.service.StreamCall;
import io.muxio.rpc.service.StreamMethod;
import io.netty.util.AttributeKey;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every way in which a connection ends, with calls under way in both directions. */
abstract class EndingContract extends ContractTests {
  /** The ways. */
  enum Way {
    THE_SERVER_CLOSES,
    THE_CLIENT_CLOSES,
    IT_IS_LOST
  }

  private static final AttributeKey<String> NAME = AttributeKey.valueOf("contract.name");
  private static final int ENDS = Direction.values().length;
  private static final RpcMethod<byte[], byte[]> WAITS =
      RpcMethod.unary("contract.waits", Codec.bytes(), Codec.bytes());
  private static final StreamMethod STREAM = StreamMethod.of("contract.stream");

  /** A unary call and a stream at each end. */
  private final CountDownLatch begun = new CountDownLatch(2 * ENDS);

  private final CountDownLatch cancelled = new CountDownLatch(2 * ENDS);
  private final CountDownLatch readersTold = new CountDownLatch(ENDS);

  EndingContract(Connector connector) {
    super(connector);
    onBoth(
        end ->
            end.handleAsync(
                    WAITS,
                    (request, call) -> {
                      begin(call);
                      return new CompletableFuture<>();
                    })
                .handleStream(
                    STREAM,
                    (request, response, call) -> {
                      begin(call);
                      readUntilDisconnected(request);
                    }));
  }

  private void begin(CallContext call) {
    call.onCancel(cancelled::countDown);
    begun.countDown();
  }

  private void readUntilDisconnected(ChunkReader request) throws InterruptedException {
    try {
      Chunks.readAll(request);
    } catch (RpcException e) {
      if (e.status() == RpcStatus.DISCONNECTED) {
        readersTold.countDown();
      }
      throw e;
    }
  }

  private void end(Way way) {
    switch (way) {
      case THE_SERVER_CLOSES -> pair().server().close();
      case THE_CLIENT_CLOSES -> pair().client().close();
      case IT_IS_LOST -> pair().cut();
    }
  }

  private static void untilDisconnected(RpcConnection connection) {
    Waiting.until(
        connection + " is disconnected",
        () -> connection.state() == ConnectionState.DISCONNECTED,
        connection::state);
  }

  @ParameterizedTest
  @EnumSource
  void callsOfBothDirectionsFailAndHandlersAreTold(Way way) throws Exception {
    connect();
    List<Future<?>> calls = new ArrayList<>();
    for (Direction direction : Direction.values()) {
      calls.add(caller(direction).call(WAITS, new byte[100_000]));
      StreamCall stream = caller(direction).open(STREAM);
      calls.add(Chunks.readLater(stream.response()));
      calls.add(
          Chunks.run(
              () -> {
                while (true) {
                  stream.request().write(Chunks.buffer(new byte[10_000]));
                }
              }));
    }
    await(begun);
    end(way);
    for (Future<?> call : calls) {
      assertFailed(call, RpcStatus.DISCONNECTED);
    }
    await(cancelled);
    await(readersTold);
    untilDisconnected(pair().server());
    untilDisconnected(pair().client());
  }

  @ParameterizedTest
  @EnumSource
  void callsAfterTheEndFail(Way way) throws Exception {
    connect();
    for (Direction direction : Direction.values()) {
      assertThat(caller(direction).isClosed()).as("closed, " + direction).isFalse();
    }
    end(way);
    untilDisconnected(pair().server());
    untilDisconnected(pair().client());
    for (Direction direction : Direction.values()) {
      assertThat(caller(direction).isClosed()).as("closed, " + direction).isTrue();
      assertFailed(caller(direction).call(ECHO, new byte[1]), RpcStatus.DISCONNECTED);
      StreamCall stream = caller(direction).open(STREAM);
      assertFailed(Chunks.readLater(stream.response()), RpcStatus.DISCONNECTED);
      assertFailed(
          Chunks.run(
              () -> {
                while (true) {
                  stream.request().write(Chunks.buffer(new byte[1]));
                }
              }),
          RpcStatus.DISCONNECTED);
    }
  }

  /** What was written before a close is not lost by it. */
  @ParameterizedTest
  @EnumSource
  void whatWasAnsweredBeforeACloseArrives(Direction direction) throws Exception {
    RpcMethod<byte[], byte[]> hangsUp =
        RpcMethod.unary("contract.hangs_up", Codec.bytes(), Codec.bytes());
    StreamMethod answers = StreamMethod.of("contract.answers");
    callee(direction)
        .handleStream(
            answers,
            (request, response, call) -> {
              for (int chunk = 0; chunk < 100; chunk++) {
                response.write(Chunks.buffer(Chunks.pattern(chunk, 50_000)));
              }
            })
        .handle(
            hangsUp,
            (request, call) -> {
              call.connection().close();
              return request;
            });
    connect();
    StreamCall stream = caller(direction).open(answers);
    CompletableFuture<List<byte[]>> answer = Chunks.readLater(stream.response());
    stream.request().end();
    assertThat(get(answer)).hasSize(100);
    assertFailed(caller(direction).call(hangsUp, new byte[1]), RpcStatus.DISCONNECTED);
  }

  @ParameterizedTest
  @EnumSource
  void closingTwiceIsClosing(Direction direction) throws Exception {
    connect();
    RpcConnection end = direction == Direction.TO_SERVER ? pair().client() : pair().server();
    assertThat(end.state()).isEqualTo(ConnectionState.CONNECTED);
    end.attr(NAME).set("known");
    get(end.close().toCompletableFuture());
    assertThat(end.state()).isEqualTo(ConnectionState.DISCONNECTED);
    get(end.close().toCompletableFuture());
    assertThat(end.attr(NAME).get()).isEqualTo("known");
    untilDisconnected(pair().server());
    untilDisconnected(pair().client());
  }
}
