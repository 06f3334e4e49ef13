package io.muxio.examples.datastore;

import io.muxio.examples.datastore.store.Progress;
import io.muxio.examples.datastore.store.Store;
import io.muxio.examples.datastore.store.StoreException;
import io.muxio.examples.datastore.store.ValueReader;
import io.muxio.examples.datastore.store.ValueWriter;
import io.muxio.rpc.endpoint.StreamContext;
import io.muxio.rpc.service.ChunkReader;
import io.muxio.rpc.service.ChunkWriter;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcStatus;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.util.concurrent.CompletionException;

/** Values of any length and whole stores, in the memory of a few chunks. Its handlers block. */
final class StreamService {
  private final Store store;

  StreamService(Store store) {
    this.store = store;
  }

  void write(ChunkReader request, ChunkWriter response, StreamContext call)
      throws InterruptedException {
    try (ValueWriter writer = store.openWriter(call.parameters())) {
      for (ByteBuf chunk = request.read(); chunk != null; chunk = request.read()) {
        try {
          writer.write(chunk.nioBuffer());
        } finally {
          chunk.release();
        }
      }
      response.write(Unpooled.copyLong(writer.publish().join()));
    } catch (StoreException | IllegalArgumentException | CompletionException e) {
      throw Failures.failure(e);
    }
  }

  void read(ChunkReader request, ChunkWriter response, StreamContext call)
      throws InterruptedException {
    byte[] key = call.parameters();
    try (ValueReader reader = store.openReader(key).orElseThrow(() -> notFound(key))) {
      for (ByteBuffer chunk = reader.next(); chunk != null; chunk = reader.next()) {
        response.write(Unpooled.wrappedBuffer(chunk));
      }
    } catch (StoreException e) {
      throw Failures.failure(e);
    }
  }

  private static RpcException notFound(byte[] key) {
    return new RpcException(
        RpcStatus.NOT_FOUND, "no value for the key of " + key.length + " bytes");
  }

  void export(ChunkReader request, ChunkWriter response, StreamContext call) throws IOException {
    try (OutputStream file = response.outputStream()) {
      store.exportTo(Channels.newChannel(file), Progress.NONE);
    } catch (StoreException e) {
      throw Failures.failure(e);
    }
  }

  void importAll(ChunkReader request, ChunkWriter response, StreamContext call)
      throws IOException, InterruptedException {
    try (InputStream file = request.inputStream()) {
      long entries = store.importFrom(Channels.newChannel(file), Progress.NONE);
      response.write(Unpooled.copyLong(entries));
    } catch (StoreException e) {
      throw Failures.failure(e);
    }
  }
}
