package io.muxio.examples.datastore.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.lmdbjava.Env;
import org.lmdbjava.EnvFlags;
import org.lmdbjava.EnvInfo;
import org.lmdbjava.LmdbException;
import org.lmdbjava.Stat;
import org.lmdbjava.Txn;

/** The files of a store, opened: the directory's lock, LMDB, its tables. */
final class Database implements AutoCloseable {
  static final String DATA_FILE = "data.mdb";

  private final DirectoryLock lock;
  private final Tables tables;
  private final LmdbFailure failure;
  private boolean closed;

  private Database(DirectoryLock lock, Tables tables, LmdbFailure failure) {
    this.lock = lock;
    this.tables = tables;
    this.failure = failure;
  }

  static Database open(StoreOptions options) {
    LmdbFailure failure = new LmdbFailure(options.directory(), options.maxSize(), options.sync());
    if (!options.create()) {
      requireStore(options.directory());
    }
    DirectoryLock lock = takeLock(options.directory());
    try {
      return new Database(lock, openTables(options), failure);
    } catch (IOException | RuntimeException | Error e) {
      release(lock, e);
      throw failure.of("open", e);
    }
  }

  /** An empty file is what a crash leaves of the making of a store: LMDB would make one. */
  private static void requireStore(Path directory) {
    Path data = directory.resolve(DATA_FILE);
    try {
      if (!Files.exists(data) || Files.size(data) == 0) {
        throw new StoreException(
            directory + " holds no store (expected: " + DATA_FILE + ")",
            "there is no store (expected: " + DATA_FILE + ")",
            null);
      }
    } catch (IOException e) {
      throw new StoreException("cannot open " + directory + ": " + e.getMessage(), e);
    }
  }

  private static DirectoryLock takeLock(Path directory) {
    try {
      PrivateFiles.makeDirectory(directory);
      return DirectoryLock.take(directory);
    } catch (AccessDeniedException e) {
      throw new StoreException(
          "cannot open " + directory + ": the permission to write " + e.getFile() + " is missing",
          e);
    } catch (IOException e) {
      throw new StoreException("cannot open " + directory + ": " + e.getMessage(), e);
    }
  }

  private static Tables openTables(StoreOptions options) throws IOException {
    Path data = options.directory().resolve(DATA_FILE);
    long fileBytes = Files.exists(data) ? Files.size(data) : 0;
    if (fileBytes > 0) {
      PageCheck.check(data, options.check());
    } else if (Headroom.isKeptIn(options.directory())) {
      throw new StoreException(
          DATA_FILE
              + " is empty or missing, but there have been writes; restore a backup, or remove the"
              + " directory to begin anew");
    }
    Headroom.prepare(options.directory());
    Env<ByteBuffer> env =
        Env.create(new MapBuffers())
            .setMapSize(Headroom.mapSize(options.maxSize(), fileBytes))
            .setMaxDbs(Tables.COUNT)
            .setMaxReaders(ReaderPool.slots() + 2)
            .open(options.directory().toFile(), PrivateFiles.MODE, flags(options.sync()));
    try {
      // Of a process that was killed with another policy the last writes may be in memory only.
      env.sync(true);
      return Tables.open(env);
    } catch (RuntimeException | Error e) {
      env.close();
      throw e;
    }
  }

  private static EnvFlags[] flags(SyncPolicy sync) {
    return sync.mode() == SyncPolicy.Mode.COMMIT
        ? new EnvFlags[] {EnvFlags.MDB_NOTLS}
        : new EnvFlags[] {EnvFlags.MDB_NOTLS, EnvFlags.MDB_NOSYNC};
  }

  private static void release(DirectoryLock lock, Throwable cause) {
    try {
      lock.close();
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  Tables tables() {
    return tables;
  }

  LmdbFailure failure() {
    return failure;
  }

  StoreStats stats(Txn<ByteBuffer> txn) {
    Stat entries = tables.entries().stat(txn);
    EnvInfo info = tables.env().info();
    long used = tables.usedBytes(txn);
    return new StoreStats(
        entries.entries,
        tables.chunks().stat(txn).entries,
        tables.garbage().stat(txn).entries,
        tables.get(txn, Tables.Counter.TAIL),
        fileBytes(),
        used,
        Math.max(0, tables.allocatedBytes(txn) - used),
        failure.maxSize(),
        entries.depth,
        info.lastTransactionId);
  }

  private long fileBytes() {
    try {
      return Files.size(failure.directory().resolve(DATA_FILE));
    } catch (IOException e) {
      throw failure.of("measure", e);
    }
  }

  /** Nobody may use the tables any more. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    try (lock) {
      try {
        tables.env().sync(true);
      } finally {
        tables.env().close();
      }
    } catch (IOException | LmdbException e) {
      throw failure.of("close", e);
    }
  }
}
