package io.muxio.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The interop peer as the program that checks files of bitcode vectors. */
class VectorCheckIT {
  private static final Path INTEROP = Path.of(System.getProperty("basedir", "")).toAbsolutePath();

  /** What the tests of the codec run, too. */
  private static final Path VECTORS =
      INTEROP.resolveSibling("muxio-bitcode").resolve("src/test/resources");

  @TempDir private Path directory;

  @Test
  void allVectorsPass() throws Exception {
    Path all = directory.resolve("bitcode.jsonl");
    try (InputStream plain =
        new GZIPInputStream(Files.newInputStream(VECTORS.resolve("bitcode.jsonl.gz")))) {
      Files.copy(plain, all);
    }
    ForeignPeers.Outcome outcome =
        ForeignPeers.run(
            program(
                all.toString(),
                VECTORS.resolve("bitcode-noncanonical.jsonl").toString(),
                VECTORS.resolve("services.jsonl").toString()));

    assertThat(outcome.lines()).containsExactly("10785 passed, 0 failed");
    assertThat(outcome.exitCode()).as(outcome.errors()).isZero();
  }

  @Test
  void eachLineThatFailsIsNamed() throws Exception {
    Path first =
        file(
            "first.jsonl",
            "{'type':'u16','value':300,'hex':'2c01'}",
            "{'type':'u16','value':301,'hex':'2c01','note':'wrong bytes'}",
            "{'type':'bool','hex':'0100','error':true,'reason':'Expected EOF'}",
            "{'type':'bool','hex':'01','error':true,'reason':'none'}",
            "{'type':'Vec<u8>','value':[1,1,1],'hex':'0300010101','noncanonical':true}",
            "{'type':'Vec<u8>','value':[1,1,2],'hex':'0300010101','noncanonical':true}");
    Path second =
        file(
            "second.jsonl",
            "{'type':'struct{a:u8,b:Mystery}','value':{'a':1,'b':2},'hex':'0102'}",
            "{'type':'Vec<u8','value':[],'hex':'00'}",
            "not JSON",
            "",
            "{'type':'u8','value':7,'hex':'07'}",
            "{'type':'u8','value':7,'hex':'7'}",
            "{'type':'u8','hex':'07'}",
            "{'type':'" + "Vec<".repeat(5000) + "','hex':'07','error':true}",
            "{'type':'u8\\nu8','hex':'07','error':true}");

    ForeignPeers.Outcome outcome = ForeignPeers.run(program(first.toString(), second.toString()));

    assertThat(outcome.lines())
        .extracting(line -> line.replaceFirst(" .*", ""))
        .containsExactly(
            first + ":2",
            first + ":4",
            first + ":6",
            second + ":1",
            second + ":2",
            second + ":3",
            second + ":6",
            second + ":7",
            second + ":8",
            second + ":9",
            "4");
    assertThat(outcome.lines())
        .contains(
            first + ":2 encoded as 2d01, expected 2c01",
            first + ":4 decoded as true, expected to be rejected",
            "4 passed, 10 failed");
    assertThat(outcome.exitCode()).as(outcome.errors()).isEqualTo(1);
  }

  @Test
  void aDashIsTheStandardInput() throws Exception {
    Path vectors = VECTORS.resolve("services.jsonl");

    ForeignPeers.Outcome outcome = ForeignPeers.run(program("-"), vectors);

    assertThat(outcome.lines()).containsExactly("28 passed, 0 failed");
    assertThat(outcome.exitCode()).as(outcome.errors()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "missing.jsonl", "."})
  void whatCannotBeReadIsAMistakeOfTheCaller(String file) throws Exception {
    List<String> command =
        file.isEmpty() ? program() : program(VECTORS + "/services.jsonl", VECTORS + "/" + file);

    ForeignPeers.Outcome outcome = ForeignPeers.run(command);

    assertThat(outcome.lines()).isEmpty();
    assertThat(outcome.errors()).contains("usage: ").contains(file);
    assertThat(outcome.exitCode()).isEqualTo(2);
  }

  private static List<String> program(String... files) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-jar", INTEROP + "/target/interop-peer.jar", "bitcode"));
    command.addAll(List.of(files));
    return command;
  }

  private Path file(String name, String... lines) throws Exception {
    String text = String.join("\n", lines).replace('\'', '"');
    return Files.writeString(directory.resolve(name), text, StandardCharsets.UTF_8);
  }
}
