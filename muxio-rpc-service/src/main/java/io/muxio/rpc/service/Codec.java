package io.muxio.rpc.service;

import io.muxio.bitcode.BitcodeCodec;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * Values of a request or an answer to bytes and back. Codecs are called from any number of threads
 * at once.
 *
 * @param <T> the type of the values
 */
public interface Codec<T> {
  /**
   * Encodes a value.
   *
   * @param value the value
   * @param allocator where the bytes may be put
   * @return the bytes; the caller owns them
   * @throws CodecException where the value cannot be represented
   */
  ByteBuf encode(T value, ByteBufAllocator allocator);

  /**
   * Decodes a value. Check lengths, and that nothing is left: what is wrong with the bytes is told
   * to their sender by a {@link CodecException}. Whatever else is thrown is taken for a bug of the
   * codec: the sender learns nothing of it, and the log gets the stack. A buffer to keep has to be
   * retained.
   *
   * @param bytes the readable bytes are the encoding; lent until this method returns
   * @return the value
   * @throws CodecException where the bytes are not the encoding of a value
   */
  T decode(ByteBuf bytes);

  /**
   * The bytes as they are, as an array. An array to send is not copied and must not be changed
   * afterwards.
   *
   * @return the codec
   */
  static Codec<byte[]> bytes() {
    return RawCodecs.BYTES;
  }

  /**
   * The bytes as they are, without a copy. Encoding takes the buffer over; a decoded buffer belongs
   * to the one who asked for it, who releases it. A handler that answers with its request's buffer
   * so passes it on.
   *
   * @return the codec
   */
  static Codec<ByteBuf> byteBuf() {
    return RawCodecs.BYTE_BUF;
  }

  /**
   * Text in UTF-8; malformed bytes are refused.
   *
   * @return the codec
   */
  static Codec<String> utf8() {
    return RawCodecs.UTF_8;
  }

  /**
   * The native bitcode 0.6 format, which all published services speak.
   *
   * @param <T> the type of the values
   * @param codec how the values are laid out
   * @return the codec
   */
  static <T> Codec<T> bitcode(BitcodeCodec<T> codec) {
    return new BitcodeAdapter<>(codec);
  }
}
