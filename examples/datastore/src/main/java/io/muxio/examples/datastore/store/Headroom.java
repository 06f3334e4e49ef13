package io.muxio.examples.datastore.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Keeps some space back for deletions, which need new pages too, so that a store that is full can
 * be emptied: pages of the map that writes may not use, and on the disk a file that is given up
 * when a deletion finds no space. On the writer thread.
 */
final class Headroom {
  /** Bytes kept back in the map, and on the disk. Far more than one deletion takes. */
  static final int BYTES = 512 << 10;

  /** More than LMDB's table of readers takes. */
  private static final int READER_TABLE_BYTES = 32 << 10;

  private static final String FILE = "headroom";

  private final Path file;
  private final LmdbFailure failure;
  private boolean kept;

  Headroom(LmdbFailure failure) {
    this.file = failure.directory().resolve(FILE);
    this.failure = failure;
  }

  /**
   * Refuses a file that is not the store's, and allocates that of LMDB's table of readers, which is
   * no store's now. LMDB maps it with holes, and on a full disk the process would end when a reader
   * steps into one.
   */
  static void prepare(Path directory) throws IOException {
    PrivateFiles.requireNoLink(directory.resolve(FILE));
    fill(directory.resolve("lock.mdb"), READER_TABLE_BYTES);
  }

  /** Whether a store that was written to was here. */
  static boolean isKeptIn(Path directory) {
    return Files.exists(directory.resolve(FILE));
  }

  private static void fill(Path file, int bytes) throws IOException {
    try (FileChannel channel = PrivateFiles.open(file)) {
      ByteBuffer zeros = ByteBuffer.allocate(bytes);
      while (zeros.hasRemaining()) {
        channel.write(zeros);
      }
    }
  }

  /** Bytes of the map that takes this store and what is kept back. */
  static long mapSize(long maxSize, long fileBytes) {
    return Math.max(maxSize, fileBytes) + BYTES;
  }

  /**
   * Checks that what a transaction added leaves the space that is kept back.
   *
   * @param used bytes of pages in use after it
   * @param allocated bytes of all pages before it
   * @throws StoreException where it does not, so that the transaction must not be committed
   */
  void check(long used, long allocated) {
    if (used + BYTES / 2 > failure.maxSize()) {
      throw new StoreException(failure.mapFull());
    }
    // Where pages of the store itself are free, deletions can do with these.
    if (!kept && allocated - used < BYTES) {
      keep();
    }
  }

  private void keep() {
    try {
      fill(file, BYTES);
      kept = true;
    } catch (IOException e) {
      String reason =
          isFull() ? failure.diskFull() : "no space can be kept back for deletions: " + e;
      giveUp();
      throw new StoreException(reason, e);
    }
  }

  /** Asked before what was written is given up. */
  private boolean isFull() {
    try {
      return Files.getFileStore(failure.directory()).getUsableSpace() < BYTES;
    } catch (IOException e) {
      return false; // then the reason is told as it came
    }
  }

  /** Gives the space on the disk to who needs it now; says whether there was any. */
  boolean giveUp() {
    kept = false;
    try {
      return Files.deleteIfExists(file);
    } catch (IOException e) {
      return false;
    }
  }
}
