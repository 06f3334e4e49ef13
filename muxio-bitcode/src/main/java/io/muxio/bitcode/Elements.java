package io.muxio.bitcode;

import java.util.Comparator;

/**
 * What the containers of one place of a type hold: the doubles of all {@code Vec<f64>}, the text of
 * all strings. How many of them belong to which container is known outside, see {@link BitcodeVec}
 * and {@link FixedCodec}.
 *
 * @param <A> the Java type of a container
 */
abstract class Elements<A> {
  abstract Writer<A> newWriter();

  abstract Reader<A> newReader();

  abstract ElementCost cost();

  /** Rust's {@code Ord} of the containers. */
  abstract Comparator<A> order();

  /** The container in Rust's notation. */
  abstract String vecName();

  /** An element in Rust's notation. */
  abstract String elementName();

  /** Collects the elements of all containers of a message. */
  abstract static class Writer<A> {
    /**
     * Collects the elements of a container.
     *
     * @return their number
     */
    abstract int addAll(A container);

    abstract void flush(Output out);
  }

  /** Reads the elements of all containers of a message, then builds the containers in order. */
  abstract static class Reader<A> {
    /** As {@link ColumnReader#load}; {@code count} is the number of elements. */
    abstract void load(Input in, int count);

    /** The next container. */
    abstract A take(int count);
  }
}
