package io.muxio.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.muxio.bitcode.Bitcode;
import io.muxio.netty.server.RpcServer;
import io.muxio.rpc.endpoint.CallContext;
import io.muxio.rpc.service.CallScope;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcMethod;
import io.muxio.rpc.service.RpcStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The published clients, unchanged, against our server: each of their checks is a test here. */
class ForeignClientsIT {
  private static final RpcMethod<double[], Double> ADD = ofNumbers("math.add");

  /** Calls its caller, and shows the tests what becomes of that. */
  private static final RpcMethod<double[], Double> CALL_ME_WATCHED = ofNumbers("call_me.watched");

  private final CompletableFuture<CompletableFuture<Double>> calledBack = new CompletableFuture<>();
  private RpcServer server;

  private static RpcMethod<double[], Double> ofNumbers(String name) {
    return RpcMethod.unary(name, Codec.bitcode(Bitcode.f64Array()), Codec.bitcode(Bitcode.f64()));
  }

  @BeforeEach
  void start() throws IOException {
    server =
        InteropMethods.register(RpcServer.builder())
            .handleAsync(CALL_ME_WATCHED, this::callBack)
            .bind("127.0.0.1", 0)
            .build()
            .start();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @TestFactory
  Stream<DynamicNode> rust() throws Exception {
    Stream.Builder<DynamicNode> generations = Stream.builder();
    for (String generation : List.of("0-10", "0-14", "0-15", "0-17")) {
      // The streaming call of 0.10 sends nothing before its answer has begun.
      boolean hasStreamingCall = !generation.equals("0-10");
      List<String> command = new ArrayList<>(List.of(rustClient(generation), "--suite"));
      command.addAll(List.of("basic", "edge", "bidi", "flood", "stream"));
      if (hasStreamingCall) {
        command.add("stream-caller");
      }
      generations.add(
          PeerChecks.of(
              "Rust client " + generation,
              ForeignPeers.run(withAddress(command)),
              hasStreamingCall ? 70 : 63));
    }
    return generations.build();
  }

  @TestFactory
  DynamicNode python() throws Exception {
    List<String> command =
        List.of(
            ForeignPeers.python().toString(),
            ForeignPeers.directory().resolve("python/client.py").toString());
    return PeerChecks.of("Python wheel", ForeignPeers.run(withAddress(command)), 10);
  }

  private CompletableFuture<Double> callBack(double[] numbers, CallContext call) {
    // On its own, so that the end of the connection is what it hears of.
    CompletableFuture<Double> answer =
        CallScope.detached(() -> call.connection().caller().call(ADD, numbers));
    calledBack.complete(answer);
    return answer.copy(); // the stage of a call that is over is cancelled
  }

  /** The process ends while the server waits for its answer: no answer, no WebSocket close. */
  @ParameterizedTest
  @ValueSource(strings = {"0-10", "0-14", "0-15", "0-17"})
  void aRustClientThatVanishesFailsTheCallToIt(String generation) throws Exception {
    List<String> command =
        withAddress(List.of(rustClient(generation)), "--vanish", CALL_ME_WATCHED.name());

    assertThat(ForeignPeers.run(command).lines()).containsExactly("called back");

    assertThat(calledBack.get(20, TimeUnit.SECONDS))
        .failsWithin(Duration.ofSeconds(20))
        .withThrowableThat()
        .havingCause()
        .asInstanceOf(InstanceOfAssertFactories.type(RpcException.class))
        .extracting(RpcException::status)
        .isEqualTo(RpcStatus.DISCONNECTED);
  }

  private static String rustClient(String generation) {
    return ForeignPeers.rust().resolve("muxio-client-" + generation).toString();
  }

  private List<String> withAddress(List<String> command, String... more) {
    String port = Integer.toString(server.address().getPort());
    return Stream.of(command, List.of("--host", "127.0.0.1", "--port", port), List.of(more))
        .flatMap(List::stream)
        .toList();
  }
}
