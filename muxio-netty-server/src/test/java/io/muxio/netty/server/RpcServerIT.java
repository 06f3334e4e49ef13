package io.muxio.netty.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.muxio.netty.Transport;
import io.muxio.rpc.endpoint.ExecutionMode;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcMethod;
import io.muxio.rpc.service.RpcStatus;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RpcServerIT {
  private static final RpcMethod<ByteBuf, ByteBuf> ECHO =
      RpcMethod.unary("echo", Codec.byteBuf(), Codec.byteBuf());
  private static final RpcMethod<String, String> WHERE =
      RpcMethod.unary("where", Codec.utf8(), Codec.utf8());

  private static RpcServerBuilder server() {
    return RpcServer.builder().bind("127.0.0.1", 0);
  }

  private static RpcServerBuilder echo() {
    return server().handle(ECHO, (bytes, call) -> bytes);
  }

  @Test
  void aCallOf13ByteFramesIsAnsweredInThem() throws Exception {
    try (RpcServer server = echo().build().start();
        WebSocketPeer peer = WebSocketPeer.connect(server)) {
      peer.send(
          "120000000000000000000000000001000000473f69f453a8589103006869210000000000000000"
              + "0100000002");

      assertThat(peer.nextHex())
          .isEqualTo(
              "130000000000008000000000000101000000473f69f453a85891010000686921"
                  + "00000000000000800100000002");
    }
  }

  @Test
  void aCallOf21ByteFramesIsAnsweredInThem() throws Exception {
    try (RpcServer server = echo().build().start();
        WebSocketPeer peer = WebSocketPeer.connect(server)) {
      peer.send("0f0000000000000000000000004d13d6a0d66006000001000000473f69f453a858910000");
      peer.send("0000000000000000010000000200000000000000" + "00");

      byte[] answer = peer.next();
      assertThat(answer).hasSize(21 + 16 + 21);
      assertThat(answer[0]).isEqualTo((byte) 16);
      assertThat(answer[12]).isZero();
      assertThat(answer[21 + 16 + 12]).isEqualTo((byte) 2);
    }
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void everyTransportOfThisMachineServes(Transport transport) throws Exception {
    assertThat(transport.isAvailable()).as("%s on the machine of the tests", transport).isTrue();
    EventLoopGroup group = transport.newGroup(1, "users-own", true);
    try (RpcServer server = echo().eventLoopGroup(group).build().start();
        WebSocketPeer peer = WebSocketPeer.connect(server)) {
      peer.send(Frames.call(0, 1, "echo", "over " + transport), true);

      assertThat(Frames.bodyOf(peer.next())).isEqualTo("over " + transport);
    }
    assertThat(group.isShuttingDown()).isFalse();
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
  }

  @Test
  void aThousandCallsInOneMessageEachGetTheirOwnAnswer() throws Exception {
    try (RpcServer server = echo().build().start();
        WebSocketPeer peer = WebSocketPeer.connect(server)) {
      byte[][] calls = new byte[1000][];
      for (int id = 0; id < calls.length; id++) {
        calls[id] = Frames.call(id, id, "echo", "payload of call " + id);
      }
      peer.send(Frames.join(calls), true);

      Set<Integer> answered = new HashSet<>();
      while (answered.size() < calls.length) {
        for (byte[] answer : AnswerSplitter.split(peer.next())) {
          int id = Frames.requestIdOf(answer);
          assertThat(Frames.bodyOf(answer)).isEqualTo("payload of call " + id);
          assertThat(answered.add(id)).as("request %s answered once", id).isTrue();
        }
      }
    }
  }

  @Test
  void answersThatAreReadyTogetherLeaveInOneMessage() throws Exception {
    try (RpcServer server =
            server()
                .handle(ECHO, (bytes, call) -> bytes, ExecutionMode.EVENT_LOOP)
                .build()
                .start();
        WebSocketPeer peer = WebSocketPeer.connect(server)) {
      peer.send(
          Frames.join(Frames.call(0, 0, "echo", "one"), Frames.call(1, 1, "echo", "two")), true);

      assertThat(AnswerSplitter.split(peer.next())).hasSize(2);
    }
  }

  @Test
  void aMessageInFragmentsIsOneMessage() throws Exception {
    try (RpcServer server = echo().build().start();
        WebSocketPeer peer = WebSocketPeer.connect(server)) {
      byte[] call = Frames.call(0, 7, "echo", "in pieces");
      for (int index = 0; index < call.length; index++) {
        peer.send(new byte[] {call[index]}, index == call.length - 1);
      }

      assertThat(Frames.bodyOf(peer.next())).isEqualTo("in pieces");
    }
  }

  @Test
  void handlersRunOffTheEventLoopUnlessTheyAskForIt() throws Exception {
    RpcMethod<String, String> onLoop = RpcMethod.unary("loop", Codec.utf8(), Codec.utf8());
    try (RpcServer server =
            server()
                .handle(WHERE, (text, call) -> threadName())
                .handle(onLoop, (text, call) -> threadName(), ExecutionMode.EVENT_LOOP)
                .build()
                .start();
        WebSocketPeer peer = WebSocketPeer.connect(server)) {
      peer.send(Frames.call(0, 0, "where", ""), true);
      assertThat(Frames.bodyOf(peer.next())).startsWith("muxio-handler");

      peer.send(Frames.call(1, 1, "loop", ""), true);
      assertThat(Frames.bodyOf(peer.next())).startsWith("muxio-server");
    }
  }

  private static String threadName() {
    return Thread.currentThread().getName();
  }

  @Test
  void anAsyncHandlerAnswersFromAnyThread() throws Exception {
    CompletableFuture<String> answer = new CompletableFuture<>();
    try (RpcServer server = server().handleAsync(WHERE, (text, call) -> answer).build().start();
        WebSocketPeer peer = WebSocketPeer.connect(server)) {
      peer.send(Frames.call(0, 0, "where", ""), true);
      answer.complete("answered by the test");

      assertThat(Frames.bodyOf(peer.next())).isEqualTo("answered by the test");
    }
  }

  @Test
  void theContextKnowsMethodPeerAndConnection() throws Exception {
    try (RpcServer server =
            server()
                .handle(
                    WHERE,
                    (text, call) ->
                        call.method().name()
                            + " "
                            + ((InetSocketAddress) call.remoteAddress())
                                .getAddress()
                                .isLoopbackAddress()
                            + " "
                            + call.connection().state()
                            + " "
                            + (call.connection().id() > 0))
                .build()
                .start();
        WebSocketPeer peer = WebSocketPeer.connect(server)) {
      peer.send(Frames.call(0, 0, "where", ""), true);

      assertThat(Frames.bodyOf(peer.next())).isEqualTo("where true CONNECTED true");
    }
  }

  @Test
  void aVanishedClientCancelsItsHandlers() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch told = new CountDownLatch(1);
    AtomicBoolean cancelled = new AtomicBoolean();
    try (RpcServer server =
        server()
            .handleAsync(
                WHERE,
                (text, call) -> {
                  call.onCancel(
                      () -> {
                        cancelled.set(call.isCancelled());
                        told.countDown();
                      });
                  running.countDown();
                  return new CompletableFuture<>();
                })
            .build()
            .start()) {
      WebSocketPeer peer = WebSocketPeer.connect(server);
      peer.send(Frames.call(0, 0, "where", ""), true);
      running.await();
      peer.vanish();

      assertThat(told.await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(cancelled).isTrue();
    }
  }

  @Test
  void aHandlerCanCloseItsConnection() throws Exception {
    try (RpcServer server =
            server()
                .handle(
                    WHERE,
                    (text, call) -> {
                      call.connection().close();
                      return "too late";
                    },
                    ExecutionMode.EVENT_LOOP)
                .build()
                .start();
        WebSocketPeer peer = WebSocketPeer.connect(server)) {
      peer.send(Frames.call(0, 0, "where", ""), true);

      assertThat(peer.closeCode()).isEqualTo(1000);
    }
  }

  @Test
  void anUnexpectedExceptionTellsTheCallerNothing() throws Exception {
    try (RpcServer server =
            server()
                .handle(
                    WHERE,
                    (text, call) -> {
                      throw new IllegalStateException("the password is 1234");
                    })
                .build()
                .start();
        WebSocketPeer peer = WebSocketPeer.connect(server)) {
      peer.send(Frames.call(0, 0, "where", ""), true);

      byte[] answer = peer.next();
      assertThat(Frames.statusOf(answer)).isEqualTo(2);
      assertThat(Frames.bodyOf(answer)).isEqualTo("internal error");
    }
  }

  @Test
  void anRpcExceptionChoosesStatusAndText() throws Exception {
    try (RpcServer server =
            server()
                .handle(
                    WHERE,
                    (text, call) -> {
                      throw new RpcException(RpcStatus.FAIL, "not today");
                    })
                .build()
                .start();
        WebSocketPeer peer = WebSocketPeer.connect(server)) {
      peer.send(Frames.call(0, 0, "where", ""), true);

      byte[] answer = peer.next();
      assertThat(Frames.statusOf(answer)).isEqualTo(1);
      assertThat(Frames.bodyOf(answer)).endsWith("not today");
    }
  }

  @Test
  void closeSays1001AndEndsTheThreads() throws Exception {
    RpcServer server = echo().build().start();
    WebSocketPeer peer = WebSocketPeer.connect(server);
    peer.send(Frames.call(0, 0, "echo", "before"), true);
    assertThat(Frames.bodyOf(peer.next())).isEqualTo("before");

    server.close();
    server.close();

    assertThat(peer.closeCode()).isEqualTo(1001);
    await()
        .untilAsserted(
            () ->
                assertThat(Thread.getAllStackTraces().keySet())
                    .noneMatch(thread -> thread.getName().startsWith("muxio-")));
  }

  @Test
  void closeDoesNotShutDownTheUsersExecutor() throws Exception {
    ExecutorService executor = Executors.newSingleThreadExecutor(task -> new Thread(task, "mine"));
    AtomicReference<String> thread = new AtomicReference<>();
    try (RpcServer server =
            server()
                .handlerExecutor(executor)
                .handle(
                    WHERE,
                    (text, call) -> {
                      thread.set(threadName());
                      return text;
                    })
                .build()
                .start();
        WebSocketPeer peer = WebSocketPeer.connect(server)) {
      peer.send(Frames.call(0, 0, "where", "x"), true);
      peer.next();
    }
    assertThat(thread).hasValue("mine");
    assertThat(executor.isShutdown()).isFalse();
    executor.shutdown();
  }

  @Test
  void anAddressInUseIsNamed() throws Exception {
    try (RpcServer first = echo().build().start()) {
      int port = first.address().getPort();
      RpcServer second = RpcServer.builder().bind("127.0.0.1", port).build();

      assertThatThrownBy(second::start)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("127.0.0.1:" + port);
      assertThatThrownBy(second::start).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void anUnknownHostIsNamed() {
    RpcServer server = RpcServer.builder().bind("no-such-host.invalid", 0).build();

    assertThatThrownBy(server::start)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no-such-host.invalid");
  }

  @Test
  void aServerStartsOnce() throws Exception {
    try (RpcServer server = echo().build().start()) {
      assertThatThrownBy(server::start)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("STARTED");
    }
    RpcServer unstarted = echo().build();
    assertThatThrownBy(unstarted::address).isInstanceOf(IllegalStateException.class);
    unstarted.close();
    assertThatThrownBy(unstarted::start)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("CLOSED");
  }

  @Test
  void aServerWithoutAnAddressSaysWhatIsMissing() {
    try (RpcServer server = echo().build()) {
      assertThat(server.connections()).isEmpty();
    }
    try (RpcServer server = RpcServer.builder().build()) {
      assertThatThrownBy(server::start)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("bind(host, port)")
          .hasMessageContaining("channelInitializer()");
    }
  }
}
