package io.muxio.netty.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.muxio.netty.Transport;
import io.muxio.rpc.endpoint.ExecutionMode;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.ConnectionListener;
import io.muxio.rpc.service.RpcConnection;
import io.muxio.rpc.service.RpcMethod;
import io.muxio.rpc.service.StreamMethod;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What one client makes the server do at once is done in turn with what others want. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TurnsIT {
  private static final RpcMethod<String, String> COUNT =
      RpcMethod.unary("count", Codec.utf8(), Codec.utf8());
  private static final RpcMethod<String, String> HOW_MANY =
      RpcMethod.unary("how_many", Codec.utf8(), Codec.utf8());

  /** Is never answered. */
  private static final RpcMethod<String, String> COUNT_ONLY =
      RpcMethod.unary("count_only", Codec.utf8(), Codec.utf8());

  private static final StreamMethod STREAM = StreamMethod.of("stream");
  private static final int MANY = 3000;

  private final EventLoopGroup oneLoop = Transport.best().newGroup(1, "one-loop", true);
  private final CompletableFuture<Integer> doneWhenDisconnected = new CompletableFuture<>();

  /** What the event loop has done, in its order; only it adds. */
  private final List<String> done = Collections.synchronizedList(new ArrayList<>());

  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch othersHaveAsked = new CountDownLatch(1);

  /** Instead of others that want something it is shut down, with what was to go on later. */
  private volatile boolean loopEnds;

  private RpcServer server;

  @BeforeEach
  void start() throws Exception {
    server =
        RpcServer.builder()
            .bind("127.0.0.1", 0)
            .eventLoopGroup(oneLoop)
            .connectionListener(
                new ConnectionListener() {
                  @Override
                  public void onDisconnected(RpcConnection connection) {
                    doneWhenDisconnected.complete(done.size());
                  }
                })
            .handle(COUNT, (text, call) -> does(text), ExecutionMode.EVENT_LOOP)
            .handle(HOW_MANY, (text, call) -> "" + done.size(), ExecutionMode.EVENT_LOOP)
            .handleAsync(
                COUNT_ONLY,
                (text, call) -> {
                  does(text);
                  return new CompletableFuture<>();
                },
                ExecutionMode.EVENT_LOOP)
            .handleStreamAsync(
                STREAM,
                (request, call) -> {
                  request.subscribe(new Failing());
                  return answer -> answer.onSubscribe(new Silent());
                },
                ExecutionMode.EVENT_LOOP)
            .build()
            .start();
  }

  @AfterEach
  void close() {
    server.close();
    oneLoop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  /** On the event loop: the first time it waits until others want something of it too. */
  private String does(String what) {
    if (done.isEmpty() && loopEnds) {
      oneLoop.next().execute(() -> oneLoop.shutdownGracefully(100, 9_000, TimeUnit.MILLISECONDS));
    } else if (done.isEmpty()) {
      begun.countDown();
      try {
        assertThat(othersHaveAsked.await(20, TimeUnit.SECONDS)).isTrue();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
    done.add(what);
    return what;
  }

  /** Adds the end of its stream to what was done. */
  private final class Failing implements Flow.Subscriber<ByteBuf> {
    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      subscription.request(1);
    }

    @Override
    public void onNext(ByteBuf chunk) {
      chunk.release();
    }

    @Override
    public void onError(Throwable cause) {
      does("failed");
    }

    @Override
    public void onComplete() {}
  }

  /** Has no chunks. */
  private static final class Silent implements Flow.Subscription {
    @Override
    public void request(long count) {}

    @Override
    public void cancel() {}
  }

  /** What the loop had done when it came to this. */
  private CompletableFuture<Integer> askOnTheLoop() {
    return CompletableFuture.supplyAsync(done::size, oneLoop.next());
  }

  private static void ask(RawPeer neighbour) throws IOException {
    neighbour.sendBinary(Frames.call(1, 1, "how_many", ""));
  }

  private static int answer(RawPeer neighbour) throws IOException {
    return Integer.parseInt(Frames.bodyOf(neighbour.next()));
  }

  private static byte[] calls(int first, int count) {
    return calls("count", first, count);
  }

  private static byte[] calls(String method, int first, int count) {
    byte[][] calls = new byte[count][];
    for (int i = 0; i < count; i++) {
      calls[i] = Frames.call(first + i, first + i, method, "" + (first + i));
    }
    return Frames.join(calls);
  }

  private static List<String> numbers(int count) {
    List<String> numbers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      numbers.add("" + i);
    }
    return numbers;
  }

  private static List<String> answers(RawPeer peer, int count) throws IOException {
    List<String> answers = new ArrayList<>();
    while (answers.size() < count) {
      AnswerSplitter.split(peer.next()).forEach(answer -> answers.add(Frames.bodyOf(answer)));
    }
    return answers;
  }

  @Test
  void aMessageOfManyCallsLetsOthersIn() throws Exception {
    try (RawPeer peer = RawPeer.upgrade(server);
        RawPeer neighbour = RawPeer.upgrade(server)) {
      peer.sendBinary(calls(0, MANY));
      begun.await();
      CompletableFuture<Integer> task = askOnTheLoop();
      ask(neighbour);
      othersHaveAsked.countDown();

      assertThat(task.get(20, TimeUnit.SECONDS)).as("calls before a task").isBetween(1, MANY / 10);
      assertThat(answer(neighbour)).as("calls before a neighbour's").isBetween(1, MANY / 10);
      assertThat(answers(peer, MANY)).isEqualTo(numbers(MANY));
    }
  }

  @Test
  void manySmallMessagesLetOthersIn() throws Exception {
    try (RawPeer peer = RawPeer.upgrade(server);
        RawPeer neighbour = RawPeer.upgrade(server)) {
      List<byte[]> messages = new ArrayList<>();
      for (int i = 0; i < MANY; i++) {
        messages.add(RawPeer.webSocketFrame(RawPeer.BINARY, calls(i, 1)));
      }
      byte[] all = Frames.join(messages.toArray(new byte[0][]));
      // The loop takes no more while it waits, so who sends waits too.
      CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> send(peer, all));
      begun.await();
      ask(neighbour);
      othersHaveAsked.countDown();

      assertThat(answer(neighbour)).as("calls before a neighbour's").isBetween(1, MANY / 10);
      assertThat(answers(peer, MANY)).isEqualTo(numbers(MANY));
      sent.join();
    }
  }

  private static void send(RawPeer peer, byte[] bytes) {
    try {
      peer.send(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Opens many, and waits until the server has them. */
  private static void openStreams(RawPeer peer) throws IOException {
    byte[][] streams = new byte[MANY][];
    for (int id = 0; id < MANY; id++) {
      streams[id] = Frames.frame(id, 0, 0, Frames.header(0, id, STREAM.id(), new byte[0]));
    }
    peer.sendBinary(streams);
    peer.sendBinary(Frames.call(MANY, MANY, "how_many", ""));
    assertThat(answer(peer)).isZero();
  }

  /** Messages behind one that is half done wait for it, whatever they are. */
  @Test
  void whatComesBehindStaysBehind() throws Exception {
    othersHaveAsked.countDown();
    try (RawPeer peer = RawPeer.upgrade(server)) {
      peer.send(
          Frames.join(
              RawPeer.webSocketFrame(RawPeer.BINARY, calls(0, MANY)),
              RawPeer.webSocketFrame(RawPeer.BINARY, calls(MANY, 1)),
              RawPeer.webSocketFrame(RawPeer.TEXT, new byte[1]),
              RawPeer.webSocketFrame(RawPeer.BINARY, calls(MANY + 1, 1))));

      assertThat(answers(peer, MANY + 1)).isEqualTo(numbers(MANY + 1));
      assertThat(peer.readClose(1003).closeReason()).contains("text message");
    }
    assertThat(doneWhenDisconnected.get(20, TimeUnit.SECONDS)).isEqualTo(MANY + 1);
  }

  /** So is the end of the socket: what came before it is done. */
  @Test
  void theEndComesBehindWhatCameBefore() throws Exception {
    try (RawPeer peer = RawPeer.upgrade(server)) {
      peer.sendBinary(calls("count_only", 0, MANY));
      begun.await();
    }
    othersHaveAsked.countDown();

    assertThat(doneWhenDisconnected.get(20, TimeUnit.SECONDS)).isEqualTo(MANY);
  }

  @Test
  void aLoopThatEndsLeavesNoMessageBehind() throws Exception {
    loopEnds = true;
    try (RawPeer peer = RawPeer.upgrade(server)) {
      peer.sendBinary(calls("count_only", 0, MANY));

      assertThat(doneWhenDisconnected.get(20, TimeUnit.SECONDS)).isEqualTo(MANY);
    }
  }

  @Test
  void aLoopThatEndsLeavesNoStreamBehind() throws Exception {
    loopEnds = true;
    try (RawPeer peer = RawPeer.upgrade(server)) {
      openStreams(peer);
    }
    assertThat(doneWhenDisconnected.get(20, TimeUnit.SECONDS)).isEqualTo(MANY);
  }

  @Test
  void aConnectionOfManyStreamsEndsInTurnWithTheOthers() throws Exception {
    try (RawPeer neighbour = RawPeer.upgrade(server)) {
      ask(neighbour);
      assertThat(answer(neighbour)).isZero();
      try (RawPeer peer = RawPeer.upgrade(server)) {
        openStreams(peer);
      }
      begun.await();
      ask(neighbour);
      othersHaveAsked.countDown();

      assertThat(answer(neighbour)).as("streams ended before").isBetween(1, MANY / 10);
      assertThat(doneWhenDisconnected.get(20, TimeUnit.SECONDS)).as("told last").isEqualTo(MANY);
    }
  }
}
