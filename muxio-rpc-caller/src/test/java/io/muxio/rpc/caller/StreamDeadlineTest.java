package io.muxio.rpc.caller;

import static org.assertj.core.api.Assertions.assertThat;

import io.muxio.rpc.endpoint.RpcEndpoint;
import io.muxio.rpc.service.CallOptions;
import io.muxio.rpc.service.StreamCall;
import io.muxio.rpc.service.StreamMethod;
import io.muxio.test.ManualExecutor;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.Test;

class StreamDeadlineTest {
  private static final StreamMethod SILENT = StreamMethod.of("silent");

  /** A Cancel is written then, and a timer sends nothing. */
  @Test
  void aDeadlineIsTheConnectionsThreadsWhichSendsWhatWasWritten() {
    CompletableFuture<Flow.Publisher<ByteBuf>> never = new CompletableFuture<>();
    CallerLink link =
        new CallerLink(
            RpcEndpoint.builder()
                .handleStreamAsync(
                    SILENT, (request, call) -> subscriber -> never.thenAccept(p -> {})));
    CallOptions soon = CallOptions.deadline(Duration.ofMillis(100));
    StreamCall call = link.caller.open(SILENT, new byte[0], soon);
    link.settle();
    assertThat(link.pendingCalls()).isEqualTo(1);

    link.timer.expireAll(ManualExecutor.loop()); // not the connection's own

    assertThat(link.loop.waiting()).isEqualTo(1);
    link.settle();
    assertThat(link.pendingCalls()).isZero();
    assertThat(call.request().isWritable()).isFalse();
    assertThat(Outcome.failure(call.request().end().toCompletableFuture()).detail())
        .startsWith("the answer has not ended within PT0.1S; the peer has not sent a frame yet");
    link.finish();
  }
}
