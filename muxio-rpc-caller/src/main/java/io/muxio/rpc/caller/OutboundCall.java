package io.muxio.rpc.caller;

import io.muxio.core.frame.ProtocolException;
import io.muxio.core.rpc.CallHeaders;
import io.muxio.core.rpc.PayloadBuffer;
import io.muxio.core.rpc.PendingCall;
import io.muxio.core.rpc.ResponseListener;
import io.muxio.core.rpc.ResponseStatus;
import io.muxio.core.rpc.RpcDispatcher;
import io.muxio.core.rpc.RpcHeader;
import io.muxio.rpc.scope.NestedCall;
import io.muxio.rpc.service.CallOptions;
import io.muxio.rpc.service.Metadata;
import io.muxio.rpc.service.RpcError;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcMethod;
import io.muxio.rpc.service.RpcStatus;
import io.netty.buffer.ByteBuf;
import io.netty.util.IllegalReferenceCountException;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One unary call: sends the request, collects the answer, completes a future once. */
final class OutboundCall<R> implements ResponseListener {
  private static final long NEVER = Long.MAX_VALUE;

  private final RpcMethod<?, R> method;
  private final CallOptions options;
  private final CallerHost host;
  private final CompletableFuture<R> future = new CompletableFuture<>();
  private volatile boolean settled;
  private @Nullable Future<?> timeout;
  private @Nullable PendingCall pending;
  private @Nullable ResponseStatus status;
  private int statusByte;

  /** Negative unless the callee has refused the call before its handler ran. */
  private long retryAfterMillis = -1;

  /** Of the answer that has come whole. */
  private Metadata metadata = Metadata.EMPTY;

  /** The body, once the header has come. */
  private @Nullable PayloadBuffer answer;

  OutboundCall(RpcMethod<?, R> method, CallOptions options, CallerHost host) {
    this.method = method;
    this.options = options;
    this.host = host;
  }

  CompletableFuture<R> future() {
    return future;
  }

  /** From any thread; the request is taken over. */
  void start(ByteBuf request, Duration waited) {
    Duration deadline = options.deadline();
    long dueNanos = deadline == null ? NEVER : System.nanoTime() + deadline.minus(waited).toNanos();
    try {
      host.thread().execute(() -> send(request, dueNanos));
    } catch (RejectedExecutionException e) {
      request.release();
      refuseLater(RpcStatus.DISCONNECTED, "the connection is closed", e);
    }
  }

