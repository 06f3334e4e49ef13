package io.muxio.netty.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.muxio.rpc.endpoint.CallContext;
import io.muxio.rpc.endpoint.ExecutionMode;
import io.muxio.rpc.service.Broadcast;
import io.muxio.rpc.service.CallOptions;
import io.muxio.rpc.service.CallScope;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.MethodId;
import io.muxio.rpc.service.RpcCaller;
import io.muxio.rpc.service.RpcConnection;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcMethod;
import io.muxio.rpc.service.RpcStatus;
import io.muxio.rpc.service.StreamCall;
import io.muxio.rpc.service.StreamMethod;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** The server calls the client over the connection on which the client calls it. */
class CallBackIT {
  private static final RpcMethod<String, String> CALL_ME =
      RpcMethod.unary("call_me", Codec.utf8(), Codec.utf8());
  private static final RpcMethod<String, String> CLIENTS =
      RpcMethod.unary("clients", Codec.utf8(), Codec.utf8());

  private static RpcServerBuilder server() {
    return RpcServer.builder().bind("127.0.0.1", 0).exposeErrors(true);
  }

  private static CompletableFuture<String> callBack(String text, CallContext call) {
    return call.connection().caller().call(CLIENTS, text);
  }

  /** The answer of a client to a call of the server's: the call's text in capitals. */
  private static byte[] answerTo(byte[] call, int streamId) {
    String text = new String(call, 13 + 15, call.length - 28, StandardCharsets.UTF_8);
    byte[] header =
        Frames.header(1, Frames.requestIdOf(call), MethodId.of("clients"), new byte[] {0});
    byte[] body = text.toUpperCase(java.util.Locale.ROOT).getBytes(StandardCharsets.UTF_8);
    return Frames.join(
        Frames.frame(streamId, 0, 0, Frames.join(header, body)),
        Frames.frame(streamId, 1, 2, new byte[0]));
  }

  private static boolean isCall(byte[] frame) {
    return frame[13] == 0;
  }

  @Test
  void aBlockingHandlerGetsTheClientsAnswer() throws Exception {
    try (RpcServer server =
            server().handle(CALL_ME, (text, call) -> callBack(text, call).join()).build().start();
        WebSocketPeer peer = WebSocketPeer.connect(server)) {
      peer.send(Frames.call(0, 1, "call_me", "hello"), true);
      byte[] called = AnswerSplitter.split(peer.next()).get(0);
      assertThat(isCall(called)).isTrue();
      assertThat(Frames.requestIdOf(called)).as("an id of the server's half").isNegative();
      peer.send(answerTo(called, 2), true);

      assertThat(Frames.bodyOf(peer.next())).isEqualTo("HELLO");
    }
  }

  @Test
  void moreHandlersThanThreadsMayWaitForTheClient() throws Exception {
    int calls = 700;
    try (RpcServer server =
            server().handle(CALL_ME, (text, call) -> callBack(text, call).join()).build().start();
        WebSocketPeer peer = WebSocketPeer.connect(server)) {
      byte[][] messages = new byte[calls][];
      for (int id = 0; id < calls; id++) {
        messages[id] = Frames.call(id, id, "call_me", "number " + id);
      }
      peer.send(Frames.join(messages), true);

      Set<Integer> answered = new HashSet<>();
      int stream = calls;
      while (answered.size() < calls) {
        for (byte[] frame : AnswerSplitter.split(peer.next())) {
          if (isCall(frame)) {
            peer.send(answerTo(frame, stream++), true);
          } else {
            assertThat(Frames.bodyOf(frame)).isEqualTo("NUMBER " + Frames.requestIdOf(frame));
            assertThat(answered.add(Frames.requestIdOf(frame))).isTrue();
          }
        }
      }
    }
  }

  @Test
  void aHandlerOnTheEventLoopCallsBackToo() throws Exception {
    try (RpcServer server =
            server()
                .handleAsync(CALL_ME, CallBackIT::callBack, ExecutionMode.EVENT_LOOP)
                .build()
                .start();
        WebSocketPeer peer = WebSocketPeer.connect(server)) {
      peer.send(Frames.call(0, 1, "call_me", "inline"), true);
      peer.send(answerTo(AnswerSplitter.split(peer.next()).get(0), 2), true);

      assertThat(Frames.bodyOf(peer.next())).isEqualTo("INLINE");
    }
  }

  @Test
  void aClientThatVanishesFailsTheCallsToIt() throws Exception {
    AtomicReference<CompletableFuture<String>> pending = new AtomicReference<>();
    CountDownLatch called = new CountDownLatch(1);
    try (RpcServer server =
        server()
            .handleAsync(
                CALL_ME,
                (text, call) -> {
                  // On its own, so that the end of the connection is what it hears of.
                  pending.set(CallScope.detached(() -> callBack(text, call)));
                  called.countDown();
                  return pending.get().minimalCompletionStage();
                })
            .build()
            .start()) {
      WebSocketPeer peer = WebSocketPeer.connect(server);
      peer.send(Frames.call(0, 1, "call_me", ""), true);
      assertThat(called.await(20, TimeUnit.SECONDS)).isTrue();
      peer.next();
      peer.vanish();

      assertThat(failureOf(pending.get()).status()).isEqualTo(RpcStatus.DISCONNECTED);
    }
  }

