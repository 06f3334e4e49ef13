package io.muxio.core.rpc;

import static io.muxio.core.wire.Wire.pattern;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.muxio.core.frame.CoreLimits;
import io.muxio.core.frame.FrameFormat;
import io.muxio.core.frame.ProtocolException;
import io.muxio.core.wire.Link;
import io.muxio.core.wire.Wire;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PayloadBufferTest {
  private final CoreLimits limits =
      CoreLimits.builder().maxResponseSize(50_000).maxBufferedBytes(60_000).build();
  private final Link link =
      Link.client(FrameFormat.GENERATION_13, config -> config.withLimits(limits));
  private PayloadBuffer buffer = link.dispatcher().newResponseBuffer();

  @AfterEach
  void givesAllBack() {
    buffer.close();
    link.close();
  }

  @Test
  void piecesOfAnySizeComeOutAsOne() {
    for (int seed = 0; seed < 200; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      byte[] bytes = pattern(random.nextInt(50_000));
      int at = 0;
      while (at < bytes.length) {
        int most = random.nextInt(3) == 0 ? 10_000 : 300;
        int next = Math.min(bytes.length, at + random.nextInt(most));
        buffer.add(link.buffer(Arrays.copyOfRange(bytes, at, next)));
        at = next;
      }
      ByteBuf taken = buffer.take();
      assertThat(ByteBufUtil.getBytes(taken)).as("seed %s", seed).isEqualTo(bytes);
      assertThat(link.bufferedBytes()).isEqualTo(bytes.length);
      taken.release();
      buffer.close();
      assertThat(link.bufferedBytes()).isZero();
      buffer = link.dispatcher().newResponseBuffer();
    }
  }

  @Test
  void nothingTakenIsEmpty() {
    assertThat(buffer.take().isReadable()).isFalse();
  }

  @Test
  void closingTwiceGivesBackOnce() {
    PayloadBuffer other = link.dispatcher().newResponseBuffer();
    other.add(link.buffer(pattern(10)));
    buffer.add(link.buffer(pattern(20)));
    buffer.close();
    buffer.close();

    assertThat(link.bufferedBytes()).isEqualTo(10);
    other.close();
  }

  @Test
  void aPieceThatDoesNotFitIsReleasedAndLeavesTheRest() {
    buffer.add(link.buffer(pattern(50_000)));
    long memory = link.memory();
    assertThatThrownBy(() -> buffer.add(link.buffer(pattern(1))))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("50001")
        .hasMessageContaining("50000");
    PayloadBuffer other = link.dispatcher().newResponseBuffer();
    assertThatThrownBy(() -> other.add(link.buffer(pattern(10_001))))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("60000");

    assertThat(link.memory()).isEqualTo(memory);
    ByteBuf taken = buffer.take();
    assertThat(ByteBufUtil.getBytes(taken)).isEqualTo(pattern(50_000));
    taken.release();
  }

  @Test
  void manyTinyPiecesDoNotCostABufferEach() {
    for (int i = 0; i < 20_000; i++) {
      buffer.add(link.buffer(new byte[] {(byte) i}));
    }

    assertThat(link.memory()).isLessThan(80_000);
  }

  @Test
  void bytesMayBeTakenAndMoreAdded() {
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < 3; i++) {
        buffer.add(link.buffer(pattern(10)));
      }
      ByteBuf taken = buffer.take();
      assertThat(ByteBufUtil.getBytes(taken))
          .isEqualTo(Wire.concat(pattern(10), pattern(10), pattern(10)));
      taken.release();
    }
    assertThat(link.bufferedBytes()).as("charged until it is closed").isEqualTo(90);
  }
}