  private void send(ByteBuf request, long dueNanos) {
    if (future.isDone()) {
      request.release();
      return;
    }
    int size = request.readableBytes() + options.metadata().size();
    if (size > host.thread().outboundRoom()) {
      request.release();
      String detail = "the request of " + size + " bytes is more than may still wait for the peer";
      refuseLater(RpcStatus.REJECTED, detail + " (maxOutboundBytes)", null);
      return;
    }
    try {
      long nanosLeft = dueNanos == NEVER ? RpcDispatcher.UNLIMITED : dueNanos - System.nanoTime();
      CallHeaders headers = CallHeaders.of(nanosLeft, options.metadata().encode());
      pending = host.dispatcher().call(method.id(), request, headers, this);
    } catch (ProtocolException e) {
      refuseLater(RpcStatus.REJECTED, String.valueOf(e.getMessage()), e);
      return;
    } catch (IllegalReferenceCountException e) {
      refuseLater(RpcStatus.REJECTED, "the request's buffer was released already", e);
      return;
    } catch (IllegalStateException e) {
      refuseLater(RpcStatus.DISCONNECTED, String.valueOf(e.getMessage()), e);
      return;
    }
    if (dueNanos != NEVER) {
      Runnable due = () -> host.thread().execute(this::expire); // sends what it writes
      timeout = host.timer().schedule(due, dueNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
    }
    // Whoever completes the future from outside, by cancel() or orTimeout(), gives the call up.
    future.whenComplete(
        (value, failure) -> {
          if (!settled) {
            abandonLater();
          }
        });
  }

  /** The deadline has passed, and no answer has come whole. */
  private void expire() {
    abandon();
    String hint = SilentPeer.hint(host.dispatcher().session());
    String detail = "no answer within " + NestedCall.deadlineOf(options) + hint;
    failLater(RpcStatus.DEADLINE_EXCEEDED, detail, null);
  }

  private void abandonLater() {
    try {
      host.thread().execute(this::abandon);
    } catch (RejectedExecutionException e) {
      // The connection has ended, and every call with it.
    }
  }

  private void abandon() {
    if (pending != null) {
      pending.abandon();
    }
    closeAnswer();
  }

  @Override
  public void onHeader(RpcHeader header) {
    status = ResponseStatus.of(header.metadata());
    statusByte =
        status == null
            ? header.metadata().getUnsignedByte(header.metadata().readerIndex())
            : status.code();
    header.metadata().release();
    if (answer != null) {
      answer.close(); // a failure takes its place
    }
    answer =
        status == ResponseStatus.SUCCESS
            ? host.dispatcher().newResponseBuffer(options.maxResponseSize())
            : host.dispatcher().newResponseBuffer();
  }

  @Override
  public void onPayload(ByteBuf payload) {
    assert answer != null && pending != null : "payload before header";
    pending.onTaken(payload.readableBytes());
    answer.add(payload);
  }

  @Override
  public void onEnd() {
    assert answer != null && pending != null : "end before header";
    retryAfterMillis = pending.retryAfterMillis();
    metadata = Metadata.decode(pending.answerMetadata());
    ByteBuf body = answer.take();
    closeAnswer();
    try {
      host.callbackExecutor().execute(() -> complete(body));
    } catch (Throwable e) {
      body.release();
      fail(RpcStatus.REJECTED, "the callback executor took no more answers", e);
    }
  }

  @Override
  public void onCancel() {
    closeAnswer();
    failLater(RpcStatus.SYSTEM_ERROR, "the peer cancelled its answer", null);
  }

  @Override
  public void onFailure(Throwable cause) {
    closeAnswer();
    boolean ofThisCall =
        cause instanceof ProtocolException error && error.scope() == ProtocolException.Scope.STREAM;
    String detail = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    failLater(ofThisCall ? RpcStatus.REJECTED : RpcStatus.DISCONNECTED, detail, cause);
  }

  /** The call is over: nothing of it is kept. */
  private void closeAnswer() {
    if (timeout != null) {
      timeout.cancel(false);
      timeout = null;
    }
    if (answer != null) {
      answer.close();
      answer = null;
    }
  }

  /** On the callback executor; the body is given back before the caller can go on. */
  private void complete(ByteBuf body) {
    AnswerMetadata.tell(options, metadata);
    try {
      settle(status, body);
    } catch (Throwable e) {
      fail(RpcStatus.SYSTEM_ERROR, "the answer cannot be decoded: " + e.getMessage(), e);
    }
  }

  private void settle(@Nullable ResponseStatus outcome, ByteBuf body) {
    if (outcome == ResponseStatus.SUCCESS) {
      R value = take(body, method.responseCodec()::decode);
      settled = true;
      if (!future.complete(value)) {
        ReferenceCountUtil.release(value); // cancelled meanwhile, so nobody else will
      }
      return;
    }
    if (retryAfterMillis >= 0) {
      String text = take(body, RpcError::messageOf);
      answeredWith(Refused.of(method.name(), text, retryAfterMillis));
    } else if (outcome == null) {
      String text = take(body, RpcError::messageOf);
      String detail = "unknown status " + statusByte + ": " + text;
      answeredWith(new RpcException(RpcStatus.SYSTEM_ERROR, method.name(), detail, null));
    } else {
      answeredWith(take(body, bytes -> RpcError.toException(RpcStatus.of(outcome), method, bytes)));
    }
  }

  private void answeredWith(RpcException failure) {
    fail(AnswerMetadata.of(failure, metadata));
  }

  private static <T> T take(ByteBuf body, Function<ByteBuf, T> reader) {
    try {
      return reader.apply(body);
    } finally {
      body.release();
    }
  }

  private void failLater(RpcStatus reason, String detail, @Nullable Throwable cause) {
    failLater(new RpcException(reason, method.name(), detail, cause));
  }

  /** Nothing was sent. */
  private void refuseLater(RpcStatus reason, String detail, @Nullable Throwable cause) {
    failLater(RpcException.notSent(reason, method.name(), detail, cause));
  }

  private void failLater(RpcException failure) {
    try {
      host.callbackExecutor().execute(() -> fail(failure));
    } catch (Throwable e) {
      fail(failure);
    }
  }

  private void fail(RpcStatus reason, String detail, @Nullable Throwable cause) {
    fail(new RpcException(reason, method.name(), detail, cause));
  }

  private void fail(RpcException failure) {
    settled = true;
    future.completeExceptionally(failure);
  }
}
