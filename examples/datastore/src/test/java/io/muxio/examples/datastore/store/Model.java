package io.muxio.examples.datastore.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a store must contain, and the log that its tail measures. */
final class Model {
  /** By keys whose characters are bytes. */
  final Map<String, byte[]> entries = new HashMap<>();

  /** Lengths as SIMD R Drive 0.17.5 writes them, one field after the other. */
  private long log;

  long write(List<Entry> batch) {
    for (Entry entry : batch) {
      put(entry.key, entry.value);
    }
    return log;
  }

  long put(byte[] key, byte[] value) {
    entries.put(text(key), value);
    while (log % 64 != 0) {
      log++;
    }
    log += value.length + 8 + 8 + 4;
    return log;
  }

  long delete(byte[] key) {
    if (entries.remove(text(key)) != null) {
      log += 1 + 8 + 8 + 4;
    }
    return log;
  }

  void check(Store store) {
    assertThat(store.count()).isEqualTo(entries.size());
    assertThat(store.isEmpty()).isEqualTo(entries.isEmpty());
    assertThat(store.tail()).isEqualTo(log);
    assertThat(store.verify(Progress.NONE).problems()).isEmpty();
    entries.forEach(
        (text, value) -> {
          byte[] key = bytes(text);
          assertThat(store.contains(key)).isTrue();
          assertThat(store.get(key, Integer.MAX_VALUE)).contains(value);
        });
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  static String text(byte[] key) {
    return new String(key, StandardCharsets.ISO_8859_1);
  }
}
