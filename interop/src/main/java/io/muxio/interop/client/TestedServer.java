package io.muxio.interop.client;

import io.muxio.examples.calculator.Calculator;
import io.muxio.netty.client.ClientLimits;
import io.muxio.netty.client.ClientState;
import io.muxio.netty.client.RpcClient;
import io.muxio.rpc.service.CallOptions;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.RpcMethod;
import io.muxio.rpc.service.StreamMethod;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** A connection to the server that is tested; once lost it stays so. */
final class TestedServer implements AutoCloseable {
  /** Calls that a check has left are not waited for. */
  private static final ClientLimits BRIEF_END =
      ClientLimits.builder()
          .drainTimeout(Duration.ofMillis(100))
          .closeTimeout(Duration.ofMillis(500))
          .build();

  private final RpcClient client;
  private final CalledBack calledBack;

  private TestedServer(RpcClient client, CalledBack calledBack) {
    this.client = client;
    this.calledBack = calledBack;
  }

  static TestedServer connect(ClientArguments arguments) throws IOException {
    CalledBack calledBack = new CalledBack();
    RpcClient client =
        RpcClient.builder(arguments.url())
            .format(arguments.format())
            .limits(BRIEF_END)
            .reconnectPolicy((attempt, cause) -> null)
            .service(Calculator.class, calledBack)
            .connect();
    return new TestedServer(client, calledBack);
  }

  static RpcMethod<byte[], byte[]> method(String name) {
    return RpcMethod.unary(name, Codec.bytes(), Codec.bytes());
  }

  CompletableFuture<byte[]> callLater(String method, byte[] request) {
    return client.call(method(method), request);
  }

  CompletableFuture<byte[]> callLater(String method, byte[] request, Duration deadline) {
    return client.call(method(method), request, CallOptions.deadline(deadline));
  }

  byte[] call(String method, byte[] request) throws ExecutionException, InterruptedException {
    return callLater(method, request).get();
  }

  /** Calls a method that answers with its argument. */
  void echoes(String method, byte[] request) throws Exception {
    Expect.bytes(method, call(method, request), request);
  }

  ChunkCall open(String method, byte... parameters) {
    return new ChunkCall(
        method, client.open(StreamMethod.of(method), parameters, CallOptions.DEFAULT));
  }

  <T> T service(Class<T> api) {
    return client.service(api);
  }

  CalledBack calledBack() {
    return calledBack;
  }

  void requireConnected() throws CheckFailure {
    Expect.equal("state of the connection afterwards", client.state(), ClientState.CONNECTED);
  }

  @Override
  public void close() {
    client.close();
  }
}
