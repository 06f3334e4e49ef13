package io.muxio.rpc.service;

import java.io.Serial;

/**
 * An error of the application that is part of a method's contract: thrown by the handler, sent with
 * its data, and thrown again by the caller's stub.
 *
 * <pre>{@code
 * public final class OutOfStock extends ApplicationException {
 *   public record Details(String article, int left) {}
 *
 *   private final Details data;
 *
 *   public OutOfStock(String message, Details data) {
 *     super(message);
 *     this.data = data;
 *   }
 *
 *   @Override
 *   public Details data() {
 *     return data;
 *   }
 * }
 * }</pre>
 *
 * <p>A method of an interface declares it with {@code throws}; its class is public then, with a
 * public constructor of the message and of what {@link #data()} returns, in this order. An {@link
 * RpcMethod} declares it with {@link RpcMethod#throwing}. What travels is the class's simple name,
 * the message and the data. A peer that does not know the class gets {@link RpcStatus#FAIL} with
 * the message, and so does the caller of a method that does not declare it.
 */
public abstract class ApplicationException extends Exception {
  @Serial private static final long serialVersionUID = 1;

  /**
   * Makes the exception.
   *
   * @param message the text for whoever calls, and all that a peer of another language gets
   */
  protected ApplicationException(String message) {
    super(message);
  }

  /**
   * What the caller needs to know. A subclass returns it as its own type, which is the type that is
   * encoded.
   *
   * @return the data, not null
   */
  public abstract Object data();
}
