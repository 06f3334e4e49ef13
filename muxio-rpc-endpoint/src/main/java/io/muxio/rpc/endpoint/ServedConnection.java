package io.muxio.rpc.endpoint;

import io.muxio.core.rpc.InboundCall;
import io.muxio.core.rpc.ResponseStatus;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcStatus;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection as the calls that come over it see it; the gate is that of all connections. */
record ServedConnection(
    EndpointHost host,
    CallGate gate,
    PeerLog log,
    boolean exposeErrors,
    TimeoutList receiving,
    TimeoutList running) {
  private static final Logger logger = LoggerFactory.getLogger(RpcEndpoint.class);

  static ServedConnection of(EndpointHost host, CallGate gate, boolean exposeErrors) {
    return new ServedConnection(
        host,
        gate,
        new PeerLog(host.connection()),
        exposeErrors,
        new TimeoutList(host.timeouts().request(), host.timer(), host.thread()),
        new TimeoutList(host.timeouts().call(), host.timer(), host.thread()));
  }

  /** Answers a call on the connection's thread. */
  @FunctionalInterface
  interface Answer {
    /** Sends the outcome; takes the body over. */
    void send(ResponseStatus status, ByteBuf body);
  }

  /** Runs a task on the connection's thread, or tells that the connection has ended. */
  void onThread(Runnable task, Consumer<Throwable> refused) {
    try {
      host.thread().execute(task);
    } catch (RejectedExecutionException e) {
      refused.accept(new RpcException(RpcStatus.DISCONNECTED, null, "the connection is closed", e));
    }
  }

  /** On the connection's thread, from any; the body is taken over. */
  void answerLater(Registration registration, ResponseStatus status, ByteBuf body, Answer answer) {
    try {
      host.thread().execute(() -> answer.send(status, body));
    } catch (RejectedExecutionException e) {
      body.release();
      logger.debug("{}: answer of {} has no connection left", host.connection(), registration, e);
    }
  }

  /** Answers a call that did not get to its handler; on the connection's thread. */
  void refuse(InboundCall call, Refusal refusal) {
    call.refuse(text(refusal.text()), refusal.retryAfterMillis());
  }

  /** Tells the caller what it may know of a failure, and the log the rest. */
  void failLater(
      Registration registration,
      String who,
      Throwable failure,
      Answer answer,
      Consumer<Refusal> refuse) {
    Refusal refusal = Refusal.chosenWith(failure);
    if (refusal != null) {
      refuseLater(registration, refusal, refuse);
      return;
    }
    FailureBody body =
        FailureBody.of(failure, registration.method(), exposeErrors, host.allocator());
    switch (body.origin()) {
      case CHOSEN -> {}
      case CALL ->
          log.report(who + " of " + registration.method() + " failed", failure.getMessage());
      case UNEXPECTED ->
          logger.error(
              "{}: {} of {} failed", host.connection(), who, registration.method(), failure);
    }
    answerLater(registration, body.status(), body.body(), answer);
  }

  /** On the connection's thread, from any. */
  void refuseLater(Registration registration, Refusal refusal, Consumer<Refusal> refuse) {
    onThread(
        () -> refuse.accept(refusal),
        gone ->
            logger.debug(
                "{}: refusal of {} has no connection left", host.connection(), registration, gone));
  }

  ByteBuf text(String text) {
    return ByteBufUtil.writeUtf8(host.allocator(), text);
  }
}
