package io.muxio.core.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.muxio.core.frame.CoreLimits;
import io.muxio.core.frame.FrameFormat;
import io.muxio.core.frame.IdSpace;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

class SessionConfigTest {
  private final SessionConfig client =
      SessionConfig.client(FrameFormat.GENERATION_21, ByteBufAllocator.DEFAULT, () -> 5);

  @Test
  void aServerTellsTheGenerationAndAClientIsTold() {
    SessionConfig server = SessionConfig.server(ByteBufAllocator.DEFAULT, () -> 5);

    assertThat(server.format()).isNull();
    assertThat(server.idSpace()).isEqualTo(IdSpace.SERVER);
    assertThat(client.format()).isEqualTo(FrameFormat.GENERATION_21);
    assertThat(client.idSpace()).isEqualTo(IdSpace.CLIENT);
    assertThat(client.chunkSize()).isEqualTo(65_536);
    assertThat(client.limits()).isEqualTo(CoreLimits.DEFAULT);
  }

  /** Servers before 0.14 begin at 0, too, and mix up a call and an answer of the same id. */
  @Test
  void aClientOfAnOldServerBeginsWhereThatDoesNot() {
    assertThat(client.firstId()).isEqualTo(0x4000_0000);
    assertThat(
            SessionConfig.client(FrameFormat.GENERATION_13, ByteBufAllocator.DEFAULT, () -> 5)
                .firstId())
        .isZero();
  }

  @Test
  void eachCopyChangesOneValue() {
    CoreLimits limits = CoreLimits.builder().maxStreams(3).build();

    assertThat(client.withLimits(limits).limits()).isEqualTo(limits);
    assertThat(client.withChunkSize(9).chunkSize()).isEqualTo(9);
    assertThat(client.withFirstId(9).firstId()).isEqualTo(9);
    assertThat(client.withLimits(limits).withChunkSize(9).withFirstId(9))
        .isEqualTo(client.withFirstId(9).withChunkSize(9).withLimits(limits));
  }

  @Test
  void sizesBelowOneAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> client.withChunkSize(0))
        .withMessageContaining("chunkSize: 0");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new SessionConfig(
                    IdSpace.CLIENT,
                    null,
                    0,
                    1,
                    0,
                    CoreLimits.DEFAULT,
                    ByteBufAllocator.DEFAULT,
                    () -> 5,
                    () -> 0))
        .withMessageContaining("maxOutgoingMessage: 0");
  }

  @Test
  void statusBytesStandForStatuses() {
    for (ResponseStatus status : ResponseStatus.values()) {
      byte[] metadata = {(byte) status.code()};
      assertThat(ResponseStatus.of(Unpooled.wrappedBuffer(metadata))).isEqualTo(status);
    }
    assertThat(ResponseStatus.of(Unpooled.wrappedBuffer(new byte[] {4}))).isNull();
    assertThat(ResponseStatus.of(Unpooled.wrappedBuffer(new byte[] {-1}))).isNull();
    assertThat(ResponseStatus.of(Unpooled.EMPTY_BUFFER)).isEqualTo(ResponseStatus.SUCCESS);
  }
}
