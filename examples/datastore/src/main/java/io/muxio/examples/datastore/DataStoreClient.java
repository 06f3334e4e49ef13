package io.muxio.examples.datastore;

import io.muxio.netty.client.RpcClient;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.StreamCall;
import io.muxio.rpc.service.StreamMethod;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * The data store for Java programs: what the published clients can do, and values of any length.
 * Safe to use from any thread. Its own methods wait for the server, for as long as the deadline of
 * the client's call options says, which is for a whole stream.
 */
public final class DataStoreClient implements AutoCloseable {
  private static final byte[] NO_PARAMETERS = {};

  private final RpcClient client;

  /**
   * Speaks over a client.
   *
   * @param client to a data store; closed with this one
   */
  public DataStoreClient(RpcClient client) {
    this.client = client;
  }

  /**
   * Values that fit into a message.
   *
   * @return a stub
   */
  public DataStore values() {
    return client.service(DataStore.class);
  }

  /**
   * What the server tells of its store.
   *
   * @return a stub
   */
  public DataStoreAdmin admin() {
    return client.service(DataStoreAdmin.class);
  }

  /**
   * Writes a value of any length. Nothing is written where the source or the connection fails.
   *
   * @param key up to 65,535 bytes
   * @param value read to its end, not closed
   * @return the tail, see {@link DataStore}
   * @throws IOException where the source fails, or the call, whose {@link RpcException} is the
   *     cause; so it is for an empty value and for a single byte 0
   * @throws IllegalArgumentException where the key is longer
   */
  public long write(byte[] key, InputStream value) throws IOException {
    return send(DataStoreAdmin.WRITE_STREAM, key, value);
  }

  /**
   * Reads a value of any length. A target that takes nothing for the client's {@code
   * readerTimeout}, 5 s by default, makes it fail: raise that of a client which is used for this
   * only.
   *
   * @param key up to 65,535 bytes
   * @param target gets the value; flushed, not closed
   * @return false where there is no value; nothing was written then
   * @throws IOException where the target fails, or the call, whose {@link RpcException} is the
   *     cause; a part of the value may have been written by then
   * @throws IllegalArgumentException where the key is longer
   */
  public boolean read(byte[] key, OutputStream target) throws IOException {
    return receive(DataStoreAdmin.READ_STREAM, key, target) > 0;
  }

  /**
   * Writes the entries of a file that {@code export} made.
   *
   * @param file read to its end, not closed
   * @return how many entries there were
   * @throws IOException as {@link #write} does; entries before the failure may have been written
   */
  public long importFrom(InputStream file) throws IOException {
    return send(DataStoreAdmin.IMPORT, NO_PARAMETERS, file);
  }

  /**
   * Writes all entries to a file.
   *
   * @param file where to; flushed, not closed
   * @throws IOException as {@link #read} does
   */
  public void exportTo(OutputStream file) throws IOException {
    receive(DataStoreAdmin.EXPORT, NO_PARAMETERS, file);
  }

  /** A call that breaks off is cancelled, so that the server does not take half for the whole. */
  private long send(StreamMethod method, byte[] parameters, InputStream bytes) throws IOException {
    try (StreamCall call = client.open(method, parameters, client.callOptions())) {
      try (OutputStream request = call.request().outputStream()) {
        bytes.transferTo(request);
      }
      call.request().end();
      try (DataInputStream answer = new DataInputStream(call.response().inputStream())) {
        return answer.readLong();
      }
    }
  }

  private long receive(StreamMethod method, byte[] parameters, OutputStream target)
      throws IOException {
    long bytes;
    try (StreamCall call = client.open(method, parameters, client.callOptions())) {
      call.request().end();
      try (InputStream answer = call.response().inputStream()) {
        bytes = answer.transferTo(target);
      }
    }
    target.flush();
    return bytes;
  }

  @Override
  public void close() {
    client.close();
  }
}
