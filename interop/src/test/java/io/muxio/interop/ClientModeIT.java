package io.muxio.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.muxio.interop.client.ClientRun;
import io.muxio.netty.server.RpcServer;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcMethod;
import io.muxio.rpc.service.RpcStatus;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The client of the interop peer: what it says of our own server, and of servers that are wrong.
 */
@Timeout(300)
class ClientModeIT {
  private static final RpcMethod<byte[], byte[]> ECHO =
      RpcMethod.unary("echo", Codec.bytes(), Codec.bytes());

  private static final String HINT =
      "; no check was ok so far: does the server speak --generation 13?";

  private record Outcome(boolean good, List<String> lines) {}

  /** Both ends from the jar, in processes of their own. */
  @TestFactory
  Stream<DynamicNode> ourServer() throws Exception {
    Stream.Builder<DynamicNode> generations = Stream.builder();
    try (ServerProgram server = InteropJar.server()) {
      for (int generation : new int[] {13, 21}) {
        ForeignPeers.Outcome outcome =
            InteropJar.check(server.port(), generation, "--suite", "all");
        generations.add(PeerChecks.of(generation + "-byte frames", outcome, 52));
      }
    }
    return generations.build();
  }

  @Test
  void aWrongAnswerIsAFailureAndTheOthersGoOn() throws Exception {
    RpcServer server =
        RpcServer.builder()
            .handle(ECHO, (bytes, call) -> bytes.length == 1 ? new byte[] {0, 0} : bytes)
            .bind("127.0.0.1", 0)
            .build()
            .start();
    try {
      Outcome outcome =
          run(server.address().getPort(), "--suite", "unknown", "echo-0", "echo-1", "echo-64");
      assertThat(outcome.lines())
          .containsExactly(
              "ok echo-0",
              "FAIL echo-1 echo: 2 bytes (expected: 1), of which the first 0 are right",
              "ok echo-64",
              "ok unknown");
      assertThat(outcome.good()).isFalse();
    } finally {
      server.close();
    }
  }

  @Test
  void whatAServerSaysStaysOnOneLine() throws Exception {
    RpcServer server =
        RpcServer.builder()
            .handle(
                ECHO,
                (bytes, call) -> {
                  throw new RpcException(RpcStatus.FAIL, "one\nok two");
                })
            .bind("127.0.0.1", 0)
            .build()
            .start();
    try {
      assertThat(run(server.address().getPort(), "--suite", "echo-0").lines())
          .containsExactly("FAIL echo-0 echo: FAIL: one ok two");
    } finally {
      server.close();
    }
  }

  /** Each check ends in its own time, also where the next has to connect anew. */
  @Test
  void aServerThatNeverAnswersIsAFailure() throws Exception {
    RpcServer server =
        RpcServer.builder()
            .handleAsync(ECHO, (bytes, call) -> new CompletableFuture<>())
            .bind("127.0.0.1", 0)
            .build()
            .start();
    try {
      Outcome outcome =
          run(server.address().getPort(), "--limit", "1", "--suite", "echo-0", "echo-1", "unknown");
      assertThat(outcome.lines())
          .containsExactly(
              "FAIL echo-0 not done after 1 s" + HINT,
              "FAIL echo-1 not done after 1 s" + HINT,
              "ok unknown");
      assertThat(outcome.good()).isFalse();
    } finally {
      server.close();
    }
  }

  @Test
  void theGenerationIsNotDoubtedOnceACheckWasOk() throws Exception {
    RpcServer server =
        RpcServer.builder()
            .handleAsync(
                ECHO,
                (bytes, call) ->
                    bytes.length == 0
                        ? CompletableFuture.completedFuture(bytes)
                        : new CompletableFuture<>())
            .bind("127.0.0.1", 0)
            .build()
            .start();
    try {
      assertThat(
              run(server.address().getPort(), "--limit", "3", "--suite", "echo-0", "echo-1")
                  .lines())
          .containsExactly("ok echo-0", "FAIL echo-1 not done after 3 s");
    } finally {
      server.close();
    }
  }

  @Test
  void aServerThatDoesNotShakeHandsIsAFailure() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThat(run(silent.getLocalPort(), "--limit", "1", "--suite", "echo-0").lines())
          .containsExactly("FAIL echo-0 not done after 1 s" + HINT);
    }
  }

  @Test
  void noServerIsAFailure() throws Exception {
    int port;
    try (ServerSocket gone = new ServerSocket(0)) {
      port = gone.getLocalPort();
    }
    Outcome outcome = run(port, "--suite", "echo-0");
    assertThat(outcome.lines()).singleElement().asString().startsWith("FAIL echo-0 java.io.");
    assertThat(outcome.good()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "--suite all|--url: none",
        "--url http://127.0.0.1:1/ws|http://127.0.0.1:1/ws",
        "--url|--url with 0 values (expected: 1)",
        "--url ws://a/ws ws://b/ws|--url with 2 values (expected: 1)",
        "--url ws://a/ws --generation 14|--generation 14 (expected: 13 or 21)",
        "--url ws://a/ws --suite|--suite without a value",
        "--url ws://a/ws --suite basics|--suite basics (expected: all, basic, stream, bidi,",
        "--url ws://a/ws --suite basic --except echo-2|--except echo-2 (expected: all,",
        "--url ws://a/ws --suite bidi --except bidi|--except leaves no check",
        "--url ws://a/ws --limit 0|--limit 0 (expected: 1 to 3600 seconds)",
        "--url ws://a/ws --limit x|--limit x (expected: 1 to 3600 seconds)",
        "--url ws://a/ws --verbose|unknown option '--verbose'"
      },
      delimiter = '|')
  void wrongArguments(String arguments, String message) {
    assertThatThrownBy(
            () ->
                ClientRun.run(
                    List.of(arguments.split(" ", -1)),
                    new PrintStream(OutputStream.nullOutputStream())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--suite basics", "--generation 12"})
  void theProgramShowsItsUsage(String wrong) throws Exception {
    ForeignPeers.Outcome outcome = InteropJar.check(1, 13, wrong.split(" "));
    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.errors()).contains("usage: interop-peer server", "client --url URL");
    assertThat(outcome.lines()).isEmpty();
  }

  @Test
  void theProgramFailsWhereACheckFails() throws Exception {
    ForeignPeers.Outcome outcome = InteropJar.check(1, 13, "--suite", "echo-0");
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.lines()).singleElement().asString().startsWith("FAIL echo-0 ");
  }

  private static Outcome run(int port, String... more) throws Exception {
    List<String> arguments = new ArrayList<>(List.of("--url", "ws://127.0.0.1:" + port + "/ws"));
    arguments.addAll(List.of(more));
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    boolean good = ClientRun.run(arguments, new PrintStream(output, true, StandardCharsets.UTF_8));
    return new Outcome(good, output.toString(StandardCharsets.UTF_8).lines().toList());
  }
}
