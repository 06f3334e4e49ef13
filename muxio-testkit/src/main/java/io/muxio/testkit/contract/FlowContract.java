package io.muxio.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.muxio.core.frame.CoreLimits;
import io.muxio.rpc.service.ChunkReader;
import io.muxio.rpc.service.ChunkWriter;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcMethod;
import io.muxio.rpc.service.RpcStatus;
import io.muxio.rpc.service.StreamCall;
import io.muxio.rpc.service.StreamMethod;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Streams whose readers are slower than their writers. */
abstract class FlowContract extends ContractTests {
  private static final int CHUNK = 1 << 16;
  private static final int CHUNKS = 768;

  /** What may be on its way: in queues of both ends, and in those of the sockets between. */
  private static final long MOST_ON_ITS_WAY = 24 << 20;

  private static final StreamMethod SOURCE = StreamMethod.of("contract.source");
  private static final StreamMethod SINK = StreamMethod.of("contract.sink");
  private static final StreamMethod ECHO_STREAM = StreamMethod.of("contract.echo_stream");
  private static final RpcMethod<byte[], byte[]> NESTED =
      RpcMethod.unary("contract.nested", Codec.bytes(), Codec.bytes());
  private static final StreamMethod STUCK = StreamMethod.of("contract.stuck");

  private final AtomicLong written = new AtomicLong();
  private final AtomicLong read = new AtomicLong();
  private final AtomicLong mostOnItsWay = new AtomicLong();
  private final CountDownLatch mayRead = new CountDownLatch(1);

  FlowContract(Connector connector) {
    super(connector);
  }

  private void writeAll(ChunkWriter writer) throws InterruptedException {
    for (int chunk = 0; chunk < CHUNKS; chunk++) {
      writer.write(Chunks.buffer(Chunks.pattern(chunk, CHUNK)));
      written.addAndGet(CHUNK);
    }
    writer.end();
  }

  /** Works for each chunk, so that it is slower than any writer. */
  private void readSlowly(ChunkReader reader) throws Exception {
    await(mayRead);
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    int count = 0;
    for (ByteBuf chunk = reader.read(); chunk != null; chunk = reader.read()) {
      mostOnItsWay.accumulateAndGet(written.get() - read.get(), Math::max);
      read.addAndGet(chunk.readableBytes());
      byte[] bytes = ByteBufUtil.getBytes(chunk);
      chunk.release();
      assertThat(bytes).isEqualTo(Chunks.pattern(count++, CHUNK));
      digest.digest(bytes);
    }
    assertThat(count).isEqualTo(CHUNKS);
  }

  private static void untilWaiting(ChunkWriter writer) {
    Waiting.until("a writer that waits", () -> !writer.isWritable(), () -> "writable");
  }

  @ParameterizedTest
  @EnumSource
  void aSlowReaderSlowsTheWriterOfARequestDown(Direction direction) throws Exception {
    CompletableFuture<Void> reader = new CompletableFuture<>();
    callee(direction)
        .handleStream(
            SINK,
            (request, response, call) -> {
              try {
                readSlowly(request);
                reader.complete(null);
              } catch (Throwable e) {
                reader.completeExceptionally(e);
              }
            });
    connect();
    StreamCall call = caller(direction).open(SINK);
    CompletableFuture<Void> writer = Chunks.run(() -> writeAll(call.request()));
    untilWaiting(call.request());
    mayRead.countDown();
    get(writer);
    get(reader);
    assertThat(get(Chunks.readLater(call.response()))).isEmpty();
    assertThat(mostOnItsWay.get()).as("bytes on their way").isLessThan(MOST_ON_ITS_WAY);
  }

