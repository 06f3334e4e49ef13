package io.muxio.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The published data store clients, which run scripts. */
enum StoreClient {
  RUST,
  PYTHON;

  /** What the client prints for each line of the script. */
  StoreResults run(List<String> script, ServerProgram server, Path directory) throws Exception {
    List<String> command =
        new ArrayList<>(
            switch (this) {
              case RUST -> List.of(ForeignPeers.rust().resolve("data-store").toString());
              case PYTHON ->
                  List.of(
                      ForeignPeers.python().toString(),
                      ForeignPeers.directory().resolve("python/script.py").toString());
            });
    command.addAll(List.of("--host", "127.0.0.1", "--port", Integer.toString(server.port())));
    Path input = Files.write(Files.createTempFile(directory, "script", ".txt"), script);
    ForeignPeers.Outcome outcome = ForeignPeers.run(command, input);
    assertThat(outcome.lines()).as(outcome.errors()).noneMatch(line -> line.startsWith("FAIL"));
    assertThat(outcome.exitCode()).as(outcome.errors()).isZero();
    assertThat(outcome.lines()).hasSameSizeAs(script);
    return new StoreResults(script, outcome.lines());
  }
}
