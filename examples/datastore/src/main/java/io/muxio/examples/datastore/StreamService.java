package io.muxio.examples.datastore;

import io.muxio.examples.datastore.store.Progress;
import io.muxio.examples.datastore.store.Store;
import io.muxio.examples.datastore.store.StoreException;
import io.muxio.examples.datastore.store.ValueReader;
import io.muxio.examples.datastore.store.ValueWriter;
import io.muxio.netty.server.RpcServerBuilder;
import io.muxio.rpc.endpoint.StreamContext;
import io.muxio.rpc.endpoint.StreamHandler;
import io.muxio.rpc.service.ChunkReader;
import io.muxio.rpc.service.ChunkWriter;
import io.muxio.rpc.service.RpcException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;

/**
 * Values of any length and whole stores, in the memory of a few chunks. Its handlers block, so only
 * so many run at once.
 */
final class StreamService {
  /** Each keeps a thread where the JVM has no virtual ones, and memory. */
  private static final int MAX_UPLOADS = 64;

  private static final int MAX_DOWNLOADS = 128;

  private final Store store;
  private final Semaphore uploads = new Semaphore(MAX_UPLOADS);
  private final Semaphore downloads = new Semaphore(MAX_DOWNLOADS);

  StreamService(Store store) {
    this.store = store;
  }

  /** The handlers, as a server registers them. */
  void serveOn(RpcServerBuilder server) {
    server
        .handleStream(DataStoreAdmin.WRITE_STREAM, limited(uploads, "uploads", this::write))
        .handleStream(DataStoreAdmin.IMPORT, limited(uploads, "uploads", this::importAll))
        .handleStream(DataStoreAdmin.READ_STREAM, limited(downloads, "downloads", this::read))
        .handleStream(DataStoreAdmin.EXPORT, limited(downloads, "downloads", this::export));
  }

  private static StreamHandler limited(Semaphore places, String what, StreamHandler handler) {
    return (request, response, call) -> {
      if (!places.tryAcquire()) {
        throw RpcException.plainSystemError("too many " + what + " are running; try again later");
      }
      try {
        handler.handle(request, response, call);
      } finally {
        places.release();
      }
    };
  }

  private void write(ChunkReader request, ChunkWriter response, StreamContext call)
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

  private void read(ChunkReader request, ChunkWriter response, StreamContext call)
      throws InterruptedException {
    Optional<ValueReader> found = Failures.of(() -> store.openReader(call.parameters()));
    if (found.isEmpty()) {
      return;
    }
    try (ValueReader reader = found.get()) {
      for (ByteBuffer chunk = reader.next(); chunk != null; chunk = reader.next()) {
        response.write(Unpooled.wrappedBuffer(chunk));
      }
    } catch (StoreException e) {
      throw Failures.failure(e);
    }
  }

  private void export(ChunkReader request, ChunkWriter response, StreamContext call)
      throws IOException {
    try (OutputStream file = response.outputStream()) {
      store.exportTo(Channels.newChannel(file), Progress.NONE);
    } catch (StoreException e) {
      throw Failures.failure(e);
    }
  }

  private void importAll(ChunkReader request, ChunkWriter response, StreamContext call)
      throws IOException, InterruptedException {
    try (InputStream file = request.inputStream()) {
      long entries = store.importFrom(Channels.newChannel(file), Progress.NONE);
      response.write(Unpooled.copyLong(entries));
    } catch (StoreException e) {
      throw Failures.failure(e);
    }
  }
}
