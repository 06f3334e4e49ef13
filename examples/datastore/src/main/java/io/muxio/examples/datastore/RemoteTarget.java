package io.muxio.examples.datastore;

import io.muxio.examples.datastore.store.StoreReport;
import io.muxio.examples.datastore.store.StoreStats;
import io.muxio.netty.client.RpcClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** A server that runs. */
final class RemoteTarget implements StoreTarget {
  private final DataStoreClient client;

  RemoteTarget(RpcClient client) {
    this.client = new DataStoreClient(client);
  }

  @Override
  public void write(byte[] key, InputStream value) throws IOException {
    client.write(key, value);
  }

  @Override
  public boolean read(byte[] key, OutputStream target) throws IOException {
    return client.read(key, target);
  }

  @Override
  public void delete(byte[] key) {
    client.values().delete(new Key(key)).toCompletableFuture().join();
  }

  @Override
  public long importFrom(InputStream file) throws IOException {
    return client.importFrom(file);
  }

  @Override
  public void exportTo(OutputStream file) throws IOException {
    client.exportTo(file);
  }

  @Override
  public StoreStats stats() {
    return client.admin().stats();
  }

  @Override
  public StoreReport verify() {
    return client.admin().verify();
  }

  @Override
  public void close() {
    client.close();
  }
}
