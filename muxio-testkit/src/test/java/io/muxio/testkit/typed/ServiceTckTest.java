package io.muxio.testkit.typed;

import static org.assertj.core.api.Assertions.assertThat;

import io.muxio.rpc.endpoint.RpcEndpoint;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcStatus;
import io.muxio.testkit.InMemoryLink;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;
import org.reactivestreams.tck.flow.FlowSubscriberBlackboxVerification;
import org.testng.SkipException;
import org.testng.annotations.Test;

/** The rules of Reactive Streams, by their own tests, for the streams of a service's methods. */
class ServiceTckTest {
  private static final long TIMEOUT_MILLIS = 2_000;
  private static final long NO_SIGNAL_MILLIS = 50;

  /** As many items as the kit asks for are few, or endlessly many. */
  private static int count(long elements) {
    return (int) Math.min(elements, Integer.MAX_VALUE);
  }

  private static Flow.Publisher<Integer> numbers(int count) {
    return new Counting<>(count, i -> i, new CompletableFuture<>());
  }

  /** Hands the stream that it gets to the kit, and takes the one that it gives from there. */
  private static final class Served implements Numbers {
    final CompletableFuture<Flow.Publisher<Integer>> put = new CompletableFuture<>();
    volatile Flow.Publisher<Integer> given;

    @Override
    public Flow.Publisher<Integer> get(int count) {
      if (count < 0) {
        throw new RpcException(RpcStatus.FAIL, "fewer than none");
      }
      return given == null ? numbers(count) : given;
    }

    @Override
    public CompletionStage<Void> put(Flow.Publisher<Integer> numbers) {
      put.complete(numbers);
      return new CompletableFuture<>();
    }
  }

  /** A link for one test. */
  private static final class Link {
    final Served served = new Served();
    final InMemoryLink ends =
        InMemoryLink.to(RpcEndpoint.builder().service(Numbers.class, served).build());
    final Numbers stub = ends.client().caller().service(Numbers.class);
  }

  /** What the kit tests, over a link that is closed with it. */
  private interface OverLink {
    Link link();
  }

  /** What the caller of a method gets. */
  public static final class Answers extends FlowPublisherVerification<Integer> implements OverLink {
    private final Link link = new Link();

    public Answers() {
      super(new TestEnvironment(TIMEOUT_MILLIS, NO_SIGNAL_MILLIS));
    }

    @Override
    public Link link() {
      return link;
    }

    @Override
    public Flow.Publisher<Integer> createFlowPublisher(long elements) {
      return link.stub.get(count(elements));
    }

    @Override
    public Flow.Publisher<Integer> createFailedFlowPublisher() {
      return link.stub.get(-1);
    }
  }

  /** What the implementation of a method gets. */
  public static final class Requests extends FlowPublisherVerification<Integer>
      implements OverLink {
    private final Link link = new Link();

    public Requests() {
      super(new TestEnvironment(TIMEOUT_MILLIS, NO_SIGNAL_MILLIS));
    }

    @Override
    public Link link() {
      return link;
    }

    @Override
    public Flow.Publisher<Integer> createFlowPublisher(long elements) {
      link.stub.put(numbers(count(elements)));
      return link.served.put.join();
    }

    @Override
    public Flow.Publisher<Integer> createFailedFlowPublisher() {
      Flow.Publisher<Integer> failed = createFlowPublisher(Long.MAX_VALUE);
      link.ends.cut();
      return failed;
    }
  }

  /** What subscribes to a publisher that the caller of a method sends. */
  public static class Sending extends FlowSubscriberBlackboxVerification<Integer>
      implements OverLink {
    final Link link = new Link();
    final CompletableFuture<Flow.Subscriber<? super Integer>> made = new CompletableFuture<>();

    public Sending() {
      super(new TestEnvironment(TIMEOUT_MILLIS, NO_SIGNAL_MILLIS));
    }

    @Override
    public Link link() {
      return link;
    }

    void subscribe() {
      link.stub.put(made::complete);
      Collected.of(link.served.put.join());
    }

    @Override
    @SuppressWarnings("unchecked") // it takes what the kit gives it
    public Flow.Subscriber<Integer> createFlowSubscriber() {
      subscribe();
      return (Flow.Subscriber<Integer>) made.join();
    }

    @Override
    public Integer createElement(int element) {
      return element;
    }
  }

  /** What subscribes to a publisher that the implementation of a method answers. */
  public static final class Answering extends Sending {
    @Override
    void subscribe() {
      link.served.given = made::complete;
      Collected.of(link.stub.get(1));
    }
  }

  @TestFactory
  Stream<DynamicTest> anAnswerIsAPublisher() {
    return testsOf(Answers.class, Answers::new);
  }

  @TestFactory
  Stream<DynamicTest> aRequestIsAPublisher() {
    return testsOf(Requests.class, Requests::new);
  }

  @TestFactory
  Stream<DynamicTest> whatSendsIsASubscriber() {
    return testsOf(Sending.class, Sending::new);
  }

  @TestFactory
  Stream<DynamicTest> whatAnswersIsASubscriber() {
    return testsOf(Answering.class, Answering::new);
  }

  private static Stream<DynamicTest> testsOf(Class<?> type, Supplier<OverLink> maker) {
    Method[] tests =
        Arrays.stream(type.getMethods())
            .filter(method -> method.isAnnotationPresent(Test.class))
            .filter(method -> method.getName().startsWith("required_"))
            .toArray(Method[]::new);
    assertThat(tests).as("rules").hasSizeGreaterThan(10);
    return Arrays.stream(tests)
        .map(test -> DynamicTest.dynamicTest(test.getName(), () -> run(test, maker.get())));
  }

  private static void run(Method test, OverLink verification) throws Throwable {
    try {
      if (verification instanceof Sending sending) {
        sending.startPublisherExecutorService();
      }
      verification.getClass().getMethod("setUp").invoke(verification);
      test.invoke(verification);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof SkipException skipped) {
        Assumptions.abort(skipped.getMessage());
      }
      throw e.getCause();
    } finally {
      if (verification instanceof Sending sending) {
        sending.shutdownPublisherExecutorService();
      }
      verification.link().ends.close();
    }
  }
}
