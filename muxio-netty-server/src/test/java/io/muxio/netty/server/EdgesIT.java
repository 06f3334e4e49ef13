package io.muxio.netty.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.muxio.rpc.endpoint.ExecutionMode;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.RpcMethod;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What happens where closing, reading, writing and calling meet. */
class EdgesIT {
  private static final RpcMethod<String, String> METHOD =
      RpcMethod.unary("method", Codec.utf8(), Codec.utf8());
  private static final RpcMethod<String, byte[]> MEBIBYTE =
      RpcMethod.unary("mebibyte", Codec.utf8(), Codec.bytes());

  private static RpcServerBuilder server() {
    return RpcServer.builder().bind("127.0.0.1", 0);
  }

  @Test
  void anAnswerThatIsReadyLeavesBeforeTheCloseOfItsClientIsSaidBack() throws Exception {
    try (RpcServer server =
            server()
                .handle(METHOD, (text, call) -> "answered", ExecutionMode.EVENT_LOOP)
                .build()
                .start();
        RawPeer peer = RawPeer.upgrade(server, new byte[0])) {
      byte[] call = RawPeer.webSocketFrame(RawPeer.BINARY, Frames.call(0, 1, "method", ""));
      byte[] close = RawPeer.webSocketFrame(RawPeer.CLOSE, new byte[] {3, (byte) 0xe8});
      peer.send(Frames.join(call, close));

      String said = new String(peer.readAll(), StandardCharsets.ISO_8859_1);
      assertThat(said).contains("answered").endsWith("\u0088\u0002\u0003\u00e8");
      assertThat(said.chars().filter(character -> character == 0x88).count())
          .as("WebSocket closes")
          .isEqualTo(1);
    }
  }

  private static int bytesUntilTheConnectionEnds(RawPeer peer) {
    try {
      return peer.readAll().length;
    } catch (IOException e) {
      return 0; // reset
    }
  }

  @Test
  void aClientThatClosesAndDoesNotReadIsGoneAfterTheTimeout() throws Exception {
    CountDownLatch cancelled = new CountDownLatch(1);
    try (RpcServer server =
            server()
                .handle(MEBIBYTE, (text, call) -> new byte[1 << 20], ExecutionMode.EVENT_LOOP)
                .handleAsync(
                    METHOD,
                    (text, call) -> {
                      call.onCancel(cancelled::countDown);
                      return new CompletableFuture<>();
                    })
                .limits(ServerLimits.builder().closeTimeout(Duration.ofMillis(200)).build())
                .build()
                .start();
        RawPeer peer = RawPeer.upgrade(server, new byte[0])) {
      byte[][] calls = new byte[32][];
      calls[0] = Frames.call(0, 0, "method", "");
      for (int id = 1; id < calls.length; id++) {
        calls[id] = Frames.call(id, id, "mebibyte", "");
      }
      byte[] close = RawPeer.webSocketFrame(RawPeer.CLOSE, new byte[] {3, (byte) 0xe8});
      peer.send(Frames.join(RawPeer.webSocketFrame(RawPeer.BINARY, Frames.join(calls)), close));

      assertThat(cancelled.await(20, TimeUnit.SECONDS)).isTrue();
      await().until(() -> bytesUntilTheConnectionEnds(peer) < 32 << 20);
    }
  }

  @Test
  void framesBehindTheUpgradeRequestAreRefused() throws Exception {
    try (RpcServer server = server().handle(METHOD, (text, call) -> text).build().start();
        RawPeer peer =
            RawPeer.upgrade(
                server,
                RawPeer.webSocketFrame(RawPeer.BINARY, Frames.call(0, 1, "method", "early")))) {
      assertThat(new String(peer.readAll(), StandardCharsets.ISO_8859_1)).doesNotContain("early");
    }
  }

  @Test
  void closeOnAnEventLoopIsRefusedAndTheServerGoesOn() throws Exception {
    AtomicReference<RpcServer> itself = new AtomicReference<>();
    try (RpcServer server =
            server()
                .exposeErrors(true)
                .handle(
                    METHOD,
                    (text, call) -> {
                      itself.get().close();
                      return text;
                    },
                    ExecutionMode.EVENT_LOOP)
                .build()
                .start();
        WebSocketPeer peer = WebSocketPeer.connect(server)) {
      itself.set(server);
      peer.send(Frames.call(0, 0, "method", ""), true);
      assertThat(Frames.bodyOf(peer.next())).contains("event loop of the server");
      peer.send(Frames.call(1, 1, "method", ""), true);
      assertThat(Frames.bodyOf(peer.next())).contains("event loop of the server");
    }
  }

  @Test
  void handlersThatWaitForTheirCancelAreToldHoweverManyTheyAre() throws Exception {
    int calls = 700;
    AtomicInteger running = new AtomicInteger();
    AtomicInteger told = new AtomicInteger();
    try (RpcServer server =
        server()
            .handle(
                METHOD,
                (text, call) -> {
                  CountDownLatch cancelled = new CountDownLatch(1);
                  call.onCancel(cancelled::countDown);
                  running.incrementAndGet();
                  cancelled.await();
                  told.incrementAndGet();
                  return text;
                })
            .build()
            .start()) {
      WebSocketPeer peer = WebSocketPeer.connect(server);
      byte[][] messages = new byte[calls][];
      for (int id = 0; id < calls; id++) {
        messages[id] = Frames.call(id, id, "method", "");
      }
      peer.send(Frames.join(messages), true);
      await().until(() -> running.get() >= 512);
      peer.vanish();

      await().until(() -> told.get() == running.get());
      try (WebSocketPeer other = WebSocketPeer.connect(server)) {
        other.sendClose();
        assertThat(other.closeCode()).isEqualTo(1000);
      }
    }
  }

  @Test
  void anExecutorThatBreaksDownFailsItsCallOnly() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    try (RpcServer server =
            server()
                .handlerExecutor(
                    task -> {
                      if (calls.getAndIncrement() == 0) {
                        throw new OutOfMemoryError("unable to create native thread");
                      }
                      task.run();
                    })
                .handle(METHOD, (text, call) -> text)
                .build()
                .start();
        WebSocketPeer peer = WebSocketPeer.connect(server)) {
      peer.send(Frames.call(0, 0, "method", "first"), true);
      assertThat(Frames.bodyOf(peer.next())).contains("overloaded");
      peer.send(Frames.call(1, 1, "method", "second"), true);
      assertThat(Frames.bodyOf(peer.next())).isEqualTo("second");
    }
  }

  @Test
  void closingWhileCallsWaitForAThreadReleasesThem() throws Exception {
    AtomicInteger running = new AtomicInteger();
    RpcServer server =
        server()
            .limits(ServerLimits.builder().drainTimeout(Duration.ofMillis(100)).build())
            .handle(
                METHOD,
                (text, call) -> {
                  running.incrementAndGet();
                  new CountDownLatch(1).await();
                  return text;
                })
            .build()
            .start();
    try (WebSocketPeer peer = WebSocketPeer.connect(server)) {
      byte[][] messages = new byte[700][];
      for (int id = 0; id < messages.length; id++) {
        messages[id] = Frames.call(id, id, "method", "a request that holds a buffer");
      }
      peer.send(Frames.join(messages), true);
      await().until(() -> running.get() >= 512);
      server.close();

      assertThat(peer.closeCode()).isEqualTo(1001);
    }
  }
}
