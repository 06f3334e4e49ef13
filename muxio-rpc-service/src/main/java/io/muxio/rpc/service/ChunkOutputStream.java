package io.muxio.rpc.service;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Bytes gathered to the chunks of a writer, for one thread at a time. Owns the chunk it fills. */
final class ChunkOutputStream extends OutputStream {
  /** What published peers cut at, so that a full chunk travels as it is. */
  private static final int CHUNK_BYTES = 64 * 1024;

  private final ChunkWriter chunks;

  /** What was written and has not been sent, or null where nothing was. */
  private @Nullable ByteBuf chunk;

  private boolean closed;

  ChunkOutputStream(ChunkWriter chunks) {
    this.chunks = chunks;
  }

  @Override
  public void write(int value) throws IOException {
    current().writeByte(value);
    sendIfFull();
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    int written = 0;
    while (written < length) {
      ByteBuf current = current();
      int part = Math.min(length - written, CHUNK_BYTES - current.readableBytes());
      current.writeBytes(bytes, offset + written, part);
      written += part;
      sendIfFull();
    }
  }

  @Override
  public void flush() throws IOException {
    if (chunk != null) {
      ByteBuf full = chunk;
      chunk = null;
      send(full);
    }
  }

  /** Sends what was written. Does not end the stream: also what breaks off is closed. */
  @Override
  public void close() throws IOException {
    if (!closed) {
      closed = true;
      flush();
    }
  }

  private ByteBuf current() throws IOException {
    if (closed) {
      throw new IOException("the stream was closed");
    }
    if (chunk == null) {
      chunk = PooledByteBufAllocator.DEFAULT.directBuffer(CHUNK_BYTES, CHUNK_BYTES);
    }
    return chunk;
  }

  private void sendIfFull() throws IOException {
    if (chunk != null && chunk.readableBytes() == CHUNK_BYTES) {
      flush();
    }
  }

  private void send(ByteBuf full) throws IOException {
    boolean sent = false;
    try {
      chunks.write(full);
      sent = true;
    } catch (RpcException e) {
      throw new IOException(e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while it waited for the peer");
    } finally {
      closed |= !sent; // what follows would hide the gap
    }
  }
}
