package io.muxio.netty.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.muxio.core.frame.FrameFormat;
import io.muxio.netty.server.RpcServer;
import io.muxio.rpc.endpoint.CallContext;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
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
      Taking all = new Taking(Long.MAX_VALUE);
      lines.subscribe(all);
      return all.taken.join();
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
  void aStreamIsSentAndAnswered(FrameFormat format) throws Exception {
    ChatRoom room = connect(format);
    CompletableFuture<Long> count;
    try (SubmissionPublisher<ChatRoom.Line> lines = new SubmissionPublisher<>()) {
      count = CompletableFuture.supplyAsync(() -> room.count(lines));
      await().until(lines::hasSubscribers);
      for (int number = 0; number < 2_000; number++) {
        lines.submit(new ChatRoom.Line("lobby", "x".repeat(number), number));
      }
    }
    assertThat(count.get(20, TimeUnit.SECONDS)).isEqualTo(2_000);
  }
}
