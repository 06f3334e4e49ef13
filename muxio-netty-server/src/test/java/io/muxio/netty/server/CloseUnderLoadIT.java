package io.muxio.netty.server;

import static io.muxio.netty.server.RecordedEvents.CONNECTING;
import static io.muxio.netty.server.RecordedEvents.DISCONNECTED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.muxio.netty.Transport;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.RpcMethod;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/**
 * A server that is closed at any moment, under load, leaves nothing behind: no thread, no socket,
 * no connection whose end was not told, and, as every test here is checked for, no buffer.
 */
class CloseUnderLoadIT {
  private static final RpcMethod<String, String> ECHO =
      RpcMethod.unary("echo", Codec.utf8(), Codec.utf8());
  private static final RpcMethod<String, String> SLOW =
      RpcMethod.unary("slow", Codec.utf8(), Codec.utf8());
  private static final int MOST_CALLS = 150;
  private static final InetSocketAddress ANY_PORT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private static EventLoopGroup usersGroup;
  private static ExecutorService clients;

  private final RecordedEvents events = new RecordedEvents();
  private final AtomicInteger served = new AtomicInteger();

  @BeforeAll
  static void start() {
    usersGroup = Transport.best().newGroup(2, "users-own", true);
    clients = Executors.newCachedThreadPool();
  }

  @AfterAll
  static void stop() throws Exception {
    clients.shutdownNow();
    usersGroup.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
  }

  private RpcServer server() {
    return RpcServer.builder()
        .bind("127.0.0.1", 0)
        .connectionListener(events)
        .limits(
            ServerLimits.builder()
                .drainTimeout(Duration.ofMillis(30))
                .closeTimeout(Duration.ofMillis(50))
                .build())
        .handle(
            ECHO,
            (text, call) -> {
              served.incrementAndGet();
              return text;
            })
        .handleAsync(
            SLOW,
            (text, call) ->
                CompletableFuture.supplyAsync(
                    () -> text, CompletableFuture.delayedExecutor(20, TimeUnit.MILLISECONDS)))
        .build();
  }

  @RepeatedTest(100)
  void leavesNothingBehind(RepetitionInfo round) throws Exception {
    Random random = new Random(round.getCurrentRepetition());
    boolean embedded = round.getCurrentRepetition() % 2 == 0;
    RpcServer server = server();
    Channel users = embedded ? bind(server) : null;
    int port =
        users == null
            ? server.start().address().getPort()
            : ((InetSocketAddress) users.localAddress()).getPort();
    List<Future<?>> ends = new ArrayList<>();
    for (int client = 0; client < 3; client++) {
      String method = client == 0 ? "slow" : "echo";
      ends.add(clients.submit(() -> callUntilClosed(port, method)));
    }
    byte[] halfRequest = Arrays.copyOf(RawPeer.upgradeRequest(), 40);
    ends.add(clients.submit(() -> leaveHalf(port, halfRequest, false)));
    byte[] call = Frames.call(0, 1, "echo", "half");
    byte[] frame = RawPeer.webSocketFrame(RawPeer.BINARY, call);
    ends.add(clients.submit(() -> leaveHalf(port, Arrays.copyOf(frame, 9), true)));
    byte[] halfCall = RawPeer.webSocketFrame(RawPeer.BINARY, Arrays.copyOf(call, 21));
    ends.add(clients.submit(() -> leaveHalf(port, halfCall, true)));
    int moment = random.nextInt(MOST_CALLS);
    await().pollInterval(Duration.ofMillis(1)).until(() -> served.get() >= moment);
    server.close();

    for (Future<?> end : ends) {
      end.get(20, TimeUnit.SECONDS);
    }
    for (List<String> told : events.all()) {
      assertThat(told).startsWith(CONNECTING).endsWith(DISCONNECTED).doesNotHaveDuplicates();
    }
    assertThat(server.connections()).isEmpty();
    await()
        .pollInterval(Duration.ofMillis(1))
        .until(
            () ->
                Thread.getAllStackTraces().keySet().stream()
                    .noneMatch(thread -> thread.getName().startsWith("muxio-")));
    if (users != null) {
      users.close().sync();
    }
  }

  private static Channel bind(RpcServer server) {
    return new ServerBootstrap()
        .group(usersGroup)
        .channel(Transport.of(usersGroup).serverChannel(ANY_PORT))
        .childHandler(server.channelInitializer())
        .bind(ANY_PORT)
        .syncUninterruptibly()
        .channel();
  }

  /** Calls one after the other; does not answer the server's close. */
  private static Void callUntilClosed(int port, String method) throws IOException {
    try (RawPeer peer = RawPeer.connect(port)) {
      peer.upgradeUnchecked();
      int id = 0;
      do {
        peer.send(RawPeer.webSocketFrame(RawPeer.BINARY, Frames.call(id, id, method, "hello")));
        id++;
      } while (peer.isOpen());
    } catch (IOException e) {
      // closed while it sent, or before it could connect
    }
    return null;
  }

  /** Sends a part of something and waits for the end. */
  private static Void leaveHalf(int port, byte[] part, boolean upgraded) throws IOException {
    try (RawPeer peer = RawPeer.connect(port)) {
      if (upgraded) {
        peer.upgradeUnchecked();
      }
      peer.send(part);
      while (peer.isOpen()) {
        // reads on
      }
    } catch (IOException e) {
      // closed while it sent, or before it could connect
    }
    return null;
  }
}
