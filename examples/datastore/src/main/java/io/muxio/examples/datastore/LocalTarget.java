package io.muxio.examples.datastore;

import io.muxio.examples.datastore.store.Progress;
import io.muxio.examples.datastore.store.Store;
import io.muxio.examples.datastore.store.StoreReport;
import io.muxio.examples.datastore.store.StoreStats;
import io.muxio.examples.datastore.store.ValueReader;
import io.muxio.examples.datastore.store.ValueWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.util.Optional;

/** A directory that this process has opened. */
final class LocalTarget implements StoreTarget {
  private static final int PIECE = 64 * 1024;

  private final Store store;

  LocalTarget(Store store) {
    this.store = store;
  }

  @Override
  public void write(byte[] key, InputStream value) throws IOException {
    byte[] piece = new byte[PIECE];
    try (ValueWriter writer = store.openWriter(key)) {
      for (int read = value.read(piece); read >= 0; read = value.read(piece)) {
        writer.write(ByteBuffer.wrap(piece, 0, read));
      }
      writer.publish().join();
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  @Override
  public boolean read(byte[] key, OutputStream target) throws IOException {
    WritableByteChannel channel = Channels.newChannel(target);
    Optional<ValueReader> found = store.openReader(key);
    if (found.isEmpty()) {
      return false;
    }
    try (ValueReader reader = found.get()) {
      for (ByteBuffer chunk = reader.next(); chunk != null; chunk = reader.next()) {
        channel.write(chunk);
      }
    }
    target.flush();
    return true;
  }

  @Override
  public void delete(byte[] key) throws IOException {
    try {
      store.delete(key).join();
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  @Override
  public long importFrom(InputStream file) throws IOException {
    try {
      return store.importFrom(Channels.newChannel(file), Progress.NONE);
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  private static InterruptedIOException interrupted() {
    Thread.currentThread().interrupt();
    return new InterruptedIOException("interrupted while it waited for the disk");
  }

  @Override
  public void exportTo(OutputStream file) throws IOException {
    store.exportTo(Channels.newChannel(file), Progress.NONE);
    file.flush();
  }

  @Override
  public StoreStats stats() {
    return store.stats();
  }

  @Override
  public StoreReport verify() {
    return store.verify(Progress.NONE);
  }

  @Override
  public void close() {
    store.close();
  }
}
