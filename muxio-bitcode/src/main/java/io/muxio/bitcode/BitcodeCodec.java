package io.muxio.bitcode;

import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.function.Function;

/**
 * Turns values of one type into bitcode 0.6 messages and back. Immutable and thread-safe; make one
 * per type and keep it. {@link Bitcode}, {@link Structs} and {@link Enums} make them.
 *
 * <p>A codec is a tree that follows the type. For each message it grows a tree of column writers or
 * column readers of the same form, whose leaves hold the columns in primitive arrays.
 *
 * @param <T> the Java type of the values
 */
public abstract class BitcodeCodec<T> {
  BitcodeCodec() {}

  /**
   * Encodes a value. Arrays inside the value must not change meanwhile.
   *
   * @param value what to encode
   * @return a new array with the message, empty if the type has no content
   * @throws BitcodeException if the type cannot represent the value
   */
  public final byte[] encode(T value) {
    return write(value).toArray();
  }

  /**
   * Encodes a value into a buffer, at its position, which moves behind the message.
   *
   * @param value what to encode
   * @param target where to, direct or not, of any byte order; unchanged if this method throws
   * @throws BitcodeException if the type cannot represent the value
   * @throws BufferOverflowException if the message is larger than what remains of the buffer
   */
  public final void encode(T value, ByteBuffer target) {
    target.put(write(value).toBuffer());
  }

  /**
   * Decodes a message within {@link BitcodeLimits#DEFAULT}.
   *
   * @param message the whole message
   * @return the value, which shares no memory with the message
   * @throws BitcodeException if the bytes are not exactly one value of this type
   */
  public final T decode(byte[] message) {
    return decode(ByteBuffer.wrap(message), BitcodeLimits.DEFAULT);
  }

  /**
   * Decodes what remains of a buffer within {@link BitcodeLimits#DEFAULT}.
   *
   * @param message the whole message, direct or not, of any byte order; its position moves to its
   *     limit, or stays if this method throws
   * @return the value, which shares no memory with the message
   * @throws BitcodeException if the bytes are not exactly one value of this type
   */
  public final T decode(ByteBuffer message) {
    return decode(message, BitcodeLimits.DEFAULT);
  }

  /**
   * Decodes what remains of a buffer.
   *
   * @param message the whole message, direct or not, of any byte order; its position moves to its
   *     limit, or stays if this method throws
   * @param limits what to accept
   * @return the value, which shares no memory with the message
   * @throws BitcodeException if the bytes are not exactly one value of this type, or exceed a limit
   */
  public final T decode(ByteBuffer message, BitcodeLimits limits) {
    T value = read(new Input(message, limits));
    message.position(message.limit());
    return value;
  }

  /**
   * A codec with the same bytes for another Java type, such as an {@code Instant} sent as {@code
   * u64} milliseconds.
   *
   * @param <R> the other type
   * @param decoded makes it from a decoded value; what it throws is reported as a {@link
   *     BitcodeException}
   * @param encoded gives the value to encode
   * @return the codec
   */
  public final <R> BitcodeCodec<R> map(
      Function<? super T, ? extends R> decoded, Function<? super R, ? extends T> encoded) {
    return new MappedCodec<>(toString(), this, decoded, encoded);
  }

  /** The type in Rust's notation, for example {@code struct{numbers:Vec<f64>}}. */
  @Override
  public abstract String toString();

  abstract ColumnWriter<T> newWriter();

  abstract ColumnReader<T> newReader();

  /** Writes the columns of a type of which the message has this one value. */
  void writeOne(T value, Output out) {
    ColumnWriter<T> writer = newWriter();
    writer.addNonNull(value);
    writer.flush(out);
  }

  /**
   * Reads the columns of a {@link #flat} type of which the message has one value.
   *
   * @throws BitcodeException if the input is not such columns
   */
  T readOne(Input in) {
    ColumnReader<T> reader = newReader();
    reader.load(in, 1);
    return reader.next();
  }

  /** Whether values of this type take no bytes, however many they are. */
  abstract boolean zeroSized();

  /** How many bytes a message of one value has: the most where the type says it, else a guess. */
  int expectedBytes() {
    return 128;
  }

  /**
   * Whether a value has as many parts as its type says, so that it can be made while it is read. A
   * false message could have many parts of others made before its end is looked at.
   */
  boolean flat() {
    return false;
  }

  /**
   * Rust's {@code Ord}, in which sorted sets and maps are written.
   *
   * @throws IllegalArgumentException if the type has none
   */
  abstract Comparator<T> order();

  /** Whether this is a struct without fields; as a variant of an enum it then has no column. */
  boolean fieldless() {
    return false;
  }

  /** What a user gave. */
  static <V> V nonNull(V value) {
    if (value == null) {
      throw new BitcodeException("null, expected a value");
    }
    return value;
  }

  private T read(Input in) {
    if (flat()) {
      T value = readOne(in);
      in.expectEnd();
      return value;
    }
    ColumnReader<T> reader = newReader();
    reader.load(in, 1);
    in.expectEnd();
    return reader.next();
  }

  private Output write(T value) {
    Output out = new Output(expectedBytes());
    writeOne(value, out);
    return out;
  }
}
