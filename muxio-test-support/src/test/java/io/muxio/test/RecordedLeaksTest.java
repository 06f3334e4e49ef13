package io.muxio.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufAllocator;
import org.junit.jupiter.api.Test;

class RecordedLeaksTest {
  @Test
  void aBufferThatIsNotReleasedIsReported() throws InterruptedException {
    leak();

    assertThat(RecordedLeaks.drain()).hasSize(1).first().asString().contains("LEAK of ByteBuf");
  }

  @Test
  void aReleasedBufferIsNot() throws InterruptedException {
    ByteBufAllocator.DEFAULT.directBuffer(16).release();

    assertThat(RecordedLeaks.drain()).isEmpty();
  }

  private static void leak() {
    ByteBufAllocator.DEFAULT.directBuffer(16).writeByte(1);
  }
}
