package io.muxio.testkit;

import io.muxio.core.frame.IdSpace;
import io.muxio.core.rpc.ResponseStatus;
import io.muxio.core.rpc.RpcMessageType;
import io.muxio.rpc.endpoint.RpcEndpoint;
import io.muxio.rpc.service.MethodDescriptor;
import io.muxio.rpc.service.RpcConnection;
import io.muxio.rpc.service.RpcMethod;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * One end of a connection in memory that does what a test tells it, right or wrong: answers late,
 * in pieces, out of order, twice or never, calls, cancels, stops to read, and sends bytes that mean
 * nothing. The other end, which is tested, is a real one. All that it sends is kept.
 *
 * <pre>{@code
 * try (ScriptedPeer server = InMemoryLink.builder().connectToScriptedServer()) {
 *   CompletableFuture<String> first = server.tested().caller().call(GREET, "Ada");
 *   CompletableFuture<String> second = server.tested().caller().call(GREET, "Bob");
 *   ReceivedStream ada = server.expectCall(GREET);
 *   ReceivedStream bob = server.expectCall(GREET);
 *   assertEquals("Bob", bob.request(GREET));
 *
 *   server.answer(bob, GREET, "Hello Bob");
 *   server.beginAnswer(ada, ResponseStatus.SUCCESS).chunk(HEL).chunk(LO).end();
 *
 *   assertEquals("Hello Bob", second.join());
 *   assertEquals("Hello", first.join());
 * }
 * }</pre>
 *
 * What waits for the tested end does so for 20 s at most, and then throws an {@link
 * IllegalStateException}. Safe to use from any thread.
 */
public final class ScriptedPeer implements AutoCloseable {
  private static final Executor scripts = DaemonThreads.pool("muxio-script");

  private final ScriptedWire wire;

  // Guarded by the wire.
  private final Map<Long, Consumer<ReceivedStream>> scripted = new HashMap<>();
  private final Set<ReceivedStream> taken = new HashSet<>();

  ScriptedPeer(IdSpace half, RpcEndpoint tested, LinkConfig config) {
    wire = new ScriptedWire(half, tested, config, this::onProgress);
  }

  /**
   * The end that is tested.
   *
   * @return always the same connection; its caller calls this peer. Where it is a server's, its
   *     calls wait until this peer has sent something
   */
  public RpcConnection tested() {
    return wire.tested();
  }

  /**
   * What the tested end holds now.
   *
   * @return {@link Usage#ZERO} where all calls have ended and all chunks were taken
   */
  public Usage usage() {
    return wire.tested().usage();
  }

  /**
   * The memory of the buffers that the tested end and its users hold.
   *
   * @return bytes
   */
  public long allocatedBytes() {
    return wire.tested().allocatedBytes();
  }

  /**
   * Says what to do at each call of a method, once its request has ended; such calls are not
   * expected.
   *
   * @param method what the tested end calls
   * @param script runs on a thread of its own
   * @return this peer
   */
  public ScriptedPeer whenCalled(MethodDescriptor method, Consumer<ReceivedStream> script) {
    synchronized (wire) {
      scripted.put(method.id(), script);
    }
    return this;
  }

  private void onProgress(ReceivedStream stream) {
    if (stream.is(RpcMessageType.CALL) && stream.isEnded()) {
      Consumer<ReceivedStream> script = scripted.get(stream.methodId());
      if (script != null && taken.add(stream)) {
        scripts.execute(() -> script.accept(stream));
      }
    }
  }

  /**
   * Waits for a call that was not expected before; its request may still be on its way.
   *
   * @param method what is called
   * @return the oldest such call
   */
  public ReceivedStream expectCall(MethodDescriptor method) {
    return expect(
        "a call of " + method.name(),
        stream -> stream.is(RpcMessageType.CALL) && stream.methodId() == method.id());
  }

  /**
   * Waits for the answer to a call of this peer; the answer may still be on its way.
   *
   * @param call a call of this peer
   * @return the oldest answer to it that was not expected before
   */
  public ReceivedStream expectAnswer(SentStream call) {
    return expect(
        "an answer to call " + call.requestId(),
        stream -> stream.is(RpcMessageType.RESPONSE) && stream.requestId() == call.requestId());
  }

