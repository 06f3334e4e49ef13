package io.muxio.rpc.caller;

import io.muxio.core.frame.ProtocolException;
import io.muxio.core.rpc.CallHeaders;
import io.muxio.core.rpc.PayloadBuffer;
import io.muxio.core.rpc.PendingCall;
import io.muxio.core.rpc.ResponseListener;
import io.muxio.core.rpc.ResponseStatus;
import io.muxio.core.rpc.RpcDispatcher;
import io.muxio.core.rpc.RpcHeader;
import io.muxio.core.rpc.StreamWindow;
import io.muxio.rpc.scope.NestedCall;
import io.muxio.rpc.service.CallOptions;
import io.muxio.rpc.service.ChunkReader;
import io.muxio.rpc.service.ChunkWriter;
import io.muxio.rpc.service.Metadata;
import io.muxio.rpc.service.RpcError;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcStatus;
import io.muxio.rpc.service.StreamCall;
import io.muxio.rpc.service.StreamMethod;
import io.muxio.rpc.stream.ChunkQueue;
import io.muxio.rpc.stream.ChunkSink;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One streaming call: hands the user's chunks to the connection and the answer's to the user. Its
 * state belongs to the connection's thread.
 */
final class OutboundStreamCall implements StreamCall, ResponseListener, ChunkSink.Target {
  private final StreamMethod method;
  private final CallOptions options;
  private final CallerHost host;
  private final ChunkSink request;
  private final StreamWindow window;
  private final ChunkQueue response;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private @Nullable Future<?> timeout;
  private @Nullable PendingCall pending;
  private boolean over;

  /** What the callee says instead of an answer; set once a header came that is no success. */
  private @Nullable PayloadBuffer error;

  /** One after the other, though the executor has several threads. */
  private CompletableFuture<Void> told = CompletableFuture.completedFuture(null);

  /** Of the answer that has begun last. */
  private Metadata metadata = Metadata.EMPTY;

  private RpcStatus errorStatus = RpcStatus.SYSTEM_ERROR;
  private String errorPrefix = "";

  OutboundStreamCall(StreamMethod method, CallOptions options, CallerHost host) {
    this.method = method;
    this.options = options;
    this.host = host;
    this.request = new ChunkSink(this, host.thread(), host.callbackExecutor(), this::onBroken);
    this.window = host.dispatcher().newStreamWindow();
    this.response =
        new ChunkQueue(
            window, host.thread(), host.callbackExecutor(), this::cancel, this::onSubscriberBroken);
  }

  /** From any thread; the parameters are taken over. */
  void start(ByteBuf parameters, Duration waited) {
    long startNanos = System.nanoTime() - waited.toNanos();
    try {
      host.thread().execute(() -> open(parameters, startNanos));
    } catch (RejectedExecutionException e) {
      parameters.release();
      fail(RpcStatus.DISCONNECTED, "the connection is closed", e);
    }
  }

  private void open(ByteBuf parameters, long startNanos) {
    if (over) {
      parameters.release(); // given up before it was made
      return;
    }
    Duration deadline = options.deadline();
    long nanosLeft =
        deadline == null
            ? RpcDispatcher.UNLIMITED
            : deadline.toNanos() - (System.nanoTime() - startNanos);
    int size = parameters.readableBytes() + options.metadata().size();
    if (size > host.thread().outboundRoom()) {
      parameters.release();
      String detail = "the parameters of " + size + " bytes are more than may still wait";
      fail(RpcStatus.REJECTED, detail + " for the peer (maxOutboundBytes)", null);
      return;
    }
    try {
      CallHeaders headers = CallHeaders.of(nanosLeft, options.metadata().encode());
      pending = host.dispatcher().openCall(method.id(), parameters, headers, this);
      pending.countBy(window);
    } catch (ProtocolException e) {
      fail(RpcStatus.REJECTED, String.valueOf(e.getMessage()), e);
      return;
    } catch (IllegalStateException e) {
      fail(RpcStatus.DISCONNECTED, String.valueOf(e.getMessage()), e);
      return;
    }
    if (deadline != null) {
      Runnable due = () -> host.thread().execute(this::expire); // sends its Cancel too
      timeout = host.timer().schedule(due, nanosLeft, TimeUnit.NANOSECONDS);
    }
    request.drain();
  }

  /** The timer is on the connection's thread, but would not send the cancel. */
  private void expire() {
    String hint = SilentPeer.hint(host.dispatcher().session());
    String detail = "the answer has not ended within " + NestedCall.deadlineOf(options) + hint;
    giveUpLater(RpcStatus.DEADLINE_EXCEEDED, detail, null);
  }

  @Override
  public ChunkWriter request() {
    return request;
  }

  @Override
  public ChunkReader response() {
    return response;
  }

  @Override
  public CompletionStage<Void> ended() {
    return ended.minimalCompletionStage();
  }

  @Override
  public void cancel() {
    giveUpLater(RpcStatus.CANCELLED, "the caller cancelled the call", null);
  }

  private void onSubscriberBroken(Throwable cause) {
    giveUpLater(RpcStatus.CANCELLED, "the answer's subscriber failed: " + cause, cause);
  }

  private void onBroken(Throwable cause) {
    if (cause instanceof RpcException reason) {
      giveUpLater(reason.status(), reason.detail(), cause);
    } else {
      giveUpLater(RpcStatus.CANCELLED, "the request's publisher failed: " + cause, cause);
    }
  }

