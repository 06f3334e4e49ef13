package io.muxio.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.muxio.rpc.endpoint.CallTimeouts;
import io.muxio.rpc.endpoint.ConcurrencyLimit;
import io.muxio.rpc.endpoint.RpcEndpoint;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcMethod;
import io.muxio.rpc.service.RpcStatus;
import io.muxio.rpc.service.StreamCall;
import io.muxio.rpc.service.StreamMethod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Calls of many connections that end in every way at once, on all their threads. */
class CallPlacesRaceTest {
  private static final int MAX_CALLS = 6;
  private static final int LINKS = 40;
  private static final int CALLS = 60;
  private static final RpcMethod<String, String> WORK =
      RpcMethod.unary("work", Codec.utf8(), Codec.utf8());
  private static final RpcMethod<String, String> LATER =
      RpcMethod.unary("later", Codec.utf8(), Codec.utf8());
  private static final StreamMethod STREAM = StreamMethod.of("stream");

  private final AtomicInteger atWork = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();

  private final RpcEndpoint endpoint =
      RpcEndpoint.builder()
          .handle(
              WORK,
              (number, call) -> {
                most.accumulateAndGet(atWork.incrementAndGet(), Math::max);
                try {
                  if (number.endsWith("4")) {
                    throw new RpcException(RpcStatus.FAIL, "no");
                  }
                  return number;
                } finally {
                  atWork.decrementAndGet();
                }
              })
          .handleAsync(
              LATER,
              (number, call) ->
                  new CompletableFuture<String>()
                      .completeOnTimeout(number, number.length(), TimeUnit.MILLISECONDS))
          .handleStreamAsync(STREAM, (request, call) -> request)
          .maxCalls(MAX_CALLS)
          .concurrencyLimit(ConcurrencyLimit.adaptive(2, MAX_CALLS))
          .build();

  private InMemoryLink connect() {
    return InMemoryLink.builder()
        .server(endpoint)
        .timeouts(new CallTimeouts(Duration.ZERO, Duration.ofMillis(1)))
        .connect();
  }

  private void use(InMemoryLink link, Random random) {
    List<StreamCall> streams = new ArrayList<>();
    for (int i = 0; i < CALLS; i++) {
      switch (random.nextInt(5)) {
        case 0, 1 -> link.client().caller().call(WORK, "n" + i);
        case 2 -> link.client().caller().call(LATER, "n" + i);
        case 3 -> streams.add(link.client().caller().open(STREAM));
        default -> {
          if (!streams.isEmpty()) {
            streams.remove(0).cancel();
          }
        }
      }
    }
    link.client().caller().call(WORK, "last").handle((value, failure) -> value).join();
    if (random.nextBoolean()) {
      link.cut();
    }
    link.close();
  }

  @Test
  void everyPlaceComesBack() {
    List<CompletableFuture<Void>> users = new ArrayList<>();
    for (int i = 0; i < LINKS; i++) {
      Random random = new Random(i);
      users.add(CompletableFuture.runAsync(() -> use(connect(), random)));
    }
    CompletableFuture.allOf(users.toArray(new CompletableFuture<?>[0])).join();
    await().until(() -> endpoint.calls() == 0);
    assertThat(most.get()).isBetween(1, MAX_CALLS);
    try (InMemoryLink link = connect()) {
      assertThat(link.client().caller().call(WORK, "1").join()).isEqualTo("1");
    }
  }
}
