package io.muxio.netty.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.muxio.netty.server.RpcServerBuilder;
import io.muxio.rpc.service.CallOptions;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcMethod;
import io.muxio.rpc.service.RpcStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A server that is ended and started again, twenty times, while 200 threads call: each call is
 * answered right or fails with a stated reason, none hangs, and what is said of failures is true.
 */
@Timeout(180)
class ChurnIT {
  private static final RpcMethod<String, String> ECHO =
      RpcMethod.unary("echo", Codec.utf8(), Codec.utf8());
  private static final int THREADS = 200;
  private static final int RESTARTS = 20;

  /** Much longer than the deadline, so that a call that is over it was forgotten. */
  private static final int HANG_SECONDS = 60;

  private static final Duration DEADLINE = Duration.ofSeconds(10);
  private static final Set<RpcStatus> EXPECTED =
      EnumSet.of(
          RpcStatus.DISCONNECTED,
          RpcStatus.DEADLINE_EXCEEDED,
          RpcStatus.REJECTED,
          RpcStatus.OVERLOADED,
          RpcStatus.SYSTEM_ERROR);

  private final Map<String, AtomicInteger> arrived = new ConcurrentHashMap<>();
  private final AtomicInteger answered = new AtomicInteger();
  private final RecordedStates states = new RecordedStates();
  private volatile boolean stopped;

  private void methods(RpcServerBuilder builder) {
    builder.handle(
        ECHO,
        (text, call) -> {
          arrived.computeIfAbsent(text, key -> new AtomicInteger()).incrementAndGet();
          return text;
        });
  }

  @Test
  void everyCallIsAnsweredRightOrFailsWithATrueReason() throws Exception {
    ExecutorService callers = Executors.newFixedThreadPool(THREADS);
    try (ServerOnPort server = new ServerOnPort(this::methods);
        RpcClient client =
            RpcClient.builder(server.uri())
                .reconnectPolicy((attempt, cause) -> Duration.ofMillis(2))
                .stateListener(states)
                .connect()) {
      List<Future<Void>> threads = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        int number = i;
        threads.add(callers.submit(() -> callOnAndOn(client, number)));
      }
      for (int restart = 1; restart <= RESTARTS; restart++) {
        int before = answered.get();
        server.restart();
        states.awaitCount(ClientState.CONNECTED, restart + 1);
        await().until(() -> answered.get() > before + THREADS);
      }
      stopped = true;
      for (Future<Void> thread : threads) {
        thread.get(HANG_SECONDS, TimeUnit.SECONDS);
      }
    } finally {
      stopped = true;
      callers.shutdownNow();
    }
    assertThat(states.count(ClientState.CONNECTED)).isGreaterThan(RESTARTS);
  }

  private Void callOnAndOn(RpcClient client, int thread) throws Exception {
    for (int i = 0; !stopped; i++) {
      CallOptions options = CallOptions.deadline(DEADLINE);
      boolean idempotent = (thread + i) % 3 == 0;
      if (idempotent) {
        options = options.idempotent();
      } else if ((thread + i) % 3 == 1) {
        options = options.failFast();
      }
      String text = thread + "/" + i + "x".repeat(i % 100 == 0 ? 100_000 : 0);
      try {
        String answer = client.call(ECHO, text, options).get(HANG_SECONDS, TimeUnit.SECONDS);
        assertThat(answer).isEqualTo(text);
        answered.incrementAndGet();
      } catch (ExecutionException e) {
        checkFailure((RpcException) e.getCause(), text);
      }
      if (!idempotent) {
        assertThat(arrivals(text)).as("arrivals").isLessThanOrEqualTo(1);
      }
      arrived.remove(text);
    }
    return null;
  }

  private void checkFailure(RpcException failure, String text) {
    assertThat(EXPECTED).as(failure.getMessage()).contains(failure.status());
    assertThat(failure.detail()).isNotEmpty();
    if (!failure.mayHaveReachedPeer()) {
      assertThat(arrivals(text)).as(failure.getMessage()).isZero();
    }
  }

  private int arrivals(String text) {
    AtomicInteger count = arrived.get(text);
    return count == null ? 0 : count.get();
  }
}
