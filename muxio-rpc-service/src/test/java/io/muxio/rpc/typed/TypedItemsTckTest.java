package io.muxio.rpc.typed;

import static org.assertj.core.api.Assertions.assertThat;

import io.muxio.bitcode.Bitcode;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.ItemWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
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

/** The rules of Reactive Streams, by their own tests, for streams of values. */
class TypedItemsTckTest {
  private static final long TIMEOUT_MILLIS = 2_000;
  private static final long NO_SIGNAL_MILLIS = 50;
  private static final Codec<Object> NUMBER = TypeCodecs.untyped(Codec.bitcode(Bitcode.i32()));

  private static ExecutorService pool;

  @BeforeAll
  static void start() {
    pool = Executors.newCachedThreadPool();
  }

  @AfterAll
  static void stop() {
    pool.shutdown();
  }

  @TestFactory
  Stream<DynamicTest> itemsOfChunksAreAPublisher() {
    return testsOf(OfChunks.class, OfChunks::new);
  }

  @TestFactory
  Stream<DynamicTest> anItemWriterIsAPublisher() {
    return testsOf(Written.class, Written::new);
  }

  @TestFactory
  Stream<DynamicTest> anItemReaderIsASubscriber() {
    return testsOf(Reading.class, Reading::new);
  }

  private static Stream<DynamicTest> testsOf(Class<?> type, Supplier<?> maker) {
    Method[] tests =
        Arrays.stream(type.getMethods())
            .filter(method -> method.isAnnotationPresent(Test.class))
            .filter(method -> method.getName().startsWith("required_"))
            .toArray(Method[]::new);
    assertThat(tests).as("rules").hasSizeGreaterThan(10);
    return Arrays.stream(tests)
        .map(test -> DynamicTest.dynamicTest(test.getName(), () -> run(test, maker.get())));
  }

  private static void run(Method test, Object verification) throws Throwable {
    try {
      if (verification instanceof Reading reading) {
        reading.startPublisherExecutorService();
      }
      verification.getClass().getMethod("setUp").invoke(verification);
      test.invoke(verification);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof SkipException skipped) {
        Assumptions.abort(skipped.getMessage());
      }
      throw e.getCause();
    } finally {
      if (verification instanceof Reading reading) {
        reading.shutdownPublisherExecutorService();
      }
    }
  }

  /** What a loop writes. */
  public static final class Written extends FlowPublisherVerification<Object> {
    public Written() {
      super(new TestEnvironment(TIMEOUT_MILLIS, NO_SIGNAL_MILLIS));
    }

    @Override
    public Flow.Publisher<Object> createFlowPublisher(long elements) {
      return ItemWriter.publisher(
          pool,
          items -> {
            for (long number = 0; number < elements; number++) {
              items.write(number);
            }
          });
    }

    @Override
    public Flow.Publisher<Object> createFailedFlowPublisher() {
      return ItemWriter.publisher(
          pool,
          items -> {
            throw new IllegalStateException("broken");
          });
    }
  }

  /** What a loop reads. */
  public static final class Reading extends FlowSubscriberBlackboxVerification<Object> {
    public Reading() {
      super(new TestEnvironment(TIMEOUT_MILLIS, NO_SIGNAL_MILLIS));
    }

    @Override
    public Flow.Subscriber<Object> createFlowSubscriber() {
      return new SubscribedItems();
    }

    @Override
    public Object createElement(int element) {
      return element;
    }
  }

  /** Items that were encoded, cut in pieces of three bytes, and decoded. */
  public static final class OfChunks extends FlowPublisherVerification<Object> {
    public OfChunks() {
      super(new TestEnvironment(TIMEOUT_MILLIS, NO_SIGNAL_MILLIS));
    }

    private static byte[] encoded(int count) {
      ByteBuf all = Unpooled.buffer();
      for (int i = 0; i < count; i++) {
        ByteBuf item = NUMBER.encode(i, all.alloc());
        all.writeIntLE(item.readableBytes()).writeBytes(item);
        item.release();
      }
      byte[] bytes = new byte[all.readableBytes()];
      all.readBytes(bytes);
      return bytes;
    }

    @Override
    public Flow.Publisher<Object> createFlowPublisher(long elements) {
      int count = (int) Math.min(elements, 10_000);
      byte[] bytes = encoded(count);
      SubmissionPublisher<ByteBuf> chunks = new SubmissionPublisher<>(pool, 1 << 16);
      return Items.ofChunks(
          subscriber -> {
            chunks.subscribe(subscriber);
            IntStream.iterate(0, from -> from < bytes.length, from -> from + 3)
                .mapToObj(from -> Arrays.copyOfRange(bytes, from, Math.min(from + 3, bytes.length)))
                .forEach(piece -> chunks.submit(Unpooled.wrappedBuffer(piece)));
            if (elements <= 10_000) {
              chunks.close();
            }
          },
          NUMBER,
          new ItemBudget(),
          Function.identity());
    }

    @Override
    public Flow.Publisher<Object> createFailedFlowPublisher() {
      SubmissionPublisher<ByteBuf> chunks = new SubmissionPublisher<>(pool, 16);
      chunks.closeExceptionally(new IllegalStateException("broken"));
      return Items.ofChunks(chunks, NUMBER, new ItemBudget(), Function.identity());
    }
  }
}
