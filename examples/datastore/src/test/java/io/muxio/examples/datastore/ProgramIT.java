package io.muxio.examples.datastore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.muxio.examples.datastore.ServerProcess.Outcome;
import io.muxio.netty.client.RpcClient;
import io.muxio.netty.server.RpcServer;
import io.muxio.rpc.service.RpcException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The runnable jar as its users run it. */
@Timeout(120)
class ProgramIT {
  private static final byte[] KEY = "key".getBytes(StandardCharsets.UTF_8);

  @TempDir private Path directory;

  private Path data() {
    return directory.resolve("data");
  }

  private Path file(String name, String content) throws IOException {
    return Files.writeString(directory.resolve(name), content);
  }

  /** Bytes that are not kept. */
  private static InputStream random(long length) {
    Random random = new Random(3);
    return new InputStream() {
      private long left = length;

      @Override
      public int read() {
        return left-- > 0 ? random.nextInt(256) : -1;
      }

      @Override
      public int read(byte[] target, int offset, int count) {
        if (left <= 0) {
          return -1;
        }
        int read = (int) Math.min(left, count);
        for (int i = 0; i < read; i++) {
          target[offset + i] = (byte) random.nextInt(256);
        }
        left -= read;
        return read;
      }
    };
  }

  @Test
  void storesAValueThatIsLongerThanAMessageInLittleMemory() throws Exception {
    long length = 100L << 20;
    try (ServerProcess server = ServerProcess.start(data(), "--sync", "os");
        DataStoreClient client = server.connect()) {
      CheckedInputStream sent = new CheckedInputStream(random(length), new CRC32C());
      client.write(KEY, sent);
      CheckedOutputStream got =
          new CheckedOutputStream(OutputStream.nullOutputStream(), new CRC32C());

      assertThat(client.read(KEY, got)).isTrue();
      assertThat(got.getChecksum().getValue()).isEqualTo(sent.getChecksum().getValue());
      assertThat(client.read("other".getBytes(StandardCharsets.UTF_8), got)).isFalse();
      assertThatThrownBy(() -> client.values().read(new Key(KEY)))
          .isInstanceOf(RpcException.class)
          .hasMessageContaining("stream");
      assertThat(client.values().exists(new Key(KEY))).isTrue();
      assertThat(client.values().len()).isEqualTo(1);
    }
  }

  @Test
  void writesNothingOfAValueThatBreaksOff() throws Exception {
    try (ServerProcess server = ServerProcess.start(data());
        DataStoreClient client = server.connect()) {
      InputStream broken =
          new SequenceInputStream(
              random(1_000_000),
              new InputStream() {
                @Override
                public int read() throws IOException {
                  throw new IOException("the disk of the sender");
                }

                @Override
                public int read(byte[] target, int offset, int length) throws IOException {
                  return read();
                }
              });
      assertThatThrownBy(() -> client.write(KEY, broken)).hasMessage("the disk of the sender");
      assertThat(client.values().isEmpty()).isTrue();
      assertThatThrownBy(() -> client.write(KEY, new ByteArrayInputStream(new byte[0])))
          .hasMessageContaining("empty");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void exportsAndImports(boolean served) throws Exception {
    Path copy = directory.resolve("copy");
    Path file = directory.resolve("export.bin");
    byte[] value = random(3_000_000).readAllBytes();
    try (ServerProcess server = ServerProcess.start(data());
        DataStoreClient client = server.connect()) {
      client.write(KEY, new ByteArrayInputStream(value));
      client
          .values()
          .batchWrite(List.of(new Item(new byte[0], value), new Item(new byte[2_000], value)))
          .toCompletableFuture()
          .join();
      if (served) {
        assertOk(ServerProcess.run("export", "--url", server.url(), file.toString()));
      }
    }
    if (!served) {
      assertOk(ServerProcess.run("export", "--data", data().toString(), file.toString()));
      assertOk(ServerProcess.run("import", "--data", copy.toString(), file.toString()));
    }
    assertThat(ServerProcess.run("export", "--data", data().toString(), file.toString()))
        .satisfies(again -> assertThat(again.exitCode()).isEqualTo(1))
        .satisfies(again -> assertThat(again.errors()).contains("--force"));

    try (ServerProcess server = ServerProcess.start(copy);
        DataStoreClient client = server.connect()) {
      if (served) {
        assertThat(assertOk(ServerProcess.run("import", "--url", server.url(), file.toString())))
            .contains("3 entries");
      }
      ByteArrayOutputStream got = new ByteArrayOutputStream();
      assertThat(client.read(KEY, got)).isTrue();
      assertThat(got.toByteArray()).isEqualTo(value);
      assertThat(client.values().read(new Key(new byte[0]))).hasValue(value);
      assertThat(client.values().read(new Key(new byte[2_000]))).hasValue(value);
      assertThat(client.admin().stats().entries()).isEqualTo(3);
      assertThat(assertOk(ServerProcess.run("stats", "--url", server.url()))).contains("entries");
      assertThat(assertOk(ServerProcess.run("verify", "--url", server.url())))
          .contains("3 entries");
    }
  }

  private static String assertOk(Outcome outcome) {
    assertThat(outcome.exitCode()).as(outcome.errors()).isZero();
    return outcome.output();
  }

  @Test
  void putsAndGets() throws Exception {
    Path value = file("value", "some text");
    String data = data().toString();
    assertOk(ServerProcess.run("put", "--data", data, "greeting", value.toString()));
    assertThat(assertOk(ServerProcess.run("get", "--data", data, "greeting")))
        .isEqualTo("some text");
    assertThat(ServerProcess.run("get", "--data", data, "other").exitCode()).isEqualTo(3);
    assertOk(ServerProcess.run("put", "--data", data, "@other", value.toString()));
    assertThat(assertOk(ServerProcess.run("get", "--data", data, "0x406f74686572")))
        .isEqualTo("some text");
    assertOk(ServerProcess.run("delete", "--data", data, "@other"));
    assertThat(ServerProcess.run("get", "--data", data, "@other").exitCode()).isEqualTo(3);
  }

  @Test
  void aServerWithoutADataStoreIsNotOneWithoutTheValue() throws Exception {
    try (RpcServer server = RpcServer.builder().bind("127.0.0.1", 0).build().start()) {
      String url = "ws://127.0.0.1:" + server.address().getPort() + "/ws";
      Outcome outcome = ServerProcess.run("get", "--url", url, "key");

      assertThat(outcome.exitCode()).isEqualTo(1);
      assertThat(outcome.errors()).contains("no such method");
    }
  }

  /** Else it could be written by clients that cannot read it. */
  @Test
  void aValueThatIsTooLongForAnAnswerIsNoValueOfAMessage() throws Exception {
    try (ServerProcess server = ServerProcess.start(data());
        DataStoreClient client = server.connect()) {
      byte[] zeros = new byte[(32 << 20) + 1]; // packed they are a short request
      assertThatThrownBy(() -> client.values().write(KEY, zeros).toCompletableFuture().join())
          .hasMessageContaining("write it as a stream");
      assertThat(client.values().isEmpty()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"stats", "verify", "get some-key", "export some-file"})
  void whatReadsMakesNoStoreWhereThereIsNone(String command) throws Exception {
    List<String> arguments = new ArrayList<>(List.of(command.split(" ")));
    arguments.addAll(List.of("--data", data().toString()));
    Outcome outcome = ServerProcess.run(arguments.toArray(new String[0]));

    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.errors()).contains(data().toString()).doesNotContain("\tat ");
    assertThat(data()).doesNotExist();
    assertThat(Path.of("some-file")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"export -", "get greeting"})
  void aFullDiskBehindTheStandardOutputIsNoSuccess(String command) throws Exception {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.exists(full), "only Linux has /dev/full");
    String data = data().toString();
    assertOk(ServerProcess.run("put", "--data", data, "greeting", file("v", "hello").toString()));
    List<String> arguments = new ArrayList<>(List.of(command.split(" ")));
    arguments.addAll(List.of("--data", data));
    Outcome outcome = ServerProcess.runTo(full, arguments.toArray(new String[0]));

    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.errors()).contains("space").doesNotContain("\tat ");
  }

