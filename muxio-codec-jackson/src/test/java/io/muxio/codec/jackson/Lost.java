package io.muxio.codec.jackson;

import io.muxio.rpc.service.ApplicationException;

/** An error of the library. */
public final class Lost extends ApplicationException {
  private final transient Library.Book book;

  public Lost(String message, Library.Book book) {
    super(message);
    this.book = book;
  }

  @Override
  public Library.Book data() {
    return book;
  }
}
