package io.muxio.rpc.typed;

import io.muxio.rpc.service.RpcException;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** Where a thread takes the items of a stream, one thread at a time. */
public interface ItemSource {
  /**
   * Where the items of a publisher are taken; subscribes to it.
   *
   * @param publisher of a peer's items, or of any
   * @return the source, which is cancelled by its user unless it ends or fails
   */
  static ItemSource of(Flow.Publisher<?> publisher) {
    return publisher instanceof Publisher received
        ? received.open()
        : SubscribedItems.of(publisher);
  }

  /**
   * Waits for the next item.
   *
   * @return owned by the caller; null where the stream has ended
   * @throws InterruptedException where the thread was interrupted
   * @throws RpcException where the stream has failed or was cancelled
   * @throws IllegalStateException on the connection's event loop, where the source knows it
   */
  @Nullable Object next() throws InterruptedException;

  /** Wants no more items; whoever waits is woken. On any thread, and more than once. */
  void cancel();

  /**
   * A publisher whose items come from a peer: they can be taken without a thread that brings them.
   */
  interface Publisher extends Flow.Publisher<Object> {
    /**
     * Takes the place of a subscriber.
     *
     * @return where the items are taken
     */
    ItemSource open();
  }
}