  @ParameterizedTest
  @EnumSource
  void aSlowReaderSlowsTheWriterOfAnAnswerDown(Direction direction) throws Exception {
    CompletableFuture<ChunkWriter> writer = new CompletableFuture<>();
    callee(direction)
        .handleStream(
            SOURCE,
            (request, response, call) -> {
              writer.complete(response);
              writeAll(response);
            });
    connect();
    StreamCall call = caller(direction).open(SOURCE);
    call.request().end();
    CompletableFuture<Void> reader = Chunks.run(() -> readSlowly(call.response()));
    untilWaiting(get(writer));
    mayRead.countDown();
    get(reader);
    assertThat(mostOnItsWay.get()).as("bytes on their way").isLessThan(MOST_ON_ITS_WAY);
  }

  /** The echoing end writes only while it is read, and reads only while it can write. */
  @ParameterizedTest
  @EnumSource
  void anEchoOfMoreThanFitsOnTheWayGoesOn(Direction direction) throws Exception {
    callee(direction)
        .handleStream(ECHO_STREAM, (request, response, call) -> Chunks.echo(request, response));
    connect();
    StreamCall call = caller(direction).open(ECHO_STREAM);
    CompletableFuture<Void> writer = Chunks.run(() -> writeAll(call.request()));
    mayRead.countDown();
    CompletableFuture<Void> reader = Chunks.run(() -> readSlowly(call.response()));
    get(writer);
    get(reader);
  }

  private static PairOptions impatient() {
    return PairOptions.DEFAULT
        .with(CoreLimits.builder().maxStreamBufferedBytes(CHUNK * 4))
        .withReaderTimeout(Duration.ofMillis(100));
  }

  private static void writeForEver(ChunkWriter writer) throws InterruptedException {
    while (true) {
      writer.write(Chunks.buffer(new byte[CHUNK]));
    }
  }

  @ParameterizedTest
  @EnumSource
  void anAnswerThatIsNotReadFailsAloneAndNamesItsLimit(Direction direction) throws Exception {
    assumeFalse(extension, "a peer that waits for credit never sends too much");
    CompletableFuture<Void> writer = new CompletableFuture<>();
    callee(direction)
        .handleStream(
            STUCK,
            (request, response, call) -> {
              try {
                writeForEver(response);
              } catch (Throwable e) {
                writer.completeExceptionally(e);
                throw e;
              }
            });
    connect(impatient());
    StreamCall call = caller(direction).open(STUCK);
    for (int round = 0; round < 10; round++) {
      assertConnected(); // also while it fails
    }
    assertFailed(writer, RpcStatus.CANCELLED);
    assertFailed(Chunks.readLater(call.response()), RpcStatus.REJECTED, "limit 262144", "too slow");
    assertConnected();
  }

  @ParameterizedTest
  @EnumSource
  void aRequestThatIsNotReadFailsAloneAndNamesItsLimit(Direction direction) throws Exception {
    assumeFalse(extension, "a peer that waits for credit never sends too much");
    CountDownLatch cancelled = new CountDownLatch(1);
    CompletableFuture<List<byte[]>> reader = new CompletableFuture<>();
    callee(direction)
        .handleStream(
            STUCK,
            (request, response, call) -> {
              call.onCancel(cancelled::countDown);
              await(cancelled);
              try {
                reader.complete(Chunks.readAll(request));
              } catch (RpcException e) {
                reader.completeExceptionally(e);
              }
            });
    connect(impatient());
    StreamCall call = caller(direction).open(STUCK);
    CompletableFuture<Void> writer = Chunks.run(() -> writeForEver(call.request()));
    for (int round = 0; round < 10; round++) {
      assertConnected(); // also while it fails
    }
    assertFailed(writer, RpcStatus.SYSTEM_ERROR, "limit 262144", "too slow");
    assertFailed(
        Chunks.readLater(call.response()), RpcStatus.SYSTEM_ERROR, "limit 262144", "too slow");
    assertFailed(reader, RpcStatus.REJECTED, "limit 262144");
    assertConnected();
  }

