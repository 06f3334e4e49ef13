package io.muxio.rpc.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.muxio.core.frame.CoreLimits;
import io.muxio.core.rpc.ResponseStatus;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.RpcMethod;
import io.muxio.test.ManualExecutor;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class TimeoutThreadTest {
  private static final RpcMethod<String, String> NEVER =
      RpcMethod.unary("never", Codec.utf8(), Codec.utf8());

  /** An answer is written then, and a timer sends nothing. */
  @Test
  void aTimeoutIsTheConnectionsThreadsWhichSendsWhatWasWritten() {
    EndpointLink link =
        new EndpointLink(
            RpcEndpoint.builder()
                .handleAsync(NEVER, (text, call) -> new CompletableFuture<>())
                .build(),
            CoreLimits.builder(),
            new CallTimeouts(Duration.ZERO, Duration.ofNanos(1)));
    Answer answer = link.call(NEVER, "late");
    link.settle();

    link.timer.expireAll(ManualExecutor.loop()); // not the connection's own

    assertThat(link.loop.waiting()).isEqualTo(1);
    link.settle();
    answer.assertText(ResponseStatus.SYSTEM_ERROR, "no answer within PT0.000000001S (callTimeout)");
    link.finish();
  }
}
