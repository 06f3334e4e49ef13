package io.muxio.examples.datastore.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DamageTest {
  @TempDir Path directory;

  @Test
  void damageIsToldAndNeverEndsTheProcess() throws Exception {
    assertThat(
            ChildJvm.run(DamageProbe.class, directory.resolve("out"), directory.resolve("store")))
        .startsWith("exit 0\n");
  }
}
