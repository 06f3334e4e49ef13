package io.muxio.rpc.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcStatus;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;
import org.reactivestreams.tck.flow.FlowSubscriberBlackboxVerification;
import org.testng.SkipException;
import org.testng.annotations.Test;

/**
 * The rules of Reactive Streams, by their own tests, which are written for another framework: each
 * method of theirs becomes a test here. What they do not test or leave open is left out.
 */
class ReactiveStreamsTckTest {
  private static final long TIMEOUT_MILLIS = 2_000;
  private static final long NO_SIGNAL_MILLIS = 50;

  private static LoopThread loop;
  private static ExecutorService pool;

  @BeforeAll
  static void start() {
    loop = new LoopThread();
    pool = Executors.newCachedThreadPool();
  }

  @AfterAll
  static void stop() throws Exception {
    pool.shutdown();
    loop.stop();
  }

  @TestFactory
  Stream<DynamicTest> aChunkQueueIsAPublisher() {
    return testsOf(Publishing.class, Publishing::new);
  }

  @TestFactory
  Stream<DynamicTest> aChunkSinkIsASubscriber() {
    return testsOf(Subscribing.class, Subscribing::new);
  }

  private interface Maker<T> {
    T make();
  }

  private static <T> Stream<DynamicTest> testsOf(Class<T> type, Maker<T> maker) {
    Method[] tests =
        Arrays.stream(type.getMethods())
            .filter(method -> method.isAnnotationPresent(Test.class))
            .filter(method -> method.getName().startsWith("required_"))
            .toArray(Method[]::new);
    assertThat(tests).as("rules").hasSizeGreaterThan(10);
    return Arrays.stream(tests)
        .map(test -> DynamicTest.dynamicTest(test.getName(), () -> run(test, maker.make())));
  }

  private static void run(Method test, Object verification) throws Throwable {
    try {
      if (verification instanceof Subscribing subscribing) {
        subscribing.startPublisherExecutorService();
      }
      verification.getClass().getMethod("setUp").invoke(verification);
      test.invoke(verification);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof SkipException skipped) {
        Assumptions.abort(skipped.getMessage());
      }
      throw e.getCause();
    } finally {
      if (verification instanceof Subscribing subscribing) {
        subscribing.shutdownPublisherExecutorService();
      }
    }
  }

  /** Chunks that are not counted by any allocator: the kit does not release what it gets. */
  private static ByteBuf chunk() {
    return Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(new byte[] {1}));
  }

  /** A queue that a peer fills. */
  public static final class Publishing extends FlowPublisherVerification<ByteBuf> {
    public Publishing() {
      super(new TestEnvironment(TIMEOUT_MILLIS, NO_SIGNAL_MILLIS));
    }

    private static ChunkQueue queue() {
      return new ChunkQueue(new Windows().open(), loop, pool, () -> {}, cause -> {});
    }

    @Override
    public Flow.Publisher<ByteBuf> createFlowPublisher(long elements) {
      ChunkQueue queue = queue();
      loop.execute(
          () -> {
            for (long i = 0; i < Math.min(elements, 10_000); i++) {
              queue.onChunk(chunk());
            }
            if (elements <= 10_000) {
              queue.onEnd();
            }
          });
      return queue;
    }

    @Override
    public Flow.Publisher<ByteBuf> createFailedFlowPublisher() {
      ChunkQueue queue = queue();
      loop.execute(() -> queue.onFailure(new RpcException(RpcStatus.CANCELLED, "failed")));
      return queue;
    }
  }

  /** What a sink subscribes to the publisher that writes it. */
  public static final class Subscribing extends FlowSubscriberBlackboxVerification<ByteBuf>
      implements ChunkSink.Target {
    public Subscribing() {
      super(new TestEnvironment(TIMEOUT_MILLIS, NO_SIGNAL_MILLIS));
    }

    @Override
    public Flow.Subscriber<ByteBuf> createFlowSubscriber() {
      AtomicReference<Flow.Subscriber<? super ByteBuf>> subscriber = new AtomicReference<>();
      new ChunkSink(this, loop, pool, cause -> {}).writeAll(subscriber::set);
      Flow.Subscriber<? super ByteBuf> made = subscriber.get();
      return new Flow.Subscriber<>() {
        @Override
        public void onSubscribe(Flow.Subscription subscription) {
          made.onSubscribe(subscription);
        }

        @Override
        public void onNext(ByteBuf chunk) {
          made.onNext(chunk);
        }

        @Override
        public void onError(Throwable cause) {
          made.onError(cause);
        }

        @Override
        public void onComplete() {
          made.onComplete();
        }
      };
    }

    @Override
    public ByteBuf createElement(int element) {
      return chunk();
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public boolean hasCredit(int cost) {
      return true;
    }

    @Override
    public int chunkSize() {
      return 1 << 16;
    }

    @Override
    public void send(ByteBuf chunk) {
      chunk.release();
    }

    @Override
    public void end() {}
  }
}
