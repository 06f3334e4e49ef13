package io.muxio.rpc.endpoint;

import io.muxio.core.frame.ProtocolException;
import io.muxio.core.rpc.InboundCall;
import io.muxio.core.rpc.PayloadBuffer;
import io.muxio.core.rpc.ResponseStatus;
import io.muxio.core.rpc.RpcStreamListener;
import io.muxio.rpc.service.CodecException;
import io.muxio.rpc.service.Metadata;
import io.muxio.rpc.service.MethodDescriptor;
import io.muxio.rpc.service.RpcConnection;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcStatus;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.IllegalReferenceCountException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One call of a unary method: collects the request on the connection's thread, runs the handler
 * where its method wants it, and brings the answer back. The state belongs to the connection's
 * thread.
 */
final class UnaryCall<Q, R> extends TimeoutList.Link
    implements RpcStreamListener,
        CallContext,
        HandlerOutcome<R>,
        CallerDeadline.Expiring,
        Runnable {
  private enum State {
    /** The request is coming in. */
    RECEIVING,
    /** The handler has the request; from {@link #RECEIVING}. */
    RUNNING,
    /** Answered or cancelled. Final. */
    DONE
  }

  private final UnaryRegistration<Q, R> registration;
  private final InboundCall call;
  private final ServedConnection served;
  private final EndpointHost host;
  private final Cancellation cancellation;
  private final @Nullable CallerDeadline deadline;
  private State state = State.RECEIVING;
  private PayloadBuffer request;
  private boolean requestIsParameters;

  /** The whole request, from its end until the handler takes it over. */
  private ByteBuf received = Unpooled.EMPTY_BUFFER;

  private final HandlerPlace handler;

  /** What a log calls the code that is at work; written on the handler's thread. */
  private String worker = "handler";

  /** The handler behind its interceptors, where there are some; written on the handler's thread. */
  private volatile @Nullable InterceptedUnary<Q, R> intercepted;

  // Both set on the handler's threads.
  private volatile Metadata answerMetadata = Metadata.EMPTY;
  private volatile Metadata failureMetadata = Metadata.EMPTY;

  /** Set where the caller's bytes are no request. */
  private @Nullable RpcException undecodable;

  UnaryCall(UnaryRegistration<Q, R> registration, InboundCall call, ServedConnection served) {
    this.registration = registration;
    this.call = call;
    this.served = served;
    this.host = served.host();
    this.request = call.newRequestBuffer();
    this.handler = new HandlerPlace(call, served, this);
    this.cancellation = new Cancellation(host.callbackExecutor());
    this.deadline = CallerDeadline.of(call, this, host);
  }

  /** A small request comes with the header; a body, if one follows, takes its place. */
  void onParameters(ByteBuf parameters) {
    requestIsParameters = true;
    served.receiving().enter(this);
    request.add(parameters);
  }

  @Override
  public void onPayload(ByteBuf payload) {
    call.onTaken(payload.readableBytes());
    if (requestIsParameters) {
      requestIsParameters = false;
      request.close();
      request = call.newRequestBuffer();
    }
    request.add(payload);
  }

  @Override
  public void onEnd() {
    Refusal refusal = handler.takeUnary();
    if (refusal != null) {
      refuse(refusal);
      return;
    }
    state = State.RUNNING;
    served.running().enter(this);
    received = request.take();
    runHandler(this, notTaken -> received.release());
  }

  /** Runs the handler where its method wants it; on the connection's thread. */
  private void runHandler(Runnable task, Consumer<Throwable> refused) {
    if (registration.mode() == ExecutionMode.EVENT_LOOP) {
      handler.run(task);
      return;
    }
    handler.execute(
        task,
        overloaded -> {
          String what = "call of " + registration.method().name() + " refused by the executor";
          served.log().report(what, overloaded.getCause());
          refuse(Refusal.of(HandlerPlace.OVERLOADED));
          refused.accept(overloaded);
        });
  }

  @Override
  public void onCancel() {
    done();
    withoutHandler();
  }

  @Override
  public void onDeadline() {
    onCancel();
  }

  @Override
  public void onFailure(Throwable cause) {
    if (cause instanceof ProtocolException error
        && error.scope() == ProtocolException.Scope.STREAM) {
      String text = String.valueOf(cause.getMessage());
      if (error.reason() == ProtocolException.Reason.BUFFER_FULL) {
        refuse(Refusal.of(text));
      } else {
        answer(ResponseStatus.SYSTEM_ERROR, served.text(text));
      }
    } else {
      onCancel();
    }
  }

  @Override
  void onTimeout(TimeoutList list) {
    String text =
        list == served.receiving()
            ? "the request has not come whole within " + list.timeout() + " (requestTimeout)"
            : "no answer within " + list.timeout() + " (callTimeout)";
    served.log().report("call of " + registration.method().name() + " given up", text);
    handler.callOver(); // before the answer, which would give the place of its handler away
    answer(ResponseStatus.SYSTEM_ERROR, served.text(text));
    withoutHandler();
  }

  /** The call is over before its handler. */
  private void withoutHandler() {
    handler.callOver();
    cancellation.cancel();
    handler.cancelStage(cancellation);
  }

  /** Runs the handler, on the thread that its method wants. */
  @Override
  public void run() {
    ByteBuf bytes = received;
    if (isCancelled()) {
      bytes.release();
      return;
    }
    if (!registration.interceptors().isEmpty()) {
      handler.enter();
      InterceptedUnary<Q, R> behind = new InterceptedUnary<>(this, bytes);
      intercepted = behind;
      new Interception(registration.interceptors(), behind)
          .run()
          .whenComplete(
              (value, failure) -> {
                handler.leave();
                intercepted(value, failure);
              });
      return;
    }
    try {
      invoke(bytes, this);
    } catch (Throwable e) {
      fail(e);
    }
  }

  /** Calls the handler, which is at work until the stage that it returns is complete. */
  void invoke(ByteBuf bytes, HandlerOutcome<R> outcome) throws Exception {
    Q value = decode(bytes);
    CompletionStage<R> stage = registration.invoke(value, this, outcome);
    if (stage != null) {
      handler.awaits(stage, registration.method().responseCodec());
    }
  }

  /** Decodes the request, which is given back before anybody is answered. */
  private Q decode(ByteBuf bytes) {
    worker = "request codec";
    try {
      Q value = registration.method().requestCodec().decode(bytes);
      worker = "handler";
      return value;
    } catch (CodecException e) {
      // The bytes were the caller's, so what is wrong with them is for the caller to know.
      String text = "the request cannot be decoded: " + e.getMessage();
      undecodable = new RpcException(RpcStatus.SYSTEM_ERROR, null, text, e);
      throw undecodable;
    } finally {
      bytes.release();
    }
  }

  /** The interceptors are done; on any thread. */
  @SuppressWarnings("unchecked") // one that answers with another type fails in the codec
  private void intercepted(@Nullable Object value, @Nullable Throwable failure) {
    if (failure == null) {
      succeed((R) value);
    } else {
      fail(failure);
    }
  }

  /** The handler has answered; on any thread. */
  @Override
  public void succeed(@Nullable R value) {
    if (value == null) {
      fail(new NullPointerException("the handler answered null"));
      return;
    }
    ByteBuf body;
    try {
      body = registration.method().responseCodec().encode(value, host.allocator());
      if (Objects.requireNonNull(body, "the codec returned null").refCnt() == 0) {
        throw new IllegalReferenceCountException("the answer's buffer was released already");
      }
    } catch (Throwable e) {
      fail("response codec", e);
      return;
    }
    answerLater(ResponseStatus.SUCCESS, body);
  }

  /** The handler has failed; on any thread. */
  @Override
  public void fail(Throwable failure) {
    if (isCancelled()) {
      return; // most likely with what it was told by the cancel, or by a call back that failed
    }
    if (undecodable != null && FailureBody.unwrap(failure) == undecodable) {
      String text = undecodable.detail();
      served.log().report("call of " + registration.method().name() + " refused", text);
      answerLater(ResponseStatus.SYSTEM_ERROR, served.text(text));
    } else {
      fail(worker, failure);
    }
  }

  private void fail(String who, Throwable failure) {
    failureMetadata = AnswerMetadata.of(failure);
    served.failLater(registration, who, failure, this::answer, this::refuse);
  }

  private void answerLater(ResponseStatus status, ByteBuf body) {
    served.answerLater(registration, status, body, this::answer);
  }

  /** On the connection's thread. */
  private void answer(ResponseStatus status, ByteBuf body) {
    boolean success = status == ResponseStatus.SUCCESS;
    handler.ended(success ? ConcurrencyLimit.Outcome.ANSWERED : ConcurrencyLimit.Outcome.FAILED);
    done();
    answered(); // first, so that no answer that cannot be sent keeps a place
    respond(status, body);
  }

  /** In the place of an answer where the handler has done nothing; on the connection's thread. */
  private void refuse(Refusal refusal) {
    handler.ended(ConcurrencyLimit.Outcome.REFUSED);
    done();
    answered();
    AnswerMetadata.put(answerMetadata, failureMetadata, call, served);
    served.refuse(call, refusal);
  }

  private void answered() {
    InterceptedUnary<Q, R> behind = intercepted;
    if (behind != null && behind.isAtWork()) {
      handler.callOver(); // an interceptor has not waited for the handler
    } else {
      handler.callAnswered();
    }
  }

  private void respond(ResponseStatus status, ByteBuf body) {
    int size = body.readableBytes() + answerMetadata.size() + failureMetadata.size();
    if (size <= host.thread().outboundRoom()) {
      AnswerMetadata.put(answerMetadata, failureMetadata, call, served);
      call.respond(status, body);
      return;
    }
    body.release();
    String text =
        "the answer of " + size + " bytes is more than may still wait for you (maxOutboundBytes)";
    served.log().report("answer of " + registration.method().name() + " refused", text);
    call.respond(ResponseStatus.SYSTEM_ERROR, served.text(text));
  }

  private void done() {
    if (state != State.DONE) {
      state = State.DONE;
      leave();
      request.close();
      if (deadline != null) {
        deadline.stop();
      }
    }
  }

  /** Runs the handler where those of its method run, or tells why not; from any thread. */
  void runLater(Runnable task, Consumer<Throwable> refused) {
    served.onThread(
        () -> {
          if (state == State.DONE) {
            refused.accept(new RpcException(RpcStatus.CANCELLED, "the call is over"));
          } else {
            runHandler(task, refused);
          }
        },
        refused);
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
    return CallerDeadline.timeLeft(
        Math.min(served.running().leftNanos(this), CallerDeadline.leftNanos(deadline)));
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
