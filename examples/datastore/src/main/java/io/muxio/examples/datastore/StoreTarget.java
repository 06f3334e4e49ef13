package io.muxio.examples.datastore;

import io.muxio.examples.datastore.store.StoreReport;
import io.muxio.examples.datastore.store.StoreStats;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** The store that a command works on. Streams are not closed. */
interface StoreTarget extends AutoCloseable {
  void write(byte[] key, InputStream value) throws IOException;

  /** False where there is no value. */
  boolean read(byte[] key, OutputStream target) throws IOException;

  void delete(byte[] key) throws IOException;

  /** How many entries. */
  long importFrom(InputStream file) throws IOException;

  void exportTo(OutputStream file) throws IOException;

  StoreStats stats();

  StoreReport verify();

  @Override
  void close();
}