  private void giveUpLater(RpcStatus status, String detail, @Nullable Throwable cause) {
    try {
      host.thread().execute(() -> giveUp(status, detail, cause));
    } catch (RejectedExecutionException e) {
      response.discard(); // the connection has ended, and every call with it
    }
  }

  private void giveUp(RpcStatus status, String detail, @Nullable Throwable cause) {
    if (!over) {
      if (pending != null) {
        pending.abandon();
      }
      fail(status, detail, cause);
    } else {
      response.discard(); // what was not read of an answer that has ended
    }
  }

  @Override
  public void onRequestOpen() {
    request.drain();
  }

  private void answerMetadata() {
    assert pending != null : "an answer before the call";
    metadata = Metadata.decode(pending.answerMetadata());
    if (!metadata.isEmpty() && options.onAnswerMetadata() != null) {
      Metadata next = metadata;
      Runnable telling = () -> AnswerMetadata.tell(options, next);
      told = told.thenRunAsync(telling, host.callbackExecutor());
    }
  }

  @Override
  public void onHeader(RpcHeader header) {
    answerMetadata();
    ByteBuf metadata = header.metadata();
    ResponseStatus status = ResponseStatus.of(metadata);
    if (error != null) {
      error.close(); // another failure takes its place
    }
    if (status != ResponseStatus.SUCCESS) {
      error = host.dispatcher().newResponseBuffer();
      if (status != null) {
        errorStatus = RpcStatus.of(status);
      } else {
        int code = metadata.getUnsignedByte(metadata.readerIndex());
        errorPrefix = "unknown status " + code + ": ";
      }
    }
    metadata.release();
  }

  @Override
  public void onPayload(ByteBuf payload) {
    if (error != null) {
      error.add(payload);
    } else {
      response.onChunk(payload);
    }
  }

  @Override
  public void onEnd() {
    if (error == null) {
      String why = "the call is over: its answer has ended";
      close(new RpcException(RpcStatus.CANCELLED, method.name(), why, null));
      response.onEnd();
      callBack(() -> ended.complete(null));
      return;
    }
    assert pending != null : "end before the call";
    ByteBuf body = error.take();
    long retryAfterMillis = pending.retryAfterMillis();
    if (retryAfterMillis >= 0) {
      RpcException refused = Refused.of(method.name(), RpcError.messageOf(body), retryAfterMillis);
      body.release();
      fail(AnswerMetadata.of(refused, metadata));
      return;
    }
    if (!errorPrefix.isEmpty() || errorStatus != RpcStatus.FAIL || method.errors().isEmpty()) {
      String text = errorPrefix + RpcError.detailOf(errorStatus, body);
      body.release();
      RpcException failed = new RpcException(errorStatus, method.name(), text, null);
      fail(AnswerMetadata.of(failed, metadata));
      return;
    }
    try {
      host.callbackExecutor().execute(() -> failDeclared(body));
    } catch (Throwable e) {
      body.release();
      fail(RpcStatus.REJECTED, "the callback executor took no more answers", e);
    }
  }

  /** Decodes an error of the application, which is the user's code. */
  private void failDeclared(ByteBuf body) {
    RpcException failure;
    try {
      failure = AnswerMetadata.of(RpcError.toException(errorStatus, method, body), metadata);
    } finally {
      body.release();
    }
    try {
      host.thread().execute(() -> fail(failure));
    } catch (RejectedExecutionException e) {
      // The connection has ended, and every call with it.
    }
  }

  @Override
  public void onCancel() {
    fail(RpcStatus.SYSTEM_ERROR, "the peer cancelled its answer", null);
  }

  @Override
  public void onFailure(Throwable cause) {
    boolean ofThisCall =
        cause instanceof ProtocolException reason
            && reason.scope() == ProtocolException.Scope.STREAM;
    String detail = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    fail(ofThisCall ? RpcStatus.REJECTED : RpcStatus.DISCONNECTED, detail, cause);
  }

  private void fail(RpcStatus status, String detail, @Nullable Throwable cause) {
    fail(
        pending == null
            ? RpcException.notSent(status, method.name(), detail, cause)
            : new RpcException(status, method.name(), detail, cause));
  }

  private void fail(RpcException failure) {
    response.onFailure(failure);
    close(failure);
    callBack(() -> ended.completeExceptionally(failure));
  }

  /** Gets the user's code off the connection's thread. */
  private void callBack(Runnable completion) {
    try {
      host.callbackExecutor().execute(completion);
    } catch (Throwable e) { // also where no thread could be started
      completion.run();
    }
  }

  /** The call is over: no more of the request is sent. */
  private void close(RpcException why) {
    over = true;
    if (timeout != null) {
      timeout.cancel(false);
      timeout = null;
    }
    if (error != null) {
      error.close();
      error = null;
    }
    request.fail(why);
  }

  @Override
  public boolean isOpen() {
    return pending != null && pending.isRequestOpen();
  }

  @Override
  public int chunkSize() {
    return host.dispatcher().chunkSize();
  }

  @Override
  public boolean hasCredit(int cost) {
    return pending == null || pending.hasCredit(cost);
  }

  @Override
  public void onCredit() {
    request.drain();
  }

  @Override
  public void send(ByteBuf chunk) {
    if (pending != null) {
      pending.send(chunk);
    } else {
      chunk.release();
    }
  }

  @Override
  public void end() {
    if (pending != null) {
      pending.end();
    }
  }
}
