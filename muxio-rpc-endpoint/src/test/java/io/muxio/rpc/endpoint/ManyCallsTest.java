package io.muxio.rpc.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.RpcMethod;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many calls at once, served and answered in any order. */
class ManyCallsTest {
  private static final int CALLS = 1000;
  private static final int LONGEST = 500;
  private static final RpcMethod<String, String> BLOCKING = text("blocking");
  private static final RpcMethod<String, String> ASYNC = text("async");
  private static final RpcMethod<String, String> ON_LOOP = text("on.loop");

  private record Later(String request, CompletableFuture<String> answer) {}

  private record Sent(String request, Answer answer) {}

  private final List<Later> later = new ArrayList<>();

  private static RpcMethod<String, String> text(String name) {
    return RpcMethod.unary(name, Codec.utf8(), Codec.utf8());
  }

  private CompletionStage<String> answerLater(String request, CallContext call) {
    Later one = new Later(request, new CompletableFuture<>());
    later.add(one);
    return one.answer;
  }

  private static String answerOf(String request) {
    return new StringBuilder(request).reverse().toString();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void eachOfAThousandCallsGetsItsOwnAnswer(long seed) {
    Random random = new Random(seed);
    EndpointLink link =
        new EndpointLink(
            RpcEndpoint.builder()
                .handle(BLOCKING, (request, call) -> answerOf(request))
                .handle(ON_LOOP, (request, call) -> answerOf(request), ExecutionMode.EVENT_LOOP)
                .handleAsync(ASYNC, this::answerLater));
    List<RpcMethod<String, String>> methods = List.of(BLOCKING, ASYNC, ASYNC, ON_LOOP);
    List<Sent> sent = new ArrayList<>();
    while (sent.size() < CALLS || link.handlers.waiting() + later.size() > 0) {
      int step = random.nextInt(4);
      if (sent.size() < CALLS && step < 2) {
        String request = sent.size() + ":" + "x".repeat(random.nextInt(LONGEST));
        byte[] bytes = request.getBytes(StandardCharsets.UTF_8);
        RpcMethod<String, String> method = methods.get(random.nextInt(methods.size()));
        sent.add(new Sent(request, link.callWithoutFlush(method, bytes)));
      } else if (link.handlers.waiting() > 0 && step == 2) {
        link.handlers.runAny(random);
      } else if (!later.isEmpty()) {
        Later one = later.remove(random.nextInt(later.size()));
        one.answer.complete(answerOf(one.request));
      }
      if (random.nextInt(5) == 0) {
        link.loop.runAll();
        link.exchange();
      }
    }
    link.settle();
    assertThat(sent).hasSize(CALLS);
    sent.forEach(one -> one.answer.assertSuccess(answerOf(one.request)));
    assertThat(link.clientFailures).isEmpty();
    link.finish();
  }
}
