package io.muxio.netty.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.MethodId;
import io.muxio.rpc.service.RpcConnection;
import io.muxio.rpc.service.RpcMethod;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that answer what they were not asked, or more than once. */
class BadAnswersIT {
  private static final RpcMethod<String, String> ASK =
      RpcMethod.unary("ask", Codec.utf8(), Codec.utf8());
  private static final RpcMethod<String, String> OF_THE_CLIENT =
      RpcMethod.unary("of_the_client", Codec.utf8(), Codec.utf8());
  private static final int SERVERS_HALF = 1 << 31;

  private AttackedServer server;

  @BeforeEach
  void start() throws Exception {
    server =
        new AttackedServer(
            RpcServer.builder()
                .handleAsync(
                    ASK, (text, call) -> call.connection().caller().call(OF_THE_CLIENT, text)),
            ServerLimits.builder());
  }

  @AfterEach
  void close() throws Exception {
    server.close();
  }

  private static byte[] answer(int streamId, int requestId, String body) {
    byte[] header = Frames.header(1, requestId, MethodId.of("of_the_client"), new byte[] {0});
    return Frames.join(
        Frames.frame(streamId, 0, 0, Frames.join(header, body.getBytes(UTF_8))),
        Frames.frame(streamId, 1, 2, new byte[0]));
  }

  /** Makes the server ask; returns the id of its request. */
  private static int asked(RawPeer peer, int id) throws IOException {
    peer.sendBinary(Frames.call(id, id, "ask", "what?"));
    byte[] question = AnswerSplitter.split(peer.next()).get(0);
    assertThat(question[13]).as("type of the header").isZero();
    return Frames.requestIdOf(question);
  }

  private static void assertAnswer(RawPeer peer, int id, String body) throws IOException {
    byte[] answer = peer.next();
    assertThat(Frames.requestIdOf(answer)).isEqualTo(id);
    assertThat(Frames.bodyOf(answer)).isEqualTo(body);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 77, SERVERS_HALF, SERVERS_HALF + 77, -1})
  void toCallsThatWereNeverMade(int requestId) throws Exception {
    server.survives(
        4,
        8,
        () -> {
          try (RawPeer peer = server.peer()) {
            peer.sendBinary(answer(3, requestId, "unasked"));
            server.awaitLogged(
                peer, "answer to request " + Integer.toUnsignedString(requestId) + ", which waits");
            AttackedServer.goesOn(peer, 1);
          }
        });
  }

  @Test
  void tenThousandToCallsThatWereNeverMade() throws Exception {
    server.survives(
        4,
        8,
        () -> {
          try (RawPeer peer = server.peer()) {
            byte[][] answers = new byte[1000][];
            for (int next = 0; next < 10_000; ) {
              for (int i = 0; i < answers.length; i++, next++) {
                answers[i] = answer(next, next, "unasked");
              }
              peer.sendBinary(answers);
            }
            AttackedServer.goesOn(peer, 1);
            assertThat(server.logOf(peer)).as("lines for all of them").hasSize(1);
          }
        });
  }

  @Test
  void twice() throws Exception {
    server.survives(
        4,
        8,
        () -> {
          try (RawPeer peer = server.peer()) {
            int asked = asked(peer, 1);
            peer.sendBinary(answer(3, asked, "first"), answer(5, asked, "second"));
            assertAnswer(peer, 1, "first");
            server.awaitLogged(peer, "answer to request " + Integer.toUnsignedString(asked));
            AttackedServer.goesOn(peer, 7);
          }
        });
  }

  /** The call that is asked for goes on: what begins a second answer does not end the first. */
  @Test
  void twiceAtTheSameTime() throws Exception {
    server.survives(
        4,
        8,
        () -> {
          try (RawPeer peer = server.peer()) {
            int asked = asked(peer, 1);
            byte[] header = Frames.header(1, asked, MethodId.of("of_the_client"), new byte[] {0});
            peer.sendBinary(
                Frames.frame(3, 0, 0, header),
                answer(5, asked, "second"),
                Frames.frame(3, 1, 1, "first".getBytes(UTF_8)),
                Frames.frame(3, 2, 2, new byte[0]));
            assertAnswer(peer, 1, "first");
            server.awaitLogged(peer, "stream 5 dropped");
            AttackedServer.goesOn(peer, 7);
          }
        });
  }

  /**
   * A stream id of the server's half, and a request id that a call of its own has, are no error.
   */
  @Test
  void inTheWrongHalfOfTheIds() throws Exception {
    server.survives(
        4,
        8,
        () -> {
          try (RawPeer peer = server.peer()) {
            int asked = asked(peer, SERVERS_HALF);
            assertThat(asked).isEqualTo(SERVERS_HALF);
            peer.sendBinary(answer(SERVERS_HALF, asked, "right"));
            assertAnswer(peer, SERVERS_HALF, "right");
            peer.sendBinary(answer(SERVERS_HALF + 1, asked & ~SERVERS_HALF, "wrong"));
            server.awaitLogged(peer, "answer to request 0, which waits for none");
            AttackedServer.goesOn(peer, SERVERS_HALF + 2);
          }
        });
  }

  @Test
  void toACallThatWasGivenUp() throws Exception {
    server.survives(
        4,
        8,
        () -> {
          try (RawPeer peer = server.peer()) {
            AttackedServer.goesOn(peer, 0);
            RpcConnection connection = server.connectionOf(peer);
            CompletableFuture<String> call = connection.caller().call(OF_THE_CLIENT, "never mind");
            int asked = Frames.requestIdOf(AnswerSplitter.split(peer.next()).get(0));
            call.cancel(false);
            connection.caller().call(OF_THE_CLIENT, "next").orTimeout(20, TimeUnit.SECONDS);
            peer.next(); // comes behind what was given up
            peer.sendBinary(answer(3, asked, "late"));
            AttackedServer.goesOn(peer, 5);
            assertThat(server.logOf(peer)).as("no error").isEmpty();
          }
        });
  }
}
