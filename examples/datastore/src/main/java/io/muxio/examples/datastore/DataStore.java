package io.muxio.examples.datastore;

import io.muxio.bitcode.U64;
import io.muxio.rpc.service.RpcName;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * The service that the published clients of SIMD R Drive call, method by method as the crate {@code
 * simd-r-drive-muxio-service-definition} 0.17.5 has it.
 *
 * <p>Writes answer with the <em>tail</em>: how long the log of the published store would be by now,
 * see {@link io.muxio.examples.datastore.store.Store}. A value of no bytes, or of a single zero
 * byte, is refused, because the published store refuses them.
 */
public interface DataStore {
  /**
   * Writes a value, over the one that is there.
   *
   * @param key any bytes, also none
   * @param payload the value
   * @return the tail, when the value is as durable as the server's sync policy says
   */
  @RpcName("write")
  CompletionStage<@U64 Long> write(byte[] key, byte[] payload);

  /**
   * Writes values, all or none of them.
   *
   * @param items of two with the same key the last counts
   * @return the tail, as for a single write
   */
  @RpcName("batch_write")
  CompletionStage<@U64 Long> batchWrite(List<Item> items);

  /**
   * Reads a value.
   *
   * @param key whose
   * @return the value; empty where there is none
   */
  @RpcName("read")
  Optional<byte[]> read(Key key);

  /**
   * Reads values as they are at one moment.
   *
   * @param keys whose
   * @return for each key, in its order, the value or empty
   */
  @RpcName("batch_read")
  List<Optional<byte[]>> batchRead(List<byte[]> keys);

  /**
   * Deletes a value.
   *
   * @param key whose; nothing changes where there is no value
   * @return the tail, as for a write
   */
  @RpcName("delete")
  CompletionStage<@U64 Long> delete(Key key);

  /**
   * Tells whether there is a value.
   *
   * @param key whose
   * @return whether there is one
   */
  @RpcName("exists")
  boolean exists(Key key);

  /**
   * Counts.
   *
   * @return how many keys have a value
   */
  @RpcName("len")
  @U64
  long len();

  /**
   * Tells whether there is nothing.
   *
   * @return whether no key has a value
   */
  @RpcName("is_empty")
  boolean isEmpty();

  /**
   * The tail. What the data take on the disk is told by {@code datastore stats}.
   *
   * @return bytes; never less than before
   */
  @RpcName("file_size")
  @U64
  long fileSize();
}