  @Test
  void aMistakeIsALine() throws Exception {
    String data = data().toString();
    Path nothing = file("nothing", "");
    Path noDirectory = file("file", "");
    for (Outcome outcome :
        List.of(
            ServerProcess.run("put", "--data", data, "key", nothing.toString()),
            ServerProcess.run("import", "--data", data, "no-such-file"),
            ServerProcess.run("stats", "--data", noDirectory.toString()),
            ServerProcess.run("stats", "--url", "ws://127.0.0.1:1/ws"))) {
      assertThat(outcome.exitCode()).isEqualTo(1);
      assertThat(outcome.errors().lines()).hasSize(1);
    }
  }

  @Test
  void aDirectoryHasOneServer() throws Exception {
    try (ServerProcess server = ServerProcess.start(data())) {
      assertThat(server.url()).isNotEmpty();
      Outcome second = ServerProcess.run("--port", "0", "--data", data().toString());
      assertThat(second.exitCode()).isEqualTo(1);
      assertThat(second.errors())
          .contains(data().toString(), "another process")
          .doesNotContain("\tat ");
    }
  }

  @Test
  void aServerThatIsToldToEndLosesNothingAndLetsTheNextOneIn() throws Exception {
    try (ServerProcess server = ServerProcess.start(data(), "--sync", "os");
        DataStoreClient client = server.connect()) {
      client.values().write(KEY, new byte[] {1}).toCompletableFuture().join();
    }
    try (ServerProcess server = ServerProcess.start(data());
        DataStoreClient client = server.connect()) {
      assertThat(client.values().read(new Key(KEY))).hasValue(new byte[] {1});
    }
  }

  @Test
  void letsInWhoHasAToken() throws Exception {
    Path tokens = file("tokens", "first-token\n\nsecond-token\n");
    Path mine = file("mine", "second-token\n");
    try (ServerProcess server = ServerProcess.start(data(), "--token-file", tokens.toString())) {
      assertThat(ServerProcess.run("stats", "--url", server.url()))
          .satisfies(refused -> assertThat(refused.exitCode()).isEqualTo(1))
          .satisfies(refused -> assertThat(refused.errors()).contains("401"));
      assertOk(ServerProcess.run("stats", "--url", server.url(), "--token-file", mine.toString()));
      try (RpcClient client =
          RpcClient.builder(server.url()).bearerToken("first-token").connect()) {
        assertThat(client.service(DataStore.class).isEmpty()).isTrue();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "--data x --sync sometimes",
        "--data x --max-size 3",
        "--data x --port many",
        "--data x --port 99999",
        "--data x --tls-cert y",
        "stats",
        "stats --data x --url ws://127.0.0.1:1/ws",
        "stats --url elsewhere",
        "import --data x",
        "nosuch"
      })
  void tellsHowItIsUsed(String arguments) throws Exception {
    Outcome outcome = ServerProcess.run(arguments.isEmpty() ? new String[0] : arguments.split(" "));
    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.errors()).contains("Usage: datastore");
    assertThat(Path.of("x")).doesNotExist();
  }
}
