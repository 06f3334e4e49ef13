package io.muxio.rpc.service;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Calls one method of many peers at once, and collects what became of each call.
 *
 * <pre>{@code
 * CallOptions options = CallOptions.deadline(Duration.ofSeconds(5));
 * Broadcast.call(server.connections(), NEWS, "closing at eight", options)
 *     .thenAccept(
 *         outcomes -> {
 *           for (Broadcast.Outcome<String> outcome : outcomes) {
 *             if (outcome.failure() != null) {
 *               logger.info("{} does not know: {}", outcome.connection(), outcome.failure().detail());
 *             }
 *           }
 *         });
 * }</pre>
 */
public final class Broadcast {
  private Broadcast() {}

  /**
   * What became of one call: either the value or the failure is there.
   *
   * @param <R> the type of the answer
   * @param connection whose peer was called
   * @param value the answer, or null
   * @param failure why there is none, or null
   */
  public record Outcome<R>(
      RpcConnection connection, @Nullable R value, @Nullable RpcException failure) {

    /**
     * Whether the peer has answered.
     *
     * @return true where there is a value
     */
    public boolean isSuccess() {
      return failure == null;
    }
  }

  /**
   * Calls a method of each peer. The request is encoded once, and its bytes are shared. Give a
   * deadline: a peer that never answers delays all outcomes, and a server cannot call a client that
   * has not spoken. Within a handler the calls are made for its call, see {@link CallScope}: news
   * that are to reach everybody whatever becomes of that are {@linkplain CallScope#detached
   * detached}.
   *
   * @param <Q> the type of the request
   * @param <R> the type of the answer
   * @param connections whom to call
   * @param method what to call
   * @param request the request; a {@code ByteBuf} is taken over
   * @param options how to call it
   * @return completes when every call has ended, with the outcomes in the order of the connections;
   *     never fails. Cancelling it gives up the calls that have not ended
   * @throws CodecException where the request cannot be encoded; then nobody is called
   */
  public static <Q, R> CompletableFuture<List<Outcome<R>>> call(
      Collection<? extends RpcConnection> connections,
      RpcMethod<Q, R> method,
      Q request,
      CallOptions options) {
    RpcMethod<ByteBuf, R> encoded = method.withRequestCodec(Codec.byteBuf());
    ByteBuf bytes = method.requestCodec().encode(request, ByteBufAllocator.DEFAULT);
    List<CompletableFuture<R>> calls = new ArrayList<>(connections.size());
    List<CompletableFuture<Outcome<R>>> outcomes = new ArrayList<>(connections.size());
    try {
      for (RpcConnection connection : connections) {
        CompletableFuture<R> call = start(connection, encoded, bytes, options);
        calls.add(call);
        outcomes.add(call.handle((value, thrown) -> outcome(connection, encoded, value, thrown)));
      }
    } finally {
      bytes.release();
    }
    CompletableFuture<List<Outcome<R>>> all =
        CompletableFuture.allOf(outcomes.toArray(CompletableFuture[]::new))
            .thenApply(done -> outcomes.stream().map(CompletableFuture::join).toList());
    all.whenComplete((value, thrown) -> calls.forEach(call -> call.cancel(false)));
    return all;
  }

  private static <R> CompletableFuture<R> start(
      RpcConnection connection, RpcMethod<ByteBuf, R> method, ByteBuf bytes, CallOptions options) {
    try {
      return connection.caller().call(method, bytes.retainedDuplicate(), options);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private static <R> Outcome<R> outcome(
      RpcConnection connection,
      RpcMethod<?, R> method,
      @Nullable R value,
      @Nullable Throwable thrown) {
    if (thrown == null) {
      return new Outcome<>(connection, value, null);
    }
    Throwable cause =
        thrown instanceof CompletionException && thrown.getCause() != null
            ? thrown.getCause()
            : thrown;
    if (cause instanceof RpcException failure) {
      return new Outcome<>(connection, null, failure);
    }
    RpcStatus status =
        cause instanceof CancellationException ? RpcStatus.CANCELLED : RpcStatus.REJECTED;
    return new Outcome<>(
        connection, null, new RpcException(status, method.name(), cause.toString(), cause));
  }
}
