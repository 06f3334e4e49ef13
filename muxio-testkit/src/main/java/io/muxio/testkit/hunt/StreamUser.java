package io.muxio.testkit.hunt;

import io.muxio.rpc.service.ChunkWriter;
import io.muxio.rpc.service.RpcCaller;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcStatus;
import io.muxio.rpc.service.StreamCall;
import io.muxio.testkit.hunt.Step.Mode;
import io.muxio.testkit.hunt.StreamStep.Pace;
import io.muxio.testkit.hunt.StreamStep.Reader;
import io.muxio.testkit.hunt.StreamStep.Writer;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;

/** Reads and writes the streams of a program's calls, at the caller's end. */
final class StreamUser {
  /** A reader or writer that blocks each. */
  private static final Executor threads =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "hunt-stream");
            thread.setDaemon(true);
            return thread;
          });

  private final Progress progress;

  StreamUser(Progress progress) {
    this.progress = progress;
  }

  /** What may block and throw. */
  @FunctionalInterface
  private interface Task {
    long run() throws Exception;
  }

  private static CompletableFuture<Long> later(Task task) {
    CompletableFuture<Long> done = new CompletableFuture<>();
    threads.execute(
        () -> {
          try {
            done.complete(task.run());
          } catch (Throwable e) {
            done.completeExceptionally(e);
          }
        });
    return done;
  }

  /** Writes and ends; gives how much that was, or fails. */
  CompletableFuture<Long> write(StreamStep step, ChunkWriter writer) {
    Writer plan = step.writer();
    CompletableFuture<Long> written =
        plan.mode() == Mode.BLOCKING
            ? later(() -> writeWaiting(plan, writer))
            : writeNext(plan, writer, 0);
    return written.thenCompose(bytes -> writer.end().thenApply(none -> bytes));
  }

  private long writeWaiting(Writer plan, ChunkWriter writer) throws InterruptedException {
    for (int i = 0; i < plan.chunks(); i++) {
      writer.write(progress.chunk(plan.size()));
    }
    return (long) plan.chunks() * plan.size();
  }

  private CompletableFuture<Long> writeNext(Writer plan, ChunkWriter writer, int count) {
    return count == plan.chunks()
        ? CompletableFuture.completedFuture((long) count * plan.size())
        : writer
            .writeAsync(progress.chunk(plan.size()))
            .thenCompose(none -> writeNext(plan, writer, count + 1));
  }

  /** Reads as told, and closes the call; gives how much it was, or fails. */
  CompletableFuture<Long> read(StreamStep step, StreamCall call, RpcCaller caller) {
    if (step.reader().mode() == Mode.BLOCKING) {
      return later(() -> readWaiting(step.reader(), call, caller));
    }
    Subscriber subscriber = new Subscriber(step, call, caller);
    call.response().subscribe(subscriber);
    return subscriber.read;
  }

  private long readWaiting(Reader plan, StreamCall call, RpcCaller caller) throws Exception {
    if (plan.pace() == Pace.STALLED) {
      progress.quiet().join();
    }
    try (call) {
      long bytes = 0;
      for (int left = plan.most(); left > 0; left--) {
        ByteBuf chunk = call.response().read();
        if (chunk == null) {
          return bytes;
        }
        bytes += chunk.readableBytes();
        chunk.release();
        if (plan.pace() == Pace.SLOW) {
          pause(caller).join();
        }
      }
    }
    throw leftOff();
  }

  private static RpcException leftOff() {
    return new RpcException(RpcStatus.CANCELLED, "read no further");
  }

  /** Done when the peer has answered or refused another call. */
  private static CompletableFuture<Void> pause(RpcCaller caller) {
    return caller.call(Methods.PAUSE, new byte[1]).handle((answer, failure) -> null);
  }

  private final class Subscriber implements Flow.Subscriber<ByteBuf> {
    final CompletableFuture<Long> read = new CompletableFuture<>();
    private final StreamStep step;
    private final StreamCall call;
    private final RpcCaller caller;
    private int left;
    private long bytes;

    @SuppressWarnings("NullAway.Init") // comes first
    private Flow.Subscription subscription;

    Subscriber(StreamStep step, StreamCall call, RpcCaller caller) {
      this.step = step;
      this.call = call;
      this.caller = caller;
      this.left = step.reader().most();
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      this.subscription = subscription;
      if (step.reader().pace() == Pace.STALLED) {
        progress.quiet().thenRun(this::goOn);
      } else {
        goOn();
      }
    }

    private void goOn() {
      if (left-- > 0) {
        subscription.request(1);
        return;
      }
      if (step.id() % 2 == 0) {
        subscription.cancel();
      } else {
        call.cancel();
      }
      read.completeExceptionally(leftOff());
    }

    @Override
    public void onNext(ByteBuf chunk) {
      bytes += chunk.readableBytes();
      chunk.release();
      if (step.reader().pace() == Pace.SLOW) {
        pause(caller).thenRun(this::goOn);
      } else {
        goOn();
      }
    }

    @Override
    public void onError(Throwable cause) {
      read.completeExceptionally(cause);
    }

    @Override
    public void onComplete() {
      read.complete(bytes);
    }
  }
}