  private ReceivedStream expect(String what, Predicate<ReceivedStream> wanted) {
    synchronized (wire) {
      Predicate<ReceivedStream> isNew = wanted.and(stream -> !taken.contains(stream));
      wire.await(
          what,
          () -> wire.received().stream().anyMatch(isNew),
          () -> "received " + wire.received());
      ReceivedStream found = wire.received().stream().filter(isNew).findFirst().orElseThrow();
      taken.add(found);
      return found;
    }
  }

  /**
   * All that the tested end has sent.
   *
   * @return its calls and answers, in the order in which they began
   */
  public List<ReceivedStream> received() {
    return wire.received();
  }

  /**
   * Answers a call, whether or not it was answered before.
   *
   * @param call a call of the tested end
   * @param status how it ends
   * @param body the answer, sent in a frame of its own
   */
  public void answer(ReceivedStream call, ResponseStatus status, byte... body) {
    SentStream answer = beginAnswer(call, status);
    if (body.length > 0) {
      answer.chunk(body);
    }
    answer.end();
  }

  /**
   * Answers a call with success.
   *
   * @param <R> the type of the answer
   * @param call a call of the tested end
   * @param method the method whose codec encodes
   * @param value the answer
   */
  public <R> void answer(ReceivedStream call, RpcMethod<?, R> method, R value) {
    ByteBuf body = method.responseCodec().encode(value, UnpooledByteBufAllocator.DEFAULT);
    byte[] bytes = ByteBufUtil.getBytes(body);
    body.release();
    answer(call, ResponseStatus.SUCCESS, bytes);
  }

  /**
   * Begins an answer and leaves the rest to the test.
   *
   * @param call a call of the tested end
   * @param status how it ends
   * @return the answer, whose chunks follow
   */
  public SentStream beginAnswer(ReceivedStream call, ResponseStatus status) {
    return wire.open(
        RpcMessageType.RESPONSE,
        call.requestId(),
        call.methodId(),
        new byte[] {(byte) status.code()});
  }

  /**
   * Calls a unary method of the tested end.
   *
   * @param method what to call
   * @param request up to 65,535 bytes
   * @return the call, which has ended
   */
  public SentStream call(MethodDescriptor method, byte... request) {
    return open(method, request).end();
  }

  /**
   * Begins a call of the tested end and leaves the rest to the test.
   *
   * @param method what to call
   * @param parameters up to 65,535 bytes
   * @return the call, whose chunks follow
   */
  public SentStream open(MethodDescriptor method, byte... parameters) {
    return wire.open(RpcMessageType.CALL, wire.nextRequestId(), method.id(), parameters);
  }

  /**
   * Sends a message as it is.
   *
   * @param message the bytes, at least one
   */
  public void send(byte... message) {
    if (message.length == 0) {
      throw new IllegalArgumentException("message: 0 bytes (expected: 1 or more)");
    }
    wire.tested().deliver(Unpooled.wrappedBuffer(message));
  }

  /** Reads nothing of what the tested end sends, until {@link #readOn()}. */
  public void stopReading() {
    wire.reading(false);
  }

  /** Reads what waits, and all that comes. */
  public void readOn() {
    wire.reading(true);
  }

  /** Closes the connection; the tested end finds it closed. */
  public void disconnect() {
    wire.tested().deliver(Unpooled.EMPTY_BUFFER);
  }

  /** Waits until the tested end has closed the connection, as it does where the bytes are wrong. */
  public void awaitClose() {
    synchronized (wire) {
      wire.await("a close", wire::isClosedByTested, () -> "received " + wire.received());
    }
  }

  /** Ends the tested end and waits until it has; its calls fail. */
  @Override
  public void close() {
    wire.tested().cut();
    wire.tested().close().toCompletableFuture().join();
    wire.tested().usage(); // by now it has dropped what was sent to it
  }
}
