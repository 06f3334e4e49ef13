package io.muxio.rpc.service;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The chunks of a reader as one run of bytes, for one thread at a time. Owns the chunk it reads.
 */
final class ChunkInputStream extends InputStream {
  private final ChunkReader chunks;

  /** What is left of the chunk that was taken last, or null where another has to be taken. */
  private @Nullable ByteBuf chunk;

  private boolean ended;
  private boolean closed;

  ChunkInputStream(ChunkReader chunks) {
    this.chunks = chunks;
  }

  @Override
  public int read() throws IOException {
    ByteBuf current = current();
    if (current == null) {
      return -1;
    }
    int value = current.readUnsignedByte();
    releaseIfRead(current);
    return value;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, target.length);
    if (length == 0) {
      return 0;
    }
    ByteBuf current = current();
    if (current == null) {
      return -1;
    }
    int read = Math.min(length, current.readableBytes());
    current.readBytes(target, offset, read);
    releaseIfRead(current);
    return read;
  }

  @Override
  public int available() {
    return chunk == null ? 0 : chunk.readableBytes();
  }

  /** Drops what was not read. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    if (chunk != null) {
      chunk.release();
      chunk = null;
    }
    if (!ended) {
      chunks.cancel();
    }
  }

  private @Nullable ByteBuf current() throws IOException {
    if (closed) {
      throw new IOException("the stream was closed");
    }
    if (chunk == null && !ended) {
      chunk = next();
      ended = chunk == null;
    }
    return chunk;
  }

  private @Nullable ByteBuf next() throws IOException {
    try {
      return chunks.read();
    } catch (RpcException e) {
      throw new IOException(e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while it waited for the peer");
    }
  }

  private void releaseIfRead(ByteBuf current) {
    if (!current.isReadable()) {
      chunk = null;
      current.release();
    }
  }
}
