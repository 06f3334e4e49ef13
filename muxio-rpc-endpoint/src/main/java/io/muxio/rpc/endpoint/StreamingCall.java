package io.muxio.rpc.endpoint;

import io.muxio.core.frame.ProtocolException;
import io.muxio.core.rpc.InboundCall;
import io.muxio.core.rpc.ResponseStatus;
import io.muxio.core.rpc.RpcStreamListener;
import io.muxio.core.rpc.StreamWindow;
import io.muxio.rpc.service.MethodDescriptor;
import io.muxio.rpc.service.RpcConnection;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcStatus;
import io.muxio.rpc.stream.ChunkQueue;
import io.muxio.rpc.stream.ChunkSink;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.concurrent.Executor;

/**
 * One call of a streaming method: hands the request's chunks to the handler and the answer's back,
 * and ends both when one of the two ends is done. The state belongs to the connection's thread.
 */
final class StreamingCall implements RpcStreamListener, StreamContext, ChunkSink.Target {
  private final StreamRegistration registration;
  private final InboundCall call;
  private final ServedConnection served;
  private final EndpointHost host;
  private final StreamWindow parametersWindow;
  private final ChunkQueue request;
  private final ChunkSink response;
  private final Cancellation cancellation = new Cancellation();
  private byte[] parameters = new byte[0];
  private boolean over;

  StreamingCall(StreamRegistration registration, InboundCall call, ServedConnection served) {
    this.registration = registration;
    this.call = call;
    this.served = served;
    this.host = served.host();
    Executor signals =
        registration.mode() == ExecutionMode.EVENT_LOOP ? host.thread() : host.handlerExecutor();
    Executor callbacks =
        registration.mode() == ExecutionMode.EVENT_LOOP ? host.thread() : host.callbackExecutor();
    this.parametersWindow = call.newRequestWindow();
    this.request = new ChunkQueue(call.newRequestWindow(), host.thread(), signals, () -> {});
    this.response = new ChunkSink(this, host.thread(), callbacks, this::fail);
  }

  /** They stay in memory as long as the call, so they are counted as long. */
  void onParameters(ByteBuf metadata) {
    try {
      parametersWindow.onArrived(metadata.readableBytes());
      parameters = ByteBufUtil.getBytes(metadata);
    } finally {
      metadata.release();
    }
  }

  /** Starts the handler, where its method wants it. */
  void start() {
    if (registration.mode() == ExecutionMode.EVENT_LOOP) {
      run();
      return;
    }
    try {
      host.handlerExecutor().execute(this::run);
    } catch (Throwable e) {
      // Also where no thread could be started, or the user's executor refuses in a way of its own.
      served.log().report("call of " + method().name() + " refused by the executor", e);
      answer(ResponseStatus.SYSTEM_ERROR, served.text(UnaryCall.OVERLOADED));
    }
  }

  private void run() {
    if (isCancelled()) {
      return;
    }
    try {
      registration.invoke(request, response, this);
    } catch (Throwable e) {
      fail(e);
    }
    if (registration.blocking() != null) {
      request.discard(); // what the handler has left of it
    }
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
  public void onCancel() {
    cancel(new RpcException(RpcStatus.CANCELLED, "the caller cancelled the call"));
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
    close(why);
    cancellation.cancel(host.callbackExecutor());
  }

  /** The handler or its publisher has failed, or writes more than can wait; on any thread. */
  private void fail(Throwable failure) {
    if (isCancelled()) {
      return; // most likely with what it was told by the cancel
    }
    served.failLater(registration, "handler", failure, this::answer);
  }

  /** On the connection's thread. */
  private void answer(ResponseStatus status, ByteBuf body) {
    call.respond(status, body);
    close(new RpcException(RpcStatus.CANCELLED, "the call is over: its handler failed"));
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
    request.discard();
    parametersWindow.close();
  }

  @Override
  public boolean isOpen() {
    return call.isOpen();
  }

  @Override
  public void send(ByteBuf chunk) {
    call.send(chunk);
  }

  @Override
  public void end() {
    call.end();
    over();
  }

  @Override
  public byte[] parameters() {
    return parameters.clone();
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
  public void onCancel(Runnable action) {
    cancellation.onCancel(action, host.callbackExecutor());
  }
}
