package io.muxio.rpc.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.muxio.core.frame.CoreLimits;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.RpcMethod;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Where handlers run and how they answer. */
class HandlerTest {
  private static final RpcMethod<String, String> BLOCKING = text("blocking");
  private static final RpcMethod<String, String> ON_LOOP = text("on.loop");
  private static final RpcMethod<String, String> ASYNC = text("async");
  private static final RpcMethod<String, String> ASYNC_ON_LOOP = text("async.on.loop");
  private static final RpcMethod<ByteBuf, ByteBuf> BUFFERS =
      RpcMethod.unary("buffers", Codec.byteBuf(), Codec.byteBuf());

  private final List<String> places = new ArrayList<>();
  private final List<CallContext> contexts = new ArrayList<>();
  private final List<CompletableFuture<String>> later = new ArrayList<>();
  private EndpointLink link;

  private static RpcMethod<String, String> text(String name) {
    return RpcMethod.unary(name, Codec.utf8(), Codec.utf8());
  }

  @BeforeEach
  void connect() {
    link =
        new EndpointLink(
            RpcEndpoint.builder()
                .handle(BLOCKING, this::answer)
                .handle(ON_LOOP, this::answer, ExecutionMode.EVENT_LOOP)
                .handleAsync(ASYNC, this::answerLater)
                .handleAsync(ASYNC_ON_LOOP, this::answerLater, ExecutionMode.EVENT_LOOP)
                .handle(BUFFERS, this::replace));
  }

  @AfterEach
  void nothingIsLeft() {
    link.finish();
  }

  private String answer(String request, CallContext call) {
    note(call);
    return request + "!";
  }

  private CompletionStage<String> answerLater(String request, CallContext call) {
    note(call);
    CompletableFuture<String> answer = new CompletableFuture<>();
    later.add(answer);
    return answer;
  }

  /** Uses up its request and answers with a buffer of its own. */
  private ByteBuf replace(ByteBuf request, CallContext call) {
    note(call);
    try {
      return link.buffer(new byte[] {(byte) request.readableBytes()});
    } finally {
      request.release();
    }
  }

  private void note(CallContext call) {
    contexts.add(call);
    places.add(
        (link.handlers.isRunning() ? "handlers" : "") + (link.loop.isRunning() ? "loop" : ""));
  }

  @Test
  void aBlockingHandlerRunsOnTheHandlerExecutor() {
    Answer answer = link.call(BLOCKING, "a");
    assertThat(places).as("nothing runs while the request is received").isEmpty();
    link.handlers.runAll();
    assertThat(places).containsExactly("handlers");
    link.exchange();
    answer.assertNone();
    link.settle();
    answer.assertSuccess("a!");
  }

  @Test
  void anEventLoopHandlerRunsAndAnswersWhileItsRequestIsReceived() {
    Answer answer = link.call(ON_LOOP, "a");
    assertThat(places).containsExactly("loop");
    assertThat(link.handlers.waiting() + link.loop.waiting()).isZero();
    answer.assertSuccess("a!");
  }

  @Test
  void anAsyncHandlerAnswersWhenItsStageCompletes() {
    Answer answer = link.call(ASYNC, "a");
    link.settle();
    assertThat(places).containsExactly("handlers");
    answer.assertNone();
    assertThat(link.inboundCalls()).isEqualTo(1);
    later.get(0).complete("later");
    link.settle();
    answer.assertSuccess("later");
  }

  @Test
  void anAsyncHandlerMayBeginOnTheEventLoop() {
    Answer answer = link.call(ASYNC_ON_LOOP, "a");
    assertThat(places).containsExactly("loop");
    later.get(0).complete("later");
    assertThat(link.loop.waiting()).as("the answer waits for the connection").isEqualTo(1);
    link.settle();
    answer.assertSuccess("later");
  }

  @Test
  void aStageThatIsDoneAlreadyAnswersAtOnce() {
    RpcMethod<String, String> done = text("done");
    EndpointLink other =
        new EndpointLink(
            RpcEndpoint.builder()
                .handleAsync(
                    done,
                    (request, call) -> CompletableFuture.completedFuture("done"),
                    ExecutionMode.EVENT_LOOP));
    other.call(done, "a").assertSuccess("done");
    other.finish();
  }

  @Test
  void aHandlerOwnsItsBufferAndGivesItsAnswerAway() {
    Answer answer = link.call(BUFFERS, new byte[17]);
    link.settle();
    answer.assertSuccess(new byte[] {17});
    assertThat(link.bufferedBytes()).isZero();
  }

  @Test
  void answersComeInTheOrderInWhichHandlersAreDone() {
    Answer slow = link.call(ASYNC, "slow");
    Answer quick = link.call(ON_LOOP, "quick");
    quick.assertSuccess("quick!");
    slow.assertNone();
    link.handlers.runAll();
    later.get(0).complete("slow");
    link.settle();
    slow.assertSuccess("slow");
  }

  @Test
  void answersOfOneMomentShareAMessage() {
    List<Answer> answers = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      answers.add(link.callWithoutFlush(ON_LOOP, new byte[] {'x'}));
    }
    link.exchange();
    answers.forEach(answer -> answer.assertSuccess("x!"));
    assertThat(link.serverMessages()).isEqualTo(1);
  }

  @Test
  void theContextTellsWhoCallsWhat() {
    link.call(BLOCKING, "a");
    link.settle();
    CallContext context = contexts.get(0);
    assertThat(context.method()).isSameAs(BLOCKING);
    assertThat(context.connection()).isSameAs(link.connection);
    assertThat(context.remoteAddress()).isEqualTo(EndpointLink.ADDRESS);
    assertThat(context.isCancelled()).isFalse();
  }

  @Test
  void oneEndpointServesManyConnections() {
    RpcEndpoint endpoint = RpcEndpoint.builder().handle(BLOCKING, (q, call) -> q + "?").build();
    EndpointLink first = new EndpointLink(endpoint, CoreLimits.builder());
    EndpointLink second = new EndpointLink(endpoint, CoreLimits.builder());
    Answer lost = first.call(BLOCKING, "1");
    Answer kept = second.call(BLOCKING, "2");
    first.disconnect();
    first.settle();
    second.settle();
    lost.assertNone();
    kept.assertSuccess("2?");
    first.finish();
    second.finish();
  }
}
