package io.muxio.rpc.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.muxio.core.frame.CoreLimits;
import io.muxio.core.frame.FrameFormat;
import io.muxio.core.frame.ProtocolException;
import io.muxio.core.rpc.InboundCall;
import io.muxio.core.rpc.InboundRouter;
import io.muxio.core.rpc.RpcDispatcher;
import io.muxio.core.rpc.RpcStreamListener;
import io.muxio.core.rpc.SessionConfig;
import io.muxio.rpc.service.ConnectionState;
import io.muxio.rpc.service.MethodDescriptor;
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
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A client's dispatcher and an endpoint's, joined in memory. What the client sends reaches the
 * server at once; handlers and answers wait until the test runs them.
 */
final class EndpointLink {
  static final SocketAddress ADDRESS = InetSocketAddress.createUnresolved("peer", 1);

  final ManualExecutor handlers = ManualExecutor.pool();
  final ManualExecutor loop = ManualExecutor.loop();
  final ManualTimer timer = new ManualTimer();
  final ManualThread thread = new ManualThread(loop);
  final RpcConnection connection = new FakeConnection();

  /** What the client refused of what the server sent. */
  final List<String> clientFailures = new ArrayList<>();

  private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);
  private final Queue<ByteBuf> toServer = new ArrayDeque<>();
  private final Queue<ByteBuf> toClient = new ArrayDeque<>();
  private final RpcDispatcher client;
  private final RpcDispatcher server;
  private boolean connected = true;
  private int serverMessages;

  EndpointLink(RpcEndpoint.Builder endpoint) {
    this(endpoint.build(), CoreLimits.builder());
  }

  EndpointLink(RpcEndpoint endpoint, CoreLimits.Builder limits) {
    this(endpoint, limits, CallTimeouts.NONE);
  }

  EndpointLink(RpcEndpoint endpoint, CoreLimits.Builder limits, CallTimeouts timeouts) {
    EndpointHost host =
        new EndpointHost(connection, handlers, handlers, thread, timer, timeouts, allocator);
    server =
        new RpcDispatcher(
            SessionConfig.server(allocator, () -> 0).withLimits(limits.build()),
            message -> {
              serverMessages++;
              toClient.add(message);
            },
            endpoint.serve(host));
    client =
        new RpcDispatcher(
            SessionConfig.client(FrameFormat.GENERATION_13, allocator, () -> 0),
            toServer::add,
            new NoCalls());
  }

  ByteBuf buffer(byte[] bytes) {
    return allocator.directBuffer(Math.max(1, bytes.length)).writeBytes(bytes);
  }

  Answer call(RpcMethod<?, ?> method, String request) {
    return call(method, request.getBytes(StandardCharsets.UTF_8));
  }

  /** Calls; the server has the request when this returns. */
  Answer call(RpcMethod<?, ?> method, byte[] request) {
    Answer answer = callWithoutFlush(method, request);
    exchange();
    return answer;
  }

  /** Calls together with what is flushed next. */
  Answer callWithoutFlush(RpcMethod<?, ?> method, byte[] request) {
    Answer answer = new Answer();
    client.call(method.id(), buffer(request), answer);
    return answer;
  }

  /** Opens a streaming call; the server has it when this returns. */
  StreamAnswer open(MethodDescriptor method, byte[] parameters) {
    StreamAnswer answer = new StreamAnswer(this);
    answer.openedWith(client.openCall(method.id(), buffer(parameters), answer));
    exchange();
    return answer;
  }

  /** Gives the server each argument as one message. */
  void receive(byte[]... messages) {
    for (byte[] message : messages) {
      toServer.add(buffer(message));
    }
    exchange();
  }

  /** Carries what both ends have written. */
  void exchange() {
    client.session().flush();
    server.session().flush();
    deliver(toServer, server);
    server.session().flush();
    deliver(toClient, client);
  }

  private void deliver(Queue<ByteBuf> messages, RpcDispatcher to) {
    for (ByteBuf message = messages.poll(); message != null; message = messages.poll()) {
      ByteBuf lent = message;
      try {
        if (connected) {
          loop.run(() -> to.session().receive(lent, true));
        }
      } finally {
        lent.release();
      }
    }
  }

  /** Runs handlers and answers until nothing is left to do. */
  void settle() {
    do {
      handlers.runAll();
      loop.runAll();
      exchange();
    } while (handlers.waiting() + loop.waiting() > 0);
  }

  /** Ends the connection under the server; what is sent afterwards is lost. */
  void disconnect() {
    disconnect(new ClosedChannelException());
  }

  void disconnect(Throwable cause) {
    connected = false;
    loop.run(() -> server.close(cause));
  }

  /** Messages that the server has sent so far. */
  int serverMessages() {
    return serverMessages;
  }

  long bufferedBytes() {
    return server.session().bufferedBytes();
  }

  boolean isCongested() {
    return server.session().isCongested();
  }

  int inboundCalls() {
    return server.inboundCalls();
  }

  int openStreams() {
    return server.session().openStreams();
  }

  /** Bytes of memory that nobody has given back. */
  long memory() {
    return allocator.metric().usedDirectMemory() + allocator.metric().usedHeapMemory();
  }

  /** Checks that the server is done with every call and that nobody holds memory. */
  void finish() {
    settle();
    assertThat(inboundCalls()).as("calls without an answer").isZero();
    assertThat(bufferedBytes()).as("bytes still charged").isZero();
    close();
    assertThat(memory()).as("bytes of memory not given back").isZero();
  }

  /** The same without the checks. */
  void close() {
    disconnect();
    client.close(new ClosedChannelException());
    settle();
  }

  private final class NoCalls implements InboundRouter {
    @Override
    public RpcStreamListener onCall(InboundCall call, ByteBuf metadata) {
      throw new AssertionError("the server called");
    }

    @Override
    public void onRefused(InboundCall call, ProtocolException cause) {
      throw new AssertionError("the server called");
    }

    @Override
    public void onStreamFailure(int streamId, ProtocolException cause) {
      clientFailures.add(String.valueOf(cause.getMessage()));
    }
  }

  private static final class FakeConnection implements RpcConnection {
    @Override
    public long id() {
      return 1;
    }

    @Override
    public SocketAddress remoteAddress() {
      return ADDRESS;
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

    @Override
    public String toString() {
      return "peer:1";
    }
  }
}