  @Test
  void aCallEndsAtItsDeadlineAndTheLateAnswerIsDropped() throws Exception {
    AtomicReference<RpcConnection> connection = new AtomicReference<>();
    try (RpcServer server =
            server()
                .handle(
                    CALL_ME,
                    (text, call) -> {
                      connection.set(call.connection());
                      return text;
                    })
                .build()
                .start();
        WebSocketPeer peer = WebSocketPeer.connect(server)) {
      peer.send(Frames.call(0, 1, "call_me", ""), true);
      peer.next();
      CompletableFuture<String> late =
          connection
              .get()
              .caller()
              .call(CLIENTS, "never", CallOptions.deadline(Duration.ofMillis(50)));
      byte[] called = AnswerSplitter.split(peer.next()).get(0);
      assertThat(failureOf(late).status()).isEqualTo(RpcStatus.DEADLINE_EXCEEDED);

      peer.send(answerTo(called, 2), true);
      CompletableFuture<String> next = connection.get().caller().call(CLIENTS, "next");
      peer.send(answerTo(AnswerSplitter.split(peer.next()).get(0), 4), true);
      assertThat(next.get(20, TimeUnit.SECONDS)).isEqualTo("NEXT");
    }
  }

  @Test
  void aBroadcastReachesEveryClientAndTellsOfEach() throws Exception {
    try (RpcServer server = server().handle(CALL_ME, (text, call) -> text).build().start();
        WebSocketPeer answers = WebSocketPeer.connect(server);
        WebSocketPeer isSilent = WebSocketPeer.connect(server);
        WebSocketPeer vanishes = WebSocketPeer.connect(server)) {
      for (WebSocketPeer peer : List.of(answers, isSilent, vanishes)) {
        peer.send(Frames.call(0, 1, "call_me", "here"), true); // which tells how to write to it
        peer.next();
      }
      CompletableFuture<List<Broadcast.Outcome<String>>> outcomes =
          server.broadcast(CLIENTS, "news", CallOptions.deadline(Duration.ofMillis(500)));
      answers.send(answerTo(AnswerSplitter.split(answers.next()).get(0), 2), true);
      isSilent.next();
      vanishes.next();
      vanishes.vanish();

      Set<String> ends = new HashSet<>();
      for (Broadcast.Outcome<String> outcome : outcomes.get(20, TimeUnit.SECONDS)) {
        RpcException failure = outcome.failure();
        ends.add(failure == null ? outcome.value() : failure.status().name());
      }
      assertThat(ends).containsExactlyInAnyOrder("NEWS", "DEADLINE_EXCEEDED", "DISCONNECTED");
    }
  }

  /** Which tells how to write to it. */
  @Test
  void callsThatWaitForTheFirstMessageOfAClientAreBounded() throws Exception {
    RpcMethod<byte[], byte[]> take = RpcMethod.unary("take", Codec.bytes(), Codec.bytes());
    byte[] request = new byte[100_000];
    try (RpcServer server =
            server()
                .handle(CALL_ME, (text, call) -> text)
                .limits(ServerLimits.builder().maxOutboundBytes(1 << 20).build())
                .build()
                .start();
        WebSocketPeer peer = WebSocketPeer.connect(server)) {
      await().until(() -> server.connections().size() == 1);
      RpcCaller caller = server.connections().iterator().next().caller();
      List<CompletableFuture<byte[]>> calls = new ArrayList<>();
      for (int call = 0; call < 10; call++) {
        calls.add(caller.call(take, request));
      }
      RpcException refused = failureOf(caller.call(take, request));
      assertThat(refused.status()).isEqualTo(RpcStatus.REJECTED);
      assertThat(refused.mayHaveReachedPeer()).isFalse();
      assertThat(refused)
          .hasMessageContaining("the request of 100000 bytes is more than may still wait")
          .hasMessageEndingWith("(maxOutboundBytes)");
      StreamCall stream =
          caller.open(StreamMethod.of("stream"), new byte[0xffff], CallOptions.DEFAULT);
      assertThatThrownBy(stream.response()::read)
          .hasMessageContaining("REJECTED: the parameters of 65535 bytes are more than may");

      calls.get(0).cancel(false);
      calls.add(caller.call(take, request));
      peer.send(Frames.call(0, 1, "call_me", ""), true);
      for (int frames = 0; frames < calls.size(); ) {
        frames += AnswerSplitter.ends(peer.next());
      }
      assertThat(calls.subList(1, calls.size())).noneMatch(CompletableFuture::isDone);
    }
  }

  private static RpcException failureOf(CompletableFuture<?> future) throws Exception {
    return (RpcException) future.handle((value, failure) -> failure).get(20, TimeUnit.SECONDS);
  }
}
