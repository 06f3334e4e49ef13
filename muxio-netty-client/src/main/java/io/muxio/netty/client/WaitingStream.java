package io.muxio.netty.client;

import io.muxio.netty.ConnectionHandler;
import io.muxio.rpc.service.CallOptions;
import io.muxio.rpc.service.ChunkReader;
import io.muxio.rpc.service.ChunkWriter;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcStatus;
import io.muxio.rpc.service.StreamCall;
import io.muxio.rpc.service.StreamMethod;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A streaming call that was opened while its client had no connection: waits for one, and from then
 * on is the call on that connection. Its streams are {@link WaitingWriter} and {@link
 * WaitingReader}. What waits belongs to the client's event loop.
 */
final class WaitingStream implements StreamCall, QueuedCall {
  private final StreamMethod method;
  private final byte[] parameters;
  private final CallOptions options;
  private final CallHost host;
  private final CallDeadline deadline;

  /** The call on a connection; completed on the callback executor. */
  private final CompletableFuture<StreamCall> opened = new CompletableFuture<>();

  private final WaitingWriter request;
  private final WaitingReader response;
  private boolean over;

  /**
   * Makes the call.
   *
   * @param method what to call
   * @param parameters copied
   * @param options how to call it
   * @param host what it needs of the client
   */
  WaitingStream(StreamMethod method, byte[] parameters, CallOptions options, CallHost host) {
    this.method = method;
    this.parameters = parameters.clone();
    this.options = options;
    this.host = host;
    this.deadline = new CallDeadline(options.deadline(), host.loop(), this::expire);
    this.request = new WaitingWriter(opened, host.loop(), host.waitingBytes(), this::giveUp);
    this.response = new WaitingReader(opened, host.loop(), this::cancel);
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
    if (!over) {
      host.reconnector().submit(this);
    }
    if (!over) {
      deadline.watch();
    }
  }

  @Override
  public CallOptions options() {
    return options;
  }

  @Override
  public long waitingBytes() {
    return (long) parameters.length + options.metadata().size();
  }

  @Override
  public void sendBy(ConnectionHandler connection) {
    if (deadline.hasPassed()) {
      expire();
      return;
    }
    end();
    StreamCall call = connection.caller().open(method, parameters, options, deadline.waited());
    completeLater(() -> open(call));
  }

  private void open(StreamCall call) {
    if (!opened.complete(call)) {
      call.cancel(); // given up meanwhile
    }
  }

  private void expire() {
    host.reconnector().withdraw(this);
    refuse(RpcStatus.DEADLINE_EXCEEDED, host.reconnector().whyNotWithin(options), null);
  }

  @Override
  public void refuse(RpcStatus status, String detail, @Nullable Throwable cause) {
    end();
    fail(status, detail, cause);
  }

  private void fail(RpcStatus status, String detail, @Nullable Throwable cause) {
    RpcException failure = RpcException.notSent(status, method.name(), detail, cause);
    completeLater(() -> opened.completeExceptionally(failure));
  }

  private void end() {
    over = true;
    deadline.stop();
  }

  /** What waits for the call to be opened is the user's, so it is not run on the event loop. */
  private void completeLater(Runnable completion) {
    try {
      host.callbacks().execute(completion);
    } catch (RejectedExecutionException e) {
      completion.run();
    }
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
    return opened.thenCompose(StreamCall::ended).minimalCompletionStage();
  }

  @Override
  public void cancel() {
    giveUp(RpcStatus.CANCELLED, "the caller cancelled the call");
    opened.thenAccept(StreamCall::cancel);
  }

  /** Where it is not opened yet. */
  private void giveUp(RpcStatus status, String detail) {
    RpcException failure = RpcException.notSent(status, method.name(), detail, null);
    if (opened.completeExceptionally(failure)) {
      try {
        host.loop().execute(this::withdraw);
      } catch (RejectedExecutionException e) {
        // The client is closed, and nothing waits any more.
      }
    }
  }

  private void withdraw() {
    host.reconnector().withdraw(this);
    end();
  }
}
