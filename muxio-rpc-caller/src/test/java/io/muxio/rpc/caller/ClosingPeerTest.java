package io.muxio.rpc.caller;

import static io.muxio.rpc.caller.Outcome.assertFailed;
import static org.assertj.core.api.Assertions.assertThat;

import io.muxio.rpc.endpoint.RpcEndpoint;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.RpcMethod;
import io.muxio.rpc.service.RpcStatus;
import io.muxio.rpc.service.StreamCall;
import io.muxio.rpc.service.StreamMethod;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Calls that were on their way to a peer when it began to refuse them. */
class ClosingPeerTest {
  private static final RpcMethod<byte[], byte[]> ECHO =
      RpcMethod.unary("echo", Codec.bytes(), Codec.bytes());
  private static final StreamMethod STREAM = StreamMethod.of("stream");

  private final CallerLink link =
      new CallerLink(
          RpcEndpoint.builder()
              .handle(ECHO, (request, call) -> request)
              .handleStreamAsync(STREAM, (request, call) -> request));

  @AfterEach
  void nothingIsLeft() {
    link.finish();
  }

  private CompletableFuture<Void> stream() {
    StreamCall stream = link.caller.open(STREAM);
    link.settle();
    return stream.ended().toCompletableFuture();
  }

  @Test
  void haveCertainlyNotRun() {
    link.extended().refuseCalls("the server closes");
    CompletableFuture<byte[]> refused = link.call(ECHO, new byte[] {1});
    assertFailed(refused, RpcStatus.OVERLOADED, "echo", "the server closes");
    assertThat(Outcome.failure(refused).mayHaveReachedPeer()).isFalse();
  }

  @Test
  void haveCertainlyNotRunAsStreamsEither() {
    link.extended().refuseCalls("the server closes");
    CompletableFuture<Void> refused = stream();
    assertFailed(refused, RpcStatus.OVERLOADED, "stream", "the server closes");
    assertThat(Outcome.failure(refused).mayHaveReachedPeer()).isFalse();
  }

  @Test
  void mayHaveRunAsFarAsAPublishedPeerSays() {
    link.refuseCalls("the server closes");
    CompletableFuture<byte[]> refused = link.call(ECHO, new byte[] {1});
    assertFailed(refused, RpcStatus.SYSTEM_ERROR, "echo", "the server closes");
    assertThat(Outcome.failure(refused).mayHaveReachedPeer()).isTrue();
    assertThat(Outcome.failure(stream()).mayHaveReachedPeer()).isTrue();
  }
}
