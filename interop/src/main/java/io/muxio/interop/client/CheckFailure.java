package io.muxio.interop.client;

/** The server did something else than it should have. */
final class CheckFailure extends Exception {
  private static final long serialVersionUID = 1;

  CheckFailure(String actualAndExpected) {
    super(actualAndExpected);
  }
}
