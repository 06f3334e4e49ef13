package io.muxio.rpc.endpoint;

import io.muxio.core.frame.ProtocolException;
import io.muxio.core.rpc.InboundCall;
import io.muxio.core.rpc.PayloadBuffer;
import io.muxio.core.rpc.ResponseStatus;
import io.muxio.core.rpc.RpcStreamListener;
import io.muxio.rpc.service.Metadata;
import io.muxio.rpc.service.MethodDescriptor;
import io.muxio.rpc.service.RpcConnection;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcStatus;
import io.muxio.rpc.stream.ChunkQueue;
import io.muxio.rpc.stream.ChunkSink;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One call of a streaming method: hands the request's chunks to the handler and the answer's back,
 * and ends both when one of the two ends is done. The state belongs to the connection's thread.
 */
final class StreamingCall
    implements RpcStreamListener,
        StreamContext,
        ChunkSink.Target,
        Interception.Handling,
        CallerDeadline.Expiring {
  private final StreamRegistration registration;
  private final InboundCall call;
  private final ServedConnection served;
  private final EndpointHost host;
  private final PayloadBuffer parametersBuffer;
  private final ChunkQueue request;
  private final ChunkSink response;
  private final Cancellation cancellation;
  private final @Nullable CallerDeadline deadline;
  private final AtomicBoolean failing = new AtomicBoolean();

  private final HandlerPlace handler;
  private byte[] parameters = new byte[0];
  private boolean over;

  private boolean answerBegun;

  // Both set on the handler's threads.
  private volatile Metadata answerMetadata = Metadata.EMPTY;
  private volatile Metadata failureMetadata = Metadata.EMPTY;

  StreamingCall(StreamRegistration registration, InboundCall call, ServedConnection served) {
    this.registration = registration;
    this.call = call;
    this.served = served;
    this.host = served.host();
    this.handler = new HandlerPlace(call, served, this);
    this.cancellation = new Cancellation(host.callbackExecutor());
    Executor signals =
        registration.mode() == ExecutionMode.EVENT_LOOP ? host.thread() : host.handlerExecutor();
    Executor callbacks =
        registration.mode() == ExecutionMode.EVENT_LOOP ? host.thread() : host.callbackExecutor();
    this.parametersBuffer = call.newRequestBuffer();
    this.request =
        new ChunkQueue(
            call.newRequestWindow(),
            host.thread(),
            handler.inScope(signals),
            () -> {},
            this::broken);
    this.response = new ChunkSink(this, host.thread(), handler.inScope(callbacks), this::broken);
    this.deadline = CallerDeadline.of(call, this, host);
  }

  /** They stay in memory as long as the call, so they are counted as long. */
  void onParameters(ByteBuf metadata) {
    parametersBuffer.add(metadata);
    ByteBuf bytes = parametersBuffer.take();
    parameters = ByteBufUtil.getBytes(bytes);
    bytes.release();
  }

  /** Where the parameters cannot be held: the handler never runs. */
  void refuse(ProtocolException cause) {
    if (cause.reason() == ProtocolException.Reason.BUFFER_FULL) {
      refuse(Refusal.of(String.valueOf(cause.getMessage())));
    } else {
      onFailure(cause);
    }
  }

  /** In the place of an answer where the handler has done nothing; on the connection's thread. */
  private void refuse(Refusal refusal) {
    putFailure();
    served.refuse(call, refusal);
    close(new RpcException(RpcStatus.CANCELLED, "the call is over: it was refused"));
  }

  /** Starts the handler, where its method wants it. */
  void start() {
    Refusal refusal = handler.take();
    if (refusal != null) {
      refuse(refusal);
    } else {
      runHandler(this::run, notTaken -> {});
    }
  }

  /** Runs the handler where its method wants it; on the connection's thread. */
  private void runHandler(Runnable task, Consumer<Throwable> refused) {
    if (registration.mode() == ExecutionMode.EVENT_LOOP) {
      handler.run(task);
      return;
    }
    handler.execute(
        task,
        refusal -> {
          logOverload(refusal.getCause());
          refuse(Refusal.of(HandlerPlace.OVERLOADED));
          refused.accept(refusal);
        });
  }

  private void logOverload(@Nullable Throwable cause) {
    served.log().report("call of " + method().name() + " refused by the executor", cause);
  }

  private void run() {
    if (isCancelled()) {
      return;
    }
    if (!registration.interceptors().isEmpty()) {
      handler.enter();
      new Interception(registration.interceptors(), this)
          .run()
          .whenComplete(
              (value, failure) -> {
                handler.leave();
                intercepted(failure);
              });
      return;
    }
    try {
      handle();
    } catch (Throwable e) {
      fail(e);
    }
  }

  /** The interceptors are done; on any thread. */
  private void intercepted(@Nullable Throwable failure) {
    if (failure == null) {
      response.end();
    } else {
      fail(failure);
    }
  }

  @Override
  public CallContext context() {
    return this;
  }

  @Override
  public CompletionStage<?> handle() throws Exception {
    try {
      return registration.invoke(request, response, this);
    } finally {
      if (registration.blocking() != null && !response.isFed()) {
        request.discard(); // what the handler has left of it
      }
    }
  }

  @Override
  public void skip() {
    request.discard();
  }

  @Override
  public void handleLater(Runnable task, Consumer<Throwable> refused) {
    served.onThread(
        () -> {
          if (over) {
            refused.accept(new RpcException(RpcStatus.CANCELLED, "the call is over"));
          } else {
            runHandler(task, refused);
          }
        },
        refused);
  }

  @Override
  public void onPayload(ByteBuf payload) {
    request.onChunk(payload);
  }

  @Override
  public void onEnd() {
    request.onEnd();
  }

  @Override
  public void onCredit() {
    response.drain();
  }

  @Override
  public void onCancel() {
    cancel(new RpcException(RpcStatus.CANCELLED, "the caller cancelled the call"));
  }

  @Override
  public void onDeadline() {
    cancel(new RpcException(RpcStatus.DEADLINE_EXCEEDED, "the caller's deadline has passed"));
  }

  @Override
  public void onFailure(Throwable cause) {
    String text = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    if (cause instanceof ProtocolException error
        && error.scope() == ProtocolException.Scope.STREAM) {
      call.respond(ResponseStatus.SYSTEM_ERROR, served.text(text));
      cancel(new RpcException(RpcStatus.REJECTED, null, text, cause));
    } else {
      cancel(new RpcException(RpcStatus.DISCONNECTED, null, text, cause));
    }
  }

  /** Nobody waits for the answer any more. */
  private void cancel(RpcException why) {
    handler.callOver();
    close(why);
    cancellation.cancel();
  }

  /**
   * The request's subscriber or the answer's publisher has failed, or the handler writes more than
   * can wait, or there is no thread to go on with; on any thread.
   */
  private void broken(Throwable cause) {
    if (cause instanceof RejectedExecutionException) {
      // Not a refusal: the handler has had a part of the call.
      logOverload(cause);
      ByteBuf text = served.text(HandlerPlace.OVERLOADED);
      served.answerLater(registration, ResponseStatus.SYSTEM_ERROR, text, this::answer);
    } else {
      fail(cause);
    }
  }

  /** On any thread. */
  private void fail(Throwable failure) {
    if (isCancelled() || !failing.compareAndSet(false, true)) {
      return; // most likely with what it was told by the cancel, or by the first failure
    }
    failureMetadata = AnswerMetadata.of(failure);
    served.failLater(registration, "handler", failure, this::answer, this::refuse);
  }

  /** On the connection's thread. */
  private void answer(ResponseStatus status, ByteBuf body) {
    putFailure();
    call.respond(status, body);
    close(new RpcException(RpcStatus.CANCELLED, "the call is over: its handler failed"));
  }

  private void beginAnswer() {
    if (!answerBegun) {
      answerBegun = true;
      AnswerMetadata.put(answerMetadata, Metadata.EMPTY, call, served);
    }
  }

  /** A failure takes the place of an answer that has begun, and what was beside that stays so. */
  private void putFailure() {
    Metadata ofAnswer = answerBegun ? Metadata.EMPTY : answerMetadata;
    AnswerMetadata.put(ofAnswer, failureMetadata, call, served);
  }

  private void close(RpcException why) {
    if (!over) {
      response.fail(why);
      request.onFailure(why);
      over();
    }
  }

  private void over() {
    over = true;
    handler.callAnswered();
    request.discard();
    parametersBuffer.close();
    if (deadline != null) {
      deadline.stop();
    }
  }

  @Override
  public boolean isOpen() {
    return call.isOpen();
  }

  @Override
  public int chunkSize() {
    return call.chunkSize();
  }

  @Override
  public boolean hasCredit(int cost) {
    return call.hasCredit(cost);
  }

  @Override
  public void send(ByteBuf chunk) {
    beginAnswer();
    call.send(chunk);
  }

  @Override
  public void end() {
    beginAnswer();
    call.end();
    over();
  }

  @Override
  public byte[] parameters() {
    return parameters.clone();
  }

  @Override
  public Metadata metadata() {
    return Metadata.decode(call.metadata());
  }

  @Override
  public void answerMetadata(Metadata metadata) {
    answerMetadata = Objects.requireNonNull(metadata, "metadata");
  }

  @Override
  public Metadata answerMetadata() {
    return answerMetadata;
  }

  @Override
  public MethodDescriptor method() {
    return registration.method();
  }

  @Override
  public RpcConnection connection() {
    return host.connection();
  }

  @Override
  public boolean isCancelled() {
    return cancellation.isCancelled();
  }

  @Override
  public @Nullable Duration timeLeft() {
    return CallerDeadline.timeLeft(CallerDeadline.leftNanos(deadline));
  }

  @Override
  public Registration onCancel(Runnable action) {
    return cancellation.onCancel(action);
  }

  @Override
  public void interruptOnCancel() {
    handler.interruptOnCancel();
  }
}
