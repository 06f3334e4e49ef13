package io.muxio.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.muxio.core.frame.FrameFormat;
import io.muxio.examples.calculator.Calculator;
import io.muxio.netty.client.ClientState;
import io.muxio.netty.client.RpcClient;
import io.muxio.rpc.service.CallOptions;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcMethod;
import io.muxio.rpc.service.RpcStatus;
import io.muxio.rpc.service.StreamCall;
import io.muxio.rpc.service.StreamMethod;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Our client against the published servers, unchanged. */
@Timeout(120)
class RustServersIT {
  private static final RpcMethod<byte[], byte[]> ECHO =
      RpcMethod.unary("echo", Codec.bytes(), Codec.bytes());
  private static final RpcMethod<byte[], byte[]> SLOW =
      RpcMethod.unary("slow", Codec.bytes(), Codec.bytes());
  private static final StreamMethod STREAM_ECHO = StreamMethod.of("stream.echo");
  private static final CallOptions IN_TIME = CallOptions.deadline(Duration.ofSeconds(60));

  /** A published server, and what its wire is. */
  enum Server {
    RUST_0_10("0-10", FrameFormat.GENERATION_21),
    RUST_0_14("0-14", FrameFormat.GENERATION_21),
    RUST_0_17("0-17", FrameFormat.GENERATION_13);

    private final String generation;
    private final FrameFormat format;

    Server(String generation, FrameFormat format) {
      this.generation = generation;
      this.format = format;
    }

    ServerProgram start() throws Exception {
      String program = ForeignPeers.rust().resolve("muxio-server-" + generation).toString();
      return ServerProgram.run(List.of(program));
    }

    RpcClient connectTo(ServerProgram program) throws Exception {
      return RpcClient.builder("ws://127.0.0.1:" + program.port() + "/ws")
          .format(format)
          .callOptions(IN_TIME)
          .reconnectPolicy((attempt, cause) -> Duration.ofMillis(20))
          .connect();
    }
  }

  @ParameterizedTest
  @EnumSource
  void typedCalls(Server server) throws Exception {
    try (ServerProgram program = server.start();
        RpcClient client = server.connectTo(program)) {
      Calculator calculator = client.service(Calculator.class);
      assertThat(calculator.add(new double[] {1, 2, 3})).isEqualTo(6);
      assertThat(calculator.multiply(new double[] {8, 3, 7}).toCompletableFuture().join())
          .isEqualTo(168);
    }
  }

  @ParameterizedTest
  @EnumSource
  void bytesOfAllSizes(Server server) throws Exception {
    try (ServerProgram program = server.start();
        RpcClient client = server.connectTo(program)) {
      for (int size : new int[] {0, 1, 64, 65_535, 65_536, 65_537, 1 << 20, 16 << 20}) {
        byte[] bytes = noise(size);
        assertThat(client.call(ECHO, bytes).join()).as("%s bytes", size).isEqualTo(bytes);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void manyCallsAtOnce(Server server) throws Exception {
    try (ServerProgram program = server.start();
        RpcClient client = server.connectTo(program)) {
      List<byte[]> requests = new ArrayList<>();
      List<CompletableFuture<byte[]>> answers = new ArrayList<>();
      for (int i = 0; i < 1_000; i++) {
        requests.add(noise(i % 97 == 0 ? 70_000 + i : 8 + i * 7 % 3_000));
        answers.add(client.call(ECHO, requests.get(i)));
      }
      for (int i = 0; i < 1_000; i++) {
        assertThat(answers.get(i).join()).as("call %s", i).isEqualTo(requests.get(i));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void failures(Server server) throws Exception {
    try (ServerProgram program = server.start();
        RpcClient client = server.connectTo(program)) {
      assertFails(client, "fail", RpcStatus.FAIL, "deliberate failure");
      assertFails(client, "fail.system", RpcStatus.SYSTEM_ERROR, "structured system");
      assertFails(client, "fail.notfound", RpcStatus.NOT_FOUND, "structured notfound");
      assertFails(client, "boom", RpcStatus.SYSTEM_ERROR, "boom");
      assertFails(client, "no.such.method", RpcStatus.NOT_FOUND, "");
    }
  }

  private static void assertFails(
      RpcClient client, String method, RpcStatus status, String message) {
    RpcMethod<byte[], byte[]> raw = RpcMethod.unary(method, Codec.bytes(), Codec.bytes());
    RpcException failure = failureOf(client.call(raw, new byte[0]));
    assertThat(failure.status()).as(failure.getMessage()).isEqualTo(status);
    assertThat(failure.detail()).isEqualTo(message);
  }

  @ParameterizedTest
  @EnumSource
  void aCallThatIsGivenUpHarmsNoOther(Server server) throws Exception {
    try (ServerProgram program = server.start();
        RpcClient client = server.connectTo(program)) {
      CallOptions brief = CallOptions.deadline(Duration.ofMillis(10));
      assertThat(failureOf(client.call(SLOW, noise(10), brief)).status())
          .isEqualTo(RpcStatus.DEADLINE_EXCEEDED);
      client.call(SLOW, noise(10)).cancel(false);
      byte[] bytes = noise(1_000);
      assertThat(client.call(SLOW, bytes).join()).isEqualTo(bytes);
      assertThat(client.state()).isEqualTo(ClientState.CONNECTED);
    }
  }

  /** 0.10 has no streaming handlers. */
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "RUST_0_10")
  void streams(Server server) throws Exception {
    try (ServerProgram program = server.start();
        RpcClient client = server.connectTo(program);
        StreamCall call = client.open(STREAM_ECHO)) {
      byte[] bytes = noise(3_000_000);
      CompletableFuture<byte[]> answer = CompletableFuture.supplyAsync(() -> readAll(call));
      for (int from = 0; from < bytes.length; from += 30_000) {
        call.request().write(Unpooled.wrappedBuffer(bytes, from, 30_000));
      }
      call.request().end();
      assertThat(answer.get(60, TimeUnit.SECONDS)).isEqualTo(bytes);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aServerThatIsGoneIsReconnectedTo(Server server) throws Exception {
    ServerProgram first = server.start();
    try (RpcClient client = server.connectTo(first)) {
      CompletableFuture<byte[]> running = client.call(SLOW, noise(10));
      byte[] bytes = noise(100);
      assertThat(client.call(ECHO, bytes).join()).isEqualTo(bytes);
      first.close();
      assertThat(running.handle((answer, failure) -> true).join()).isTrue();
      CompletableFuture<byte[]> waiting = client.call(ECHO, bytes);
      String program = ForeignPeers.rust().resolve("muxio-server-" + server.generation).toString();
      String port = Integer.toString(first.port());
      try (ServerProgram second = ServerProgram.run(List.of(program, "--port", port))) {
        assertThat(second.port()).isEqualTo(first.port());
        assertThat(waiting.join()).isEqualTo(bytes);
      }
    } finally {
      first.close();
    }
  }

  private static byte[] readAll(StreamCall call) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    try {
      for (ByteBuf chunk = call.response().read(); chunk != null; chunk = call.response().read()) {
        all.writeBytes(ByteBufUtil.getBytes(chunk));
        chunk.release();
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return all.toByteArray();
  }

  private static byte[] noise(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  private static RpcException failureOf(CompletableFuture<?> call) {
    ExecutionException failure = catchThrowableOfType(ExecutionException.class, call::get);
    assertThat(failure).as("the call failed").isNotNull();
    return (RpcException) failure.getCause();
  }
}
