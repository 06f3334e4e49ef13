package io.muxio.netty.client;

import io.muxio.rpc.service.ChunkReader;
import io.muxio.rpc.service.StreamCall;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** Reads the answer of a call that may not be open yet. */
final class WaitingReader implements ChunkReader {
  private final CompletableFuture<StreamCall> opened;
  private final EventLoop loop;
  private final Runnable onCancel;

  /**
   * Makes the reader.
   *
   * @param opened the call on a connection, or why there is none
   * @param loop which must not wait for it
   * @param onCancel cancels the call
   */
  WaitingReader(CompletableFuture<StreamCall> opened, EventLoop loop, Runnable onCancel) {
    this.opened = opened;
    this.loop = loop;
    this.onCancel = onCancel;
  }

  @Override
  public @Nullable ByteBuf read() throws InterruptedException {
    return OpenedCall.await(opened, loop).response().read();
  }

  @Override
  public void subscribe(Flow.Subscriber<? super ByteBuf> subscriber) {
    opened.whenComplete(
        (call, failure) -> {
          if (failure == null) {
            call.response().subscribe(subscriber);
          } else {
            subscriber.onSubscribe(new NoSubscription());
            subscriber.onError(failure);
          }
        });
  }

  @Override
  public void cancel() {
    onCancel.run();
  }

  /** Of a stream that has failed. */
  private static final class NoSubscription implements Flow.Subscription {
    @Override
    public void request(long chunks) {
      // there are none
    }

    @Override
    public void cancel() {
      // it is over
    }
  }
}
