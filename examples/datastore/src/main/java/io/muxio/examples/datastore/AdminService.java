package io.muxio.examples.datastore;

import io.muxio.examples.datastore.store.Progress;
import io.muxio.examples.datastore.store.Store;
import io.muxio.examples.datastore.store.StoreReport;
import io.muxio.examples.datastore.store.StoreStats;

/** Looks after the store while it is served. */
final class AdminService implements DataStoreAdmin {
  private final Store store;

  AdminService(Store store) {
    this.store = store;
  }

  @Override
  public StoreStats stats() {
    return Failures.of(store::stats);
  }

  @Override
  public StoreReport verify() {
    return Failures.of(() -> store.verify(Progress.NONE));
  }
}
