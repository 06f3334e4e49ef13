package io.muxio.rpc.typed;

import io.muxio.rpc.service.ChunkReader;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.CodecException;
import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcStatus;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.function.Function;

/**
 * Streams of values to streams of chunks and back. Bytes are the chunks as they are; other values
 * follow one another, each behind its length (u32), wherever the chunks are cut.
 */
public final class Items {
  private Items() {}

  /**
   * The chunks of a stream of values.
   *
   * @param items the values
   * @param codec of each
   * @return publishes one chunk for each value
   */
  public static Flow.Publisher<ByteBuf> toChunks(Flow.Publisher<?> items, Codec<Object> codec) {
    boolean raw = TypeCodecs.isRaw(codec);
    return new MappedPublisher<Object, ByteBuf>(
        items,
        item -> {
          ByteBuf bytes = codec.encode(item, ByteBufAllocator.DEFAULT);
          return raw ? bytes : framed(bytes);
        },
        Function.identity());
  }

  /**
   * The chunk of a stream that is one value.
   *
   * @param value comes later
   * @param codec of the value
   * @return publishes one chunk to one subscriber
   */
  public static Flow.Publisher<ByteBuf> toChunk(CompletionStage<?> value, Codec<Object> codec) {
    return new SinglePublisher(value, codec);
  }

  /**
   * The values of a stream of chunks.
   *
   * @param chunks what {@link #toChunks} makes, cut in any way
   * @param codec of each value
   * @param budget bounds what items hold that have not come whole
   * @return publishes the values, or lets a thread take them; fails with an {@link RpcException}
   *     where the chunks do not hold such values
   */
  public static Flow.Publisher<Object> ofChunks(
      ChunkReader chunks, Codec<Object> codec, ItemBudget budget) {
    return new ReceivedItems(chunks, codec, budget);
  }

  static Flow.Publisher<Object> ofChunks(
      Flow.Publisher<ByteBuf> chunks,
      Codec<Object> codec,
      ItemBudget budget,
      Function<Throwable, Throwable> mapFailure) {
    if (TypeCodecs.isRaw(codec)) {
      return new MappedPublisher<>(chunks, chunk -> decode(codec, chunk), mapFailure);
    }
    Flow.Publisher<Object> items =
        subscriber -> {
          Objects.requireNonNull(subscriber, "subscriber");
          chunks.subscribe(new ItemDecoder(subscriber, codec, budget));
        };
    return new MappedPublisher<>(items, Function.identity(), mapFailure);
  }

  /** Takes the bytes over. */
  static Object decode(Codec<Object> codec, ByteBuf item) {
    try {
      return codec.decode(item);
    } catch (RuntimeException e) {
      String text = "an item of the stream cannot be decoded: " + e.getMessage();
      throw new RpcException(RpcStatus.SYSTEM_ERROR, null, text, e);
    } finally {
      item.release();
    }
  }

  private static ByteBuf framed(ByteBuf item) {
    int length = item.readableBytes();
    if (length > ItemCutter.MAX_BYTES) {
      item.release();
      throw new CodecException(
          "an item of the stream has "
              + length
              + " bytes (expected: at most "
              + ItemCutter.MAX_BYTES
              + ")");
    }
    ByteBuf prefix = Unpooled.buffer(ItemCutter.LENGTH_BYTES).writeIntLE(length);
    return Unpooled.wrappedBuffer(prefix, item);
  }
}
