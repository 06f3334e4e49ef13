package io.muxio.netty.client;

import io.muxio.netty.ConnectionHandler;
import io.muxio.rpc.service.CallOptions;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcMethod;
import io.muxio.rpc.service.RpcStatus;
import io.netty.buffer.ByteBuf;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One unary call of a client: waits for a connection where there is none, is sent again where it
 * may be, completes a future once. Its state belongs to the client's event loop.
 */
final class ClientCall<R> implements QueuedCall {
  private enum State {
    /** Not sent, or to be sent again. */
    WAITING,
    /** On a connection; from {@link #WAITING}. */
    SENT,
    /** Nothing is held any more; from any state. Final. */
    OVER
  }

  private final RpcMethod<ByteBuf, R> method;
  private final CallOptions options;
  private final CallHost host;
  private final CallDeadline deadline;
  private final CompletableFuture<R> future = new CompletableFuture<>();

  /** Whoever completes the future has set it before, unless it is the user. */
  private volatile boolean settled;

  private State state = State.WAITING;

  private final int requestBytes;

  /** Until it is sent for the last time, or answered; given back by whoever takes it out. */
  private final AtomicReference<@Nullable ByteBuf> request;

  /** The call on a connection, where it was sent. */
  private @Nullable CompletableFuture<R> sent;

  private @Nullable ConnectionHandler sentOn;
  private int sends;

  /** Whether a handler may have run of one that was sent before. */
  private boolean mayHaveRun;

  /**
   * Makes the call.
   *
   * @param method what to call
   * @param request encoded; taken over
   * @param options how to call it
   * @param host what it needs of the client
   */
  ClientCall(RpcMethod<ByteBuf, R> method, ByteBuf request, CallOptions options, CallHost host) {
    this.method = method;
    this.request = new AtomicReference<>(request);
    this.requestBytes = request.readableBytes();
    this.options = options;
    this.host = host;
    this.deadline = new CallDeadline(options.deadline(), host.loop(), this::expire);
  }

  CompletableFuture<R> future() {
    return future;
  }

  @Override
  public CallOptions options() {
    return options;
  }

  @Override
  public long waitingBytes() {
    return (long) requestBytes + options.metadata().size();
  }

  /** From any thread. */
  void start() {
    try {
      host.loop().execute(this::begin);
    } catch (RejectedExecutionException e) {
      refuse(RpcStatus.DISCONNECTED, "the client is closed", e);
    }
  }

  private void begin() {
    if (future.isDone()) {
      end();
      return;
    }
    // Whoever completes the future from outside, by cancel() or orTimeout(), gives the call up.
    future.whenComplete(
        (value, failure) -> {
          if (!settled) {
            onLoop(this::giveUp, this::end);
          }
        });
    submit();
  }

  private void submit() {
    state = State.WAITING;
    host.reconnector().submit(this);
    if (state == State.WAITING) {
      deadline.watch();
    }
  }

  @Override
  public void sendBy(ConnectionHandler connection) {
    deadline.stop();
    if (deadline.hasPassed()) {
      expire();
      return;
    }
    ByteBuf bytes = request.get();
    assert bytes != null : "sent once too often";
    state = State.SENT;
    sends++;
    // A server that can tell of a call that it was refused unseen may do so of any.
    boolean mayBeSentAgain = options.isIdempotent() || connection.isExtended();
    if (mayBeSentAgain && sends < host.maxSends() && bytes.refCnt() > 0) {
      bytes = bytes.retainedDuplicate();
    } else {
      request.set(null);
    }
    sentOn = connection;
    sent = connection.caller().call(method, bytes, options, deadline.waited());
    sent.whenComplete(this::answered);
  }

  /** On the callback executor. */
  private void answered(@Nullable R value, @Nullable Throwable failure) {
    if (failure instanceof RpcException ended
        && (ended.status() == RpcStatus.DISCONNECTED || !ended.mayHaveReachedPeer())) {
      onLoop(() -> unanswered(ended), () -> fail(ended));
      return;
    }
    releaseRequest();
    if (failure == null) {
      settled = true;
      if (!future.complete(value)) {
        ReferenceCountUtil.release(value); // given up meanwhile, so nobody else will
      }
    } else if (failure instanceof RpcException answer) {
      fail(answer);
    }
  }

  /** The connection has ended before the answer came, or the call was refused unseen. */
  private void unanswered(RpcException failure) {
    if (state != State.SENT) {
      return;
    }
    mayHaveRun |= failure.mayHaveReachedPeer();
    boolean harmless = options.isIdempotent() || !failure.mayHaveReachedPeer();
    boolean elsewhere = host.reconnector().connection() != sentOn;
    if (request.get() != null && harmless && elsewhere) {
      submit();
    } else if (mayHaveRun && !failure.mayHaveReachedPeer()) {
      refuse(failure.status(), failure.detail(), failure);
    } else {
      end();
      failLater(failure);
    }
  }

  private void expire() {
    host.reconnector().withdraw(this);
    refuse(RpcStatus.DEADLINE_EXCEEDED, host.reconnector().whyNotWithin(options), null);
  }

  private void giveUp() {
    host.reconnector().withdraw(this);
    if (sent != null) {
      sent.cancel(false);
    }
    end();
  }

  @Override
  public void refuse(RpcStatus status, String detail, @Nullable Throwable cause) {
    end();
    failLater(
        mayHaveRun
            ? new RpcException(status, method.name(), detail, cause)
            : RpcException.notSent(status, method.name(), detail, cause));
  }

  private void end() {
    state = State.OVER;
    deadline.stop();
    releaseRequest();
  }

  /** From any thread. */
  private void releaseRequest() {
    ByteBuf left = request.getAndSet(null);
    if (left != null) {
      ReferenceCountUtil.safeRelease(left); // the user may have released it
    }
  }

  private void failLater(RpcException failure) {
    try {
      host.callbacks().execute(() -> fail(failure));
    } catch (RejectedExecutionException e) {
      fail(failure);
    }
  }

  private void fail(RpcException failure) {
    settled = true;
    future.completeExceptionally(failure);
  }

  /** Where the loop has terminated there is no other thread any more, and the other task is run. */
  private void onLoop(Runnable task, Runnable withoutLoop) {
    try {
      host.loop().execute(task);
    } catch (RejectedExecutionException e) {
      withoutLoop.run();
    }
  }
}
