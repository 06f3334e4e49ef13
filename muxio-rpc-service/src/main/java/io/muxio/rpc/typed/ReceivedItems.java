package io.muxio.rpc.typed;

import io.muxio.rpc.service.ChunkReader;
import io.muxio.rpc.service.Codec;
import java.util.concurrent.Flow;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** The items that a caller sends: the last parameter of a method. For one reader. */
record ReceivedItems(ChunkReader chunks, Codec<Object> codec, ItemBudget budget)
    implements ItemSource.Publisher {

  @Override
  public void subscribe(Flow.Subscriber<? super Object> subscriber) {
    Items.ofChunks(chunks, codec, budget, Function.identity()).subscribe(subscriber);
  }

  @Override
  public ItemSource open() {
    return new ChunkItems(chunks, codec, budget, UnaryOperator.identity());
  }
}
