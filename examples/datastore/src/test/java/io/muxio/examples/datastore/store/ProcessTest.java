package io.muxio.examples.datastore.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessTest {
  @TempDir Path directory;

  @Test
  void aSecondProcessIsRefusedAndAKilledOneLosesNothing() throws Exception {
    Path output = directory.resolve("out");
    StoreOptions options = StoreOptions.builder(directory.resolve("store")).build();
    Process process = ChildJvm.start(KillProbe.class, output, options.directory());
    try {
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> Files.readString(output).contains("acknowledged"));
      assertThatThrownBy(() -> Store.open(options))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("is used by another process, pid " + process.pid());
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    try (Store store = Store.open(options)) {
      assertThat(store.count()).isEqualTo(KillProbe.ENTRIES);
      assertThat(store.verify(Progress.NONE).problems()).isEmpty();
      await().until(() -> store.stats().garbage() == 0 && store.stats().chunks() == 0);
    }
  }
}
