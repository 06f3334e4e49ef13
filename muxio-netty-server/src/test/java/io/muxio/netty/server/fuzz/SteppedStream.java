package io.muxio.netty.server.fuzz;

import io.muxio.rpc.service.ChunkReader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** A streaming handler that reads and writes a chunk when a test says so. */
final class SteppedStream implements Flow.Publisher<ByteBuf>, Flow.Subscription {
  private final Reader reader = new Reader();
  private Flow.@Nullable Subscriber<? super ByteBuf> writer;
  private long demand;
  private boolean over;

  SteppedStream(ChunkReader request) {
    request.subscribe(reader);
  }

  private static final class Reader implements Flow.Subscriber<ByteBuf> {
    private Flow.@Nullable Subscription subscription;

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      this.subscription = subscription;
    }

    @Override
    public void onNext(ByteBuf chunk) {
      chunk.release();
    }

    @Override
    public void onError(Throwable cause) {}

    @Override
    public void onComplete() {}
  }

  @Override
  public void subscribe(Flow.Subscriber<? super ByteBuf> subscriber) {
    writer = subscriber;
    subscriber.onSubscribe(this);
  }

  @Override
  public void request(long count) {
    demand += count;
  }

  @Override
  public void cancel() {
    over = true;
  }

  void step(int what) {
    int size = 1 + (what >> 3);
    switch (what & 7) {
      case 0, 1, 2 -> write(8 * size);
      case 3, 4 -> reader.subscription.request(size);
      case 5 -> write(size);
      case 6 -> {
        if (size < 8) {
          reader.subscription.cancel();
        }
      }
      default -> end(size);
    }
  }

  private void write(int size) {
    if (!over && demand > 0) {
      demand--;
      writer.onNext(Unpooled.buffer(size).writeZero(size));
    }
  }

  private void end(int how) {
    if (!over) {
      over = true;
      if (how < 8) {
        writer.onError(new IllegalStateException("the test's publisher breaks down"));
      } else {
        writer.onComplete();
      }
    }
  }
}
