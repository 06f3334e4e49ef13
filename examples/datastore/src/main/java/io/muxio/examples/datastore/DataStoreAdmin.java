package io.muxio.examples.datastore;

import io.muxio.examples.datastore.store.StoreReport;
import io.muxio.examples.datastore.store.StoreStats;
import io.muxio.rpc.service.RpcName;
import io.muxio.rpc.service.StreamMethod;

/**
 * What a Java client may ask of the server besides the values. The published clients know nothing
 * of it. Values of any length, and whole stores, travel as streams of bytes:
 *
 * <table>
 *   <caption>Streams; numbers are big-endian</caption>
 *   <tr><th>method</th><th>parameters</th><th>request</th><th>answer</th></tr>
 *   <tr><td>{@link #WRITE_STREAM}</td><td>key</td><td>value</td><td>u64 tail</td></tr>
 *   <tr><td>{@link #READ_STREAM}</td><td>key</td><td>none</td><td>value; no bytes where there is none</td></tr>
 *   <tr><td>{@link #EXPORT}</td><td>none</td><td>none</td><td>a file as {@code datastore export}
 *       writes it</td></tr>
 *   <tr><td>{@link #IMPORT}</td><td>none</td><td>such a file</td><td>u64 entries</td></tr>
 * </table>
 */
public interface DataStoreAdmin {
  /** Writes a value of any length, in whole or not at all. The key has up to 65,535 bytes. */
  StreamMethod WRITE_STREAM = StreamMethod.of("datastore.write_stream");

  /** Reads a value of any length, as it was when the call began. */
  StreamMethod READ_STREAM = StreamMethod.of("datastore.read_stream");

  /** Writes all entries to a file. */
  StreamMethod EXPORT = StreamMethod.of("datastore.export");

  /** Writes the entries of a file into the store. */
  StreamMethod IMPORT = StreamMethod.of("datastore.import");

  /**
   * Tells what the store holds.
   *
   * @return of this moment
   */
  @RpcName("datastore.stats")
  StoreStats stats();

  /**
   * Reads everything and checks it.
   *
   * @return what was wrong
   */
  @RpcName("datastore.verify")
  StoreReport verify();
}
