package io.muxio.examples.datastore.store;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/** Has a store, with an upload half done, until somebody ends the process. */
final class KillProbe {
  static final int ENTRIES = 50;

  private KillProbe() {}

  /**
   * The program.
   *
   * @param arguments the directory
   */
  public static void main(String[] arguments) throws Exception {
    try (Store store = Store.open(StoreOptions.builder(Path.of(arguments[0])).build())) {
      for (int i = 0; i < ENTRIES; i++) {
        store.write(List.of(new Entry(new byte[] {(byte) i}, new byte[100]))).get();
      }
      ValueWriter writer = store.openWriter(new byte[] {1, 2});
      writer.write(ByteBuffer.allocate(8_000_000));
      System.out.println("acknowledged");
      Thread.currentThread().join();
    }
  }
}
