package io.muxio.rpc.typed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.muxio.rpc.service.RpcException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Items in chunks that are cut anywhere. */
class ItemCutterTest {
  private final ItemBudget budget = new ItemBudget();

  private static ByteBuf chunk(int length, int bytes) {
    return Unpooled.buffer(4 + bytes).writeIntLE(length).writeZero(bytes);
  }

  private static List<byte[]> itemsOf(ItemCutter cutter, ByteBuf chunk) {
    List<byte[]> items = new ArrayList<>();
    while (chunk.isReadable()) {
      ByteBuf item = cutter.next(chunk);
      if (item != null) {
        items.add(ByteBufUtil.getBytes(item));
        item.release();
      }
    }
    assertThat(chunk.release()).as("nobody holds the chunk").isTrue();
    return items;
  }

  @Test
  void itDoesNotMatterWhereChunksAreCut() {
    Random random = new Random(7);
    for (int round = 0; round < 300; round++) {
      List<byte[]> sent = new ArrayList<>();
      ByteBuf all = Unpooled.buffer();
      for (int i = random.nextInt(8); i > 0; i--) {
        byte[] item = new byte[random.nextInt(20)];
        random.nextBytes(item);
        sent.add(item);
        all.writeIntLE(item.length).writeBytes(item);
      }
      ItemCutter cutter = new ItemCutter(budget);
      List<byte[]> items = new ArrayList<>();
      while (all.isReadable()) {
        int cut = 1 + random.nextInt(Math.min(9, all.readableBytes()));
        items.addAll(itemsOf(cutter, all.readBytes(cut)));
      }
      cutter.end();
      assertThat(items).containsExactlyElementsOf(sent);
      assertThat(budget.held()).isZero();
    }
  }

  @Test
  void whatHasBegunIsCountedUntilItIsWhole() {
    ItemCutter cutter = new ItemCutter(budget);
    assertThat(itemsOf(cutter, chunk(1_000, 600))).isEmpty();
    assertThat(budget.held()).isEqualTo(600);
    assertThat(itemsOf(cutter, Unpooled.buffer().writeZero(400))).hasSize(1);
    assertThat(budget.held()).isZero();

    itemsOf(cutter, chunk(1_000, 600));
    cutter.close();
    assertThat(budget.held()).isZero();
  }

  @Test
  void whatHasBegunIsBoundedForAConnection() {
    List<ItemCutter> cutters = new ArrayList<>();
    for (int held = 0; held < ItemBudget.MAX_BYTES; held += 4 << 18) {
      cutters.add(new ItemCutter(budget));
      itemsOf(cutters.get(cutters.size() - 1), chunk(ItemCutter.MAX_BYTES, 4 << 18));
    }
    ItemCutter oneMore = new ItemCutter(budget);
    assertThatThrownBy(() -> oneMore.next(chunk(2, 1)))
        .isInstanceOf(RpcException.class)
        .hasMessageContaining("would hold more than 33554432 bytes");
    assertThat(new ItemCutter(budget).next(chunk(1, 1)).readableBytes())
        .as("an item that is whole")
        .isOne();
    cutters.forEach(ItemCutter::close);
    assertThat(budget.held()).isZero();
  }
}
