package io.muxio.bitcode;

/** The value of Rust's {@code ()}: a request or an answer without content. */
public enum Unit {
  /** The only value. */
  UNIT
}
