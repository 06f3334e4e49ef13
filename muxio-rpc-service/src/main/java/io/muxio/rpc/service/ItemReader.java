package io.muxio.rpc.service;

import io.muxio.rpc.typed.ItemSource;
import io.netty.util.ReferenceCountUtil;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Reads a publisher with a loop that waits for each item, which suits virtual threads: the answer
 * of a stub's method, or the stream that a handler's method gets.
 *
 * <pre>{@code
 * try (ItemReader<Order> orders = ItemReader.of(shop.watch())) {
 *   for (Order order : orders) {
 *     System.out.println(order);
 *   }
 * }
 * }</pre>
 *
 * <p>Items that the loop has not come to are not asked for: those of a peer wait as bytes, within
 * the bounds of {@link ChunkReader}, and are decoded by the thread that reads; of any other
 * publisher 16 are asked for ahead. An item that is a {@code ByteBuf} belongs to the one who gets
 * it, who releases it.
 *
 * <p>Read by one thread at a time; it can be closed by any.
 *
 * @param <T> the type of the items
 */
public final class ItemReader<T> implements Iterable<T>, AutoCloseable {
  private final ItemSource source;
  private final Items items = new Items();

  /** Looked for and not taken. */
  private final AtomicReference<@Nullable T> next = new AtomicReference<>();

  private volatile boolean ended;
  private volatile boolean closed;

  private ItemReader(ItemSource source) {
    this.source = source;
  }

  /**
   * Subscribes to a publisher: one that a stub has returned calls the peer now.
   *
   * @param <T> the type of the items
   * @param publisher nobody else reads these items; where it has one subscriber only and has it
   *     already, the first read fails
   * @return a reader that is to be closed, unless it is read to its end or failure
   */
  public static <T> ItemReader<T> of(Flow.Publisher<? extends T> publisher) {
    return new ItemReader<>(ItemSource.of(Objects.requireNonNull(publisher, "publisher")));
  }

  /**
   * The items that were not read yet.
   *
   * @return always the same iterator, which goes on where it was. Its {@code hasNext()} and {@code
   *     next()} wait for an item, and throw
   *     <ul>
   *       <li>an {@link RpcException} where the stream has failed; an error that the method
   *           declares is its cause. {@link RpcStatus#CANCELLED} where the reader was closed, or
   *           where the thread is interrupted, which it stays: then the reader is closed too
   *       <li>an {@link IllegalStateException} on the event loop of the connection that the items
   *           come from, which would wait for itself
   *     </ul>
   */
  @Override
  public Iterator<T> iterator() {
    return items;
  }

  /**
   * Wants no more items: those that wait and those that come are dropped, and a thread that waits
   * is woken. Where the stream is the answer to a call of ours, the call is given up. Does nothing
   * where the stream was read to its end.
   */
  @Override
  public void close() {
    closed = true;
    if (!ended) {
      source.cancel();
    }
    drop();
  }

  private final class Items implements Iterator<T> {
    @Override
    public boolean hasNext() {
      while (!ended && next.get() == null) {
        T item = take();
        ended = item == null;
        next.set(item);
        if (closed) {
          drop(); // it has come while the reader was closed, which the next one tells
        }
      }
      return !ended;
    }

    @Override
    public T next() {
      T item = next.getAndSet(null);
      while (item == null) {
        if (!hasNext()) {
          throw new NoSuchElementException("the stream has ended");
        }
        item = next.getAndSet(null);
      }
      return item;
    }
  }

  @SuppressWarnings("unchecked") // the publisher's items are such
  private @Nullable T take() {
    try {
      return (T) source.next();
    } catch (InterruptedException e) {
      close();
      Thread.currentThread().interrupt();
      throw new RpcException(RpcStatus.CANCELLED, null, "the reading thread was interrupted", e);
    }
  }

  private void drop() {
    ReferenceCountUtil.release(next.getAndSet(null));
  }
}
