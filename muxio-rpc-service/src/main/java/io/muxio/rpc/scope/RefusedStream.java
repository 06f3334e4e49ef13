package io.muxio.rpc.scope;

import io.muxio.rpc.service.ChunkReader;
import io.muxio.rpc.service.ChunkWriter;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.StreamCall;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/**
 * A streaming call that was not made: both of its streams have failed.
 *
 * @param failure with what
 */
public record RefusedStream(RpcException failure) implements StreamCall, ChunkReader, ChunkWriter {
  @Override
  public ChunkWriter request() {
    return this;
  }

  @Override
  public ChunkReader response() {
    return this;
  }

  @Override
  public CompletionStage<Void> ended() {
    return CompletableFuture.<Void>failedFuture(failure).minimalCompletionStage();
  }

  @Override
  public void cancel() {
    // It is over.
  }

  @Override
  public ByteBuf read() {
    throw failure.rethrown();
  }

  @Override
  public void subscribe(Flow.Subscriber<? super ByteBuf> subscriber) {
    subscriber.onSubscribe(
        new Flow.Subscription() {
          @Override
          public void request(long chunks) {
            // There are none.
          }

          @Override
          public void cancel() {
            // It is over.
          }
        });
    subscriber.onError(failure);
  }

  @Override
  public void write(ByteBuf chunk) {
    chunk.release();
    throw failure.rethrown();
  }

  @Override
  public CompletableFuture<Void> writeAsync(ByteBuf chunk) {
    chunk.release();
    return CompletableFuture.failedFuture(failure);
  }

  @Override
  public boolean isWritable() {
    return false;
  }

  @Override
  public CompletionStage<Void> writeAll(Flow.Publisher<? extends ByteBuf> chunks) {
    throw failure.rethrown();
  }

  @Override
  public CompletionStage<Void> end() {
    return CompletableFuture.failedStage(failure);
  }
}
