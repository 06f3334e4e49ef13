package io.muxio.examples.datastore.store;

/** Is told how far something has come that takes long. On the thread that does it. */
@FunctionalInterface
public interface Progress {
  /** Tells nobody. */
  Progress NONE = (entries, bytes) -> {};

  /**
   * Called after each entry, and so often: it should be quick. What it throws ends the work.
   *
   * @param entries entries done so far
   * @param bytes bytes of their values
   */
  void onProgress(long entries, long bytes);
}
