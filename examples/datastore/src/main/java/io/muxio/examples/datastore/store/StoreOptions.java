package io.muxio.examples.datastore.store;

import java.nio.file.Path;
import java.util.Objects;

/**
 * Where a store is and how it is kept.
 *
 * @param directory holds the store and nothing else
 * @param sync when data is forced to the disk
 * @param maxSize bytes that the data file may grow to, 1 MiB or more. It is address space, not
 *     memory and not disk; a file that is larger already is not made smaller
 * @param check whether all pages of the tree are checked before the store is opened. LMDB ends the
 *     process where it meets a damaged page, so without it damage is found the hard way
 * @param create whether a store is made where there is none; else that is an error
 */
public record StoreOptions(
    Path directory, SyncPolicy sync, long maxSize, boolean check, boolean create) {
  /** What {@link #maxSize()} is unless said otherwise: 1 TiB. */
  public static final long DEFAULT_MAX_SIZE = 1L << 40;

  /** The least that {@link #maxSize()} may be: 1 MiB. */
  public static final long MIN_MAX_SIZE = 1 << 20;

  /**
   * Checks the ranges.
   *
   * @param directory see the record
   * @param sync see the record
   * @param maxSize see the record
   * @param check see the record
   * @param create see the record
   * @throws IllegalArgumentException where the size is out of its range
   */
  public StoreOptions {
    Objects.requireNonNull(directory, "directory");
    Objects.requireNonNull(sync, "sync");
    if (maxSize < MIN_MAX_SIZE) {
      throw new IllegalArgumentException(
          "maxSize: " + maxSize + " (expected: " + MIN_MAX_SIZE + " or more)");
    }
  }

  /**
   * A builder that starts from the defaults.
   *
   * @param directory where the store is
   * @return a new builder
   */
  public static Builder builder(Path directory) {
    return new Builder(directory);
  }

  /** Makes {@link StoreOptions}; what is not set keeps its default. Not thread-safe. */
  public static final class Builder {
    private final Path directory;
    private SyncPolicy sync = SyncPolicy.COMMIT;
    private long maxSize = DEFAULT_MAX_SIZE;
    private boolean check = true;
    private boolean create = true;

    private Builder(Path directory) {
      this.directory = directory;
    }

    /**
     * When data is forced to the disk.
     *
     * @param policy the policy; default {@link SyncPolicy#COMMIT}
     * @return this builder
     */
    public Builder sync(SyncPolicy policy) {
      sync = policy;
      return this;
    }

    /**
     * Bytes that the data file may grow to.
     *
     * @param bytes 1 MiB or more; default 1 TiB
     * @return this builder
     */
    public Builder maxSize(long bytes) {
      maxSize = bytes;
      return this;
    }

    /**
     * Whether all pages are checked before the store is opened.
     *
     * @param enabled default true
     * @return this builder
     */
    public Builder check(boolean enabled) {
      check = enabled;
      return this;
    }

    /**
     * Whether a store is made where there is none.
     *
     * @param enabled default true; with false the opening fails there, and makes nothing
     * @return this builder
     */
    public Builder create(boolean enabled) {
      create = enabled;
      return this;
    }

    /**
     * Makes the options.
     *
     * @return the options
     * @throws IllegalArgumentException where a value is out of its range
     */
    public StoreOptions build() {
      return new StoreOptions(directory, sync, maxSize, check, create);
    }
  }
}
