package io.muxio.netty.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.muxio.core.frame.FrameFormat;
import io.muxio.netty.server.RpcServer;
import io.muxio.netty.server.ServerLimits;
import io.muxio.rpc.endpoint.CallContext;
import io.muxio.rpc.service.ItemReader;
import io.muxio.rpc.service.ItemWriter;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcStatus;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The same interface served and called by both ends of a socket. */
class TypedServiceIT {
  private final CompletableFuture<Void> left = new CompletableFuture<>();
  private RpcServer server;
  private RpcClient client;

  /** The server's: hands on what is said to whoever said it. */
  private class Room implements ChatRoom {
    @Override
    public Line say(String room, String text, int number) throws Absent {
      Line line = new Line(room, text, number);
      ChatRoom back = CallContext.current().connection().caller().service(ChatRoom.class);
      int heard = back.hear(line).toCompletableFuture().join();
      back.say(room, text, heard);
      return new Line(room, text, heard);
    }

    @Override
    public CompletionStage<Integer> hear(Line line) {
      return CompletableFuture.failedFuture(new Absent("nobody is here", line));
    }

    @Override
    public Flow.Publisher<Line> follow(String room) {
      return subscriber -> subscriber.onSubscribe(new Endless(room, subscriber));
    }

    @Override
    public long count(Flow.Publisher<Line> lines) {
      long count = 0;
      try (ItemReader<Line> all = ItemReader.of(lines)) {
        for (Line line : all) {
          assertThat(line.number()).isEqualTo(count++);
        }
      }
      return count;
    }
  }

  /** The client's: knows one room. */
  private static final class Ear implements ChatRoom {
    @Override
    public Line say(String room, String text, int number) throws Absent {
      if (!room.equals("lobby")) {
        throw new Absent("not in this room", new Line(room, text, number));
      }
      return new Line(room, text, number);
    }

    @Override
    public CompletionStage<Integer> hear(Line line) {
      return CompletableFuture.completedFuture(line.number() + 1);
    }

    @Override
    public Flow.Publisher<Line> follow(String room) {
      throw new UnsupportedOperationException("clients cannot be followed");
    }

    @Override
    public long count(Flow.Publisher<Line> lines) {
      throw new UnsupportedOperationException("clients cannot count");
    }
  }

  /** Gives lines for ever. */
  private final class Endless implements Flow.Subscription {
    private final String room;
    private final Flow.Subscriber<? super ChatRoom.Line> subscriber;
    private int number;

    Endless(String room, Flow.Subscriber<? super ChatRoom.Line> subscriber) {
      this.room = room;
      this.subscriber = subscriber;
    }

    @Override
    public synchronized void request(long count) {
      for (long i = 0; i < count && !left.isDone(); i++) {
        subscriber.onNext(new ChatRoom.Line(room, "hello", number++));
      }
    }

    @Override
    public void cancel() {
      left.complete(null);
    }
  }

  /** Takes so many lines, or all of them. */
  private static final class Taking implements Flow.Subscriber<ChatRoom.Line> {
    private final long most;
    private final CompletableFuture<Integer> taken = new CompletableFuture<>();
    private Flow.Subscription subscription;
    private int count;

    Taking(long most) {
      this.most = most;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      this.subscription = subscription;
      subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(ChatRoom.Line line) {
      if (++count == most) {
        subscription.cancel();
        taken.complete(count);
      }
    }

    @Override
    public void onError(Throwable cause) {
      taken.completeExceptionally(cause);
    }

    @Override
    public void onComplete() {
      taken.complete(count);
    }
  }

  private ChatRoom connect(FrameFormat format) throws Exception {
    server =
        RpcServer.builder()
            .bind("127.0.0.1", 0)
            .exposeErrors(true)
            .limits(ServerLimits.builder().drainTimeout(Duration.ofMillis(100)).build())
            .service(ChatRoom.class, new Room())
            .build()
            .start();
    client =
        RpcClient.builder("ws://127.0.0.1:" + server.address().getPort() + "/ws")
            .format(format)
            .service(ChatRoom.class, new Ear())
            .connect();
    return client.service(ChatRoom.class);
  }

  @AfterEach
  void close() {
    client.close();
    server.close();
  }

  @ParameterizedTest
  @EnumSource(FrameFormat.class)
  void bothEndsCallEachOther(FrameFormat format) throws Exception {
    ChatRoom room = connect(format);

    assertThat(room.say("lobby", "hello", 1)).isEqualTo(new ChatRoom.Line("lobby", "hello", 2));
    assertThatThrownBy(() -> room.say("attic", "hello", 1))
        .as("thrown by the client, on to the server's caller")
        .isInstanceOfSatisfying(
            ChatRoom.Absent.class, absent -> assertThat(absent.data().room()).isEqualTo("attic"))
        .hasMessage("not in this room");
    assertThatThrownBy(() -> room.hear(new ChatRoom.Line("a", "b", 1)).toCompletableFuture().get())
        .cause()
        .isInstanceOf(ChatRoom.Absent.class)
        .hasMessage("nobody is here");
  }

  @ParameterizedTest
  @EnumSource(FrameFormat.class)
  void whoLeavesAStreamEndsIt(FrameFormat format) throws Exception {
    Taking some = new Taking(1_000);
    connect(format).follow("lobby").subscribe(some);

    assertThat(some.taken.get(20, TimeUnit.SECONDS)).isEqualTo(1_000);
    assertThat(left).succeedsWithin(Duration.ofSeconds(20));
  }

  @ParameterizedTest
  @EnumSource(FrameFormat.class)
  void whoLeavesALoopEndsItsStream(FrameFormat format) throws Exception {
    int number = 0;
    try (ItemReader<ChatRoom.Line> lines = ItemReader.of(connect(format).follow("lobby"))) {
      for (ChatRoom.Line line : lines) {
        assertThat(line).isEqualTo(new ChatRoom.Line("lobby", "hello", number++));
        if (number == 1_000) {
          break;
        }
      }
    }
    assertThat(left).succeedsWithin(Duration.ofSeconds(20));
  }

  @ParameterizedTest
  @EnumSource(FrameFormat.class)
  void aStreamIsWrittenAndReadByLoops(FrameFormat format) throws Exception {
    ChatRoom room = connect(format);
    ExecutorService threads = Executors.newCachedThreadPool();
    Flow.Publisher<ChatRoom.Line> lines =
        ItemWriter.publisher(
            threads,
            items -> {
              for (int number = 0; number < 2_000; number++) {
                items.write(new ChatRoom.Line("lobby", "x".repeat(number), number));
              }
            });
    assertThat(room.count(lines)).isEqualTo(2_000);
    threads.shutdown();
  }

  @ParameterizedTest
  @EnumSource(FrameFormat.class)
  void aLoopThatWaitsHearsThatItsServerIsGone(FrameFormat format) throws Exception {
    Iterator<ChatRoom.Line> lines = ItemReader.of(connect(format).follow("lobby")).iterator();
    assertThat(lines.next().number()).isZero();
    CompletableFuture<Void> closed = CompletableFuture.runAsync(server::close);

    assertThatThrownBy(() -> lines.forEachRemaining(line -> {}))
        .isInstanceOfSatisfying(
            RpcException.class,
            failure -> assertThat(failure.status()).isEqualTo(RpcStatus.DISCONNECTED));
    closed.get(20, TimeUnit.SECONDS);
  }
}