  /** Without a limit of time, and whatever else goes on. */
  @ParameterizedTest
  @EnumSource
  void anAnswerThatIsNotReadWaitsForItsReaderWhereThereIsCredit(Direction direction)
      throws Exception {
    assumeTrue(extension, "credit takes the extension");
    CompletableFuture<ChunkWriter> writer = new CompletableFuture<>();
    callee(direction)
        .handleStream(
            SOURCE,
            (request, response, call) -> {
              writer.complete(response);
              writeAll(response);
            });
    connect(impatient());
    StreamCall stalled = caller(direction).open(SOURCE);
    untilWaiting(get(writer));
    for (int round = 0; round < 10; round++) {
      assertConnected();
    }
    assertThat(written.get()).as("bytes on their way").isLessThan(MOST_ON_ITS_WAY);
    mayRead.countDown();
    get(Chunks.run(() -> readSlowly(stalled.response())));
  }

  /** The caller has sent all of its request by then, and says nothing more of its own accord. */
  @ParameterizedTest
  @EnumSource
  void anAnswerThatFailsAtItsReaderDoesNotKeepItsWriterWaiting(Direction direction)
      throws Exception {
    assumeTrue(extension, "a published peer cannot be told, and its writer does not wait");
    CompletableFuture<Void> writer = new CompletableFuture<>();
    callee(direction)
        .handleStream(
            SOURCE,
            (request, response, call) -> {
              Chunks.readAll(request);
              try {
                writeForEver(response);
              } catch (Throwable e) {
                writer.completeExceptionally(e);
                throw e;
              }
            });
    connect(PairOptions.DEFAULT.with(CoreLimits.builder().maxStreamBufferedBytes(CHUNK / 2)));
    StreamCall call = caller(direction).open(SOURCE);
    get(call.request().end().toCompletableFuture());
    assertFailed(Chunks.readLater(call.response()), RpcStatus.REJECTED, "limit " + CHUNK / 2);
    assertFailed(writer, RpcStatus.CANCELLED);
    assertConnected();
  }

  @ParameterizedTest
  @EnumSource
  void aStalledStreamDoesNotStopAnother(Direction direction) throws Exception {
    assumeTrue(extension, "credit takes the extension");
    onBoth(end -> end.handleStream(SOURCE, (request, response, call) -> writeForEver(response)));
    callee(direction)
        .handleStream(ECHO_STREAM, (request, response, call) -> Chunks.echo(request, response));
    connect(PairOptions.DEFAULT.with(CoreLimits.builder().connectionWindow(CHUNK)));
    List<StreamCall> stalled = new ArrayList<>();
    for (int count = 0; count < 20; count++) {
      for (Direction each : Direction.values()) {
        stalled.add(caller(each).open(SOURCE));
      }
    }
    StreamCall call = caller(direction).open(ECHO_STREAM);
    CompletableFuture<Void> writer = Chunks.run(() -> writeAll(call.request()));
    mayRead.countDown();
    get(Chunks.run(() -> readSlowly(call.response())));
    get(writer);
    stalled.forEach(StreamCall::cancel);
    for (StreamCall each : stalled) {
      assertFailed(each.ended().toCompletableFuture(), RpcStatus.CANCELLED);
    }
  }

  /** Each writes until it has no room, and nobody reads; calls within calls still come back. */
  @ParameterizedTest
  @EnumSource
  void callsWithinCallsPassFullStreamsInBothDirections(Direction direction) throws Exception {
    assumeTrue(extension, "without credit full streams hold everything up for a while");
    onBoth(end -> end.handleStream(SOURCE, (request, response, call) -> writeForEver(response)));
    onBoth(
        end ->
            end.handle(
                NESTED,
                (request, call) ->
                    request[0] == 0
                        ? request
                        : get(
                            call.connection()
                                .caller()
                                .call(NESTED, new byte[] {(byte) (request[0] - 1)}))));
    connect();
    List<StreamCall> stalled = new ArrayList<>();
    for (Direction each : Direction.values()) {
      stalled.add(caller(each).open(SOURCE));
    }
    assertThat(get(caller(direction).call(NESTED, new byte[] {20}))).containsExactly(0);
    stalled.forEach(StreamCall::cancel);
  }
}
