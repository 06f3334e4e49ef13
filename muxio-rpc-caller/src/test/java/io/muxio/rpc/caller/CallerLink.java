package io.muxio.rpc.caller;

import static org.assertj.core.api.Assertions.assertThat;

import io.muxio.core.frame.CoreLimits;
import io.muxio.core.frame.FrameFormat;
import io.muxio.core.rpc.RpcDispatcher;
import io.muxio.core.rpc.SessionConfig;
import io.muxio.rpc.endpoint.CallTimeouts;
import io.muxio.rpc.endpoint.EndpointHost;
import io.muxio.rpc.endpoint.RpcEndpoint;
import io.muxio.rpc.service.ConnectionState;
import io.muxio.rpc.service.RpcCaller;
import io.muxio.rpc.service.RpcConnection;
import io.muxio.rpc.service.RpcMethod;
import io.muxio.test.ManualExecutor;
import io.muxio.test.ManualTimer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.Attribute;
import io.netty.util.AttributeKey;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A caller and an endpoint, joined in memory. Nothing moves until the test says so: the caller's
 * connection thread and its callbacks are executors that are run by hand.
 */
final class CallerLink {
  final ManualExecutor loop = ManualExecutor.loop();
  final ManualThread thread = new ManualThread(loop);
  final ManualExecutor callbacks = ManualExecutor.pool();
  final ManualTimer timer = new ManualTimer();
  final RpcCaller caller;

  private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);
  private final ManualExecutor serverLoop = ManualExecutor.loop();
  private final ManualExecutor handlers = ManualExecutor.pool();
  private final Queue<ByteBuf> toServer = new ArrayDeque<>();
  private final Queue<ByteBuf> toClient = new ArrayDeque<>();
  private final RpcDispatcher client;
  private final RpcDispatcher server;
  private boolean connected = true;
  private int requests;

  CallerLink(RpcEndpoint.Builder endpoint) {
    this(endpoint, CoreLimits.builder());
  }

  CallerLink(RpcEndpoint.Builder endpoint, CoreLimits.Builder limits) {
    this(endpoint, limits, FrameFormat.GENERATION_13);
  }

  /** A caller that has to learn its peer's generation. */
  static CallerLink withoutGeneration(RpcEndpoint.Builder endpoint) {
    return new CallerLink(endpoint, CoreLimits.builder(), null);
  }

  private CallerLink(
      RpcEndpoint.Builder endpoint, CoreLimits.Builder limits, @Nullable FrameFormat format) {
    client =
        new RpcDispatcher(
            SessionConfig.client(format, allocator, () -> 0).withLimits(limits.build()),
            message -> {
              requests++;
              toServer.add(message);
            },
            RpcEndpoint.builder().build().serve(host(loop)));
    server =
        new RpcDispatcher(
            SessionConfig.server(allocator, () -> 0),
            toClient::add,
            endpoint.build().serve(host(serverLoop)));
    caller =
        new ConnectionCaller(
            new CallerHost(client, thread, timer, callbacks, allocator, new FakeConnection()));
  }

  private EndpointHost host(ManualExecutor executor) {
    return new EndpointHost(
        new FakeConnection(),
        handlers,
        handlers,
        new ManualThread(executor),
        timer,
        CallTimeouts.NONE,
        allocator);
  }

  ByteBuf buffer(byte[] bytes) {
    return allocator.directBuffer(Math.max(1, bytes.length)).writeBytes(bytes);
  }

  /** Calls and sends the request; the answer waits for {@link #deliverAnswers}. */
  <Q, R> CompletableFuture<R> send(RpcMethod<Q, R> method, Q request) {
    CompletableFuture<R> future = caller.call(method, request);
    loop.runAll();
    serve();
    return future;
  }

  /** Calls and waits for the outcome. */
  <Q, R> CompletableFuture<R> call(RpcMethod<Q, R> method, Q request) {
    CompletableFuture<R> future = send(method, request);
    settle();
    return future;
  }

  /** Both ends speak the extension from now on. */
  CallerLink extended() {
    client.session().extend();
    server.session().extend();
    return this;
  }

  /** The server refuses calls, and has not said so yet. */
  void refuseCalls(String reason) {
    server.refuseCalls(reason);
  }

  /** Brings the requests to the server, which answers them. */
  void serve() {
    client.session().flush();
    for (ByteBuf message = toServer.poll(); message != null; message = toServer.poll()) {
      deliver(message, server, serverLoop);
    }
    handlers.runAll();
    serverLoop.runAll();
    server.session().flush();
  }

  /** Brings one message of the server's to the caller. */
  void deliverOne() {
    deliver(toClient.remove(), client, loop);
  }

  /** Brings all answers to the caller, whose callbacks wait. */
  void deliverAnswers() {
    while (!toClient.isEmpty()) {
      deliverOne();
    }
  }

  /** Gives the caller each argument as one message. */
  void receive(byte[]... messages) {
    for (byte[] message : messages) {
      deliver(buffer(message), client, loop);
    }
  }

  private void deliver(ByteBuf message, RpcDispatcher to, ManualExecutor thread) {
    try {
      if (connected) {
        thread.run(() -> to.session().receive(message, true));
      }
    } finally {
      message.release();
    }
  }

  /** Runs everything until nothing is left to do. */
  void settle() {
    do {
      loop.runAll();
      serve();
      deliverAnswers();
      callbacks.runAll();
    } while (loop.waiting() + callbacks.waiting() > 0);
  }

  /** Ends the connection under the caller. */
  void disconnect(Throwable cause) {
    connected = false;
    loop.run(() -> client.close(cause));
  }

  /** Messages that the caller has sent so far. */
  int requests() {
    return requests;
  }

  int answersOnTheirWay() {
    return toClient.size();
  }

  int pendingCalls() {
    return client.pendingCalls();
  }

  long bufferedBytes() {
    return client.session().bufferedBytes();
  }

  /** Bytes of memory that nobody has given back. */
  long memory() {
    return allocator.metric().usedDirectMemory() + allocator.metric().usedHeapMemory();
  }

  /** Checks that no call is pending and that nobody holds memory. */
  void finish() {
    settle();
    assertThat(pendingCalls()).as("calls without an outcome").isZero();
    assertThat(bufferedBytes()).as("bytes still charged").isZero();
    close();
    assertThat(memory()).as("bytes of memory not given back").isZero();
  }

  /** The same without the checks. */
  void close() {
    disconnect(new ClosedChannelException());
    serverLoop.run(() -> server.close(new ClosedChannelException()));
    settle();
  }

  private static final class FakeConnection implements RpcConnection {
    @Override
    public long id() {
      return 1;
    }

    @Override
    public SocketAddress remoteAddress() {
      return InetSocketAddress.createUnresolved("peer", 1);
    }

    @Override
    public RpcCaller caller() {
      throw new UnsupportedOperationException("no test calls back");
    }

    @Override
    public ConnectionState state() {
      return ConnectionState.CONNECTED;
    }

    @Override
    public <T> Attribute<T> attr(AttributeKey<T> key) {
      throw new UnsupportedOperationException("no test sets attributes");
    }

    @Override
    public CompletionStage<Void> close() {
      return CompletableFuture.completedStage(null);
    }
  }
}
