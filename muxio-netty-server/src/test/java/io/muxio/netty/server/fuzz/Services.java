package io.muxio.netty.server.fuzz;

import io.muxio.netty.server.RpcServer;
import io.muxio.netty.server.ServerLimits;
import io.muxio.rpc.endpoint.CallContext;
import io.muxio.rpc.endpoint.ExecutionMode;
import io.muxio.rpc.endpoint.StreamContext;
import io.muxio.rpc.service.CallOptions;
import io.muxio.rpc.service.CallScope;
import io.muxio.rpc.service.ChunkReader;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcMethod;
import io.muxio.rpc.service.RpcStatus;
import io.muxio.rpc.service.StreamCall;
import io.muxio.rpc.service.StreamMethod;
import io.muxio.test.ManualExecutor;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A server with small limits and one handler of each kind; its tasks run when a test says so.
 * Streaming ones stay on the loop with all that they do: an embedded loop is touched by one thread.
 */
final class Services {
  static final RpcMethod<byte[], byte[]> ECHO = method("echo");
  static final RpcMethod<byte[], byte[]> FAIL = method("fail");
  static final RpcMethod<byte[], byte[]> LATER = method("later");
  static final RpcMethod<byte[], byte[]> POOL = method("pool");
  static final RpcMethod<byte[], byte[]> CALL_BACK = method("call-back");
  static final StreamMethod STREAM_ECHO = StreamMethod.of("stream-echo");
  static final StreamMethod STREAM_STEPS = StreamMethod.of("stream-steps");
  static final RpcMethod<byte[], byte[]> STREAM_BACK = method("stream-back");

  private final ManualExecutor pool = ManualExecutor.pool();
  private final List<CompletableFuture<byte[]>> later = new ArrayList<>();
  private final List<CompletableFuture<byte[]>> callsBack = new ArrayList<>();
  private final List<SteppedStream> streams = new ArrayList<>();
  private final List<StreamCall> streamsBack = new ArrayList<>();
  private final RpcServer server =
      RpcServer.builder()
          .bind("127.0.0.1", 0)
          .limits(
              ServerLimits.builder()
                  .maxFramePayload(2000)
                  .maxStreams(8)
                  .maxSequenceGap(3)
                  .maxInboundCalls(4)
                  .maxPendingCalls(3)
                  .maxRequestSize(1000)
                  .maxResponseSize(1000)
                  .maxBufferedBytes(4000)
                  .maxStreamBufferedBytes(2000)
                  .maxAbandonedCalls(5)
                  .maxMessageSize(3000)
                  .build())
          .chunkSize(100)
          .handlerExecutor(pool)
          .handle(ECHO, (request, call) -> request, ExecutionMode.EVENT_LOOP)
          .handle(FAIL, Services::fail, ExecutionMode.EVENT_LOOP)
          .handleAsync(LATER, this::later, ExecutionMode.EVENT_LOOP)
          .handle(POOL, (request, call) -> request)
          .handle(CALL_BACK, this::callBack, ExecutionMode.EVENT_LOOP)
          .handleStreamAsync(STREAM_ECHO, (request, call) -> request, ExecutionMode.EVENT_LOOP)
          .handleStreamAsync(STREAM_STEPS, this::steps, ExecutionMode.EVENT_LOOP)
          .handle(STREAM_BACK, this::streamBack, ExecutionMode.EVENT_LOOP)
          .build();

  private static RpcMethod<byte[], byte[]> method(String name) {
    return RpcMethod.unary(name, Codec.bytes(), Codec.bytes());
  }

  static long[] methodIds() {
    return new long[] {
      ECHO.id(),
      FAIL.id(),
      LATER.id(),
      POOL.id(),
      CALL_BACK.id(),
      STREAM_ECHO.id(),
      STREAM_STEPS.id(),
      STREAM_BACK.id()
    };
  }

  private static byte[] fail(byte[] request, CallContext call) {
    if (request.length % 2 == 0) {
      throw new RpcException(RpcStatus.FAIL, "no");
    }
    throw new IllegalArgumentException("the test's handler breaks down");
  }

  private CompletionStage<byte[]> later(byte[] request, CallContext call) {
    CompletableFuture<byte[]> answer = new CompletableFuture<>();
    later.add(answer);
    return answer;
  }

  private byte[] callBack(byte[] request, CallContext call) {
    // A cancel would give it up from a thread of callbacks, which an embedded loop cannot stand.
    CallScope.detached(
        () -> callsBack.add(call.connection().caller().call(LATER, request).toCompletableFuture()));
    return request;
  }

  private SteppedStream steps(ChunkReader request, StreamContext call) {
    SteppedStream stream = new SteppedStream(request);
    streams.add(stream);
    return stream;
  }

  /** Nobody reads its answer: that would be on a thread of callbacks, too. */
  private byte[] streamBack(byte[] request, CallContext call) {
    CallScope.detached(
        () ->
            streamsBack.add(
                call.connection().caller().open(STREAM_ECHO, request, CallOptions.DEFAULT)));
    return request;
  }

  RpcServer server() {
    return server;
  }

  ManualExecutor pool() {
    return pool;
  }

  /** Lets the oldest asynchronous handler answer, if there is one. */
  void answerLater(int size) {
    if (!later.isEmpty()) {
      CompletableFuture<byte[]> answer = later.remove(0);
      if (size % 4 == 3) {
        answer.completeExceptionally(new RpcException(RpcStatus.NOT_FOUND, "none"));
      } else {
        answer.complete(new byte[size]);
      }
    }
  }

  /** Goes on with a stream of a handler, or with one to the client. */
  void stream(int which, int what) {
    if ((which & 1) == 0 && !streams.isEmpty()) {
      streams.get((which >> 1) % streams.size()).step(what);
    } else if (!streamsBack.isEmpty()) {
      StreamCall call = streamsBack.get((which >> 1) % streamsBack.size());
      switch (what & 7) {
        case 6 -> call.request().end();
        case 7 -> call.cancel();
        default -> call.request().writeAsync(Unpooled.buffer(256).writeZero(1 + (what >> 3)));
      }
    }
  }

  /** Runs and answers everything; returns the calls to the client, which are all over. */
  List<CompletableFuture<byte[]>> finish() {
    pool.reject(false);
    pool.runAll();
    while (!later.isEmpty()) {
      answerLater(7);
    }
    streams.clear();
    streamsBack.forEach(StreamCall::cancel);
    streamsBack.clear();
    List<CompletableFuture<byte[]>> calls = List.copyOf(callsBack);
    callsBack.clear();
    return calls;
  }
}
