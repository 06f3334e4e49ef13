package io.muxio.core.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class LimitsAndBudgetTest {
  @Test
  void theDefaultsAreAsDocumented() {
    assertThat(CoreLimits.DEFAULT)
        .isEqualTo(
            new CoreLimits(
                1 << 20,
                16_384,
                64,
                16_384,
                16_384,
                32 << 20,
                32 << 20,
                4 << 20,
                128L << 20,
                1 << 20,
                32L << 20,
                1024,
                8192));
  }

  @Test
  void theBuilderSetsEachLimit() {
    CoreLimits limits =
        CoreLimits.builder()
            .maxFramePayload(1)
            .maxStreams(2)
            .maxSequenceGap(3)
            .maxInboundCalls(4)
            .maxPendingCalls(5)
            .maxRequestSize(6)
            .maxResponseSize(7)
            .maxStreamBufferedBytes(8)
            .maxBufferedBytes(9)
            .streamWindow(7)
            .connectionWindow(6)
            .maxAbandonedCalls(5)
            .maxMetadataSize(4)
            .build();

    assertThat(limits).isEqualTo(new CoreLimits(1, 2, 3, 4, 5, 6, 7, 8, 9, 7, 6, 5, 4));
  }

  @Test
  void aLimitOutOfItsRangeIsRefused() {
    List<CoreLimits.Builder> wrong =
        List.of(
            CoreLimits.builder().maxFramePayload(0),
            CoreLimits.builder().maxFramePayload(CoreLimits.MAX_FRAME_PAYLOAD + 1),
            CoreLimits.builder().maxStreams(0),
            CoreLimits.builder().maxSequenceGap(-1),
            CoreLimits.builder().maxInboundCalls(0),
            CoreLimits.builder().maxPendingCalls(0),
            CoreLimits.builder().maxRequestSize(-1),
            CoreLimits.builder().maxResponseSize(-1),
            CoreLimits.builder().maxStreamBufferedBytes(0),
            CoreLimits.builder().maxBufferedBytes(0),
            CoreLimits.builder().maxStreamBufferedBytes(10).streamWindow(11),
            CoreLimits.builder().maxBufferedBytes(10).connectionWindow(11),
            CoreLimits.builder().maxAbandonedCalls(0),
            CoreLimits.builder().maxMetadataSize(-1),
            CoreLimits.builder().maxMetadataSize(CoreLimits.MAX_METADATA_SIZE + 1));

    assertThat(wrong)
        .allSatisfy(
            builder ->
                assertThatIllegalArgumentException()
                    .isThrownBy(builder::build)
                    .withMessageContaining("expected"));
  }

  @Test
  void aBudgetIsUsedUpToItsLimitAndARefusalTakesNothing() {
    ByteBudget budget = new ByteBudget(10);
    budget.reserve(10);
    budget.reserve(0);
    assertThatThrownBy(() -> budget.reserve(1))
        .isInstanceOfSatisfying(
            ProtocolException.class,
            e -> {
              assertThat(e.scope()).isEqualTo(ProtocolException.Scope.STREAM);
              assertThat(e.reason()).isEqualTo(ProtocolException.Reason.BUFFER_FULL);
            })
        .hasMessageContaining("10");
    assertThat(budget.used()).isEqualTo(10);
    budget.release(4);
    budget.reserve(4);
    assertThat(budget.used()).isEqualTo(10);
  }

  @Test
  void hugeReservationsDoNotOverflow() {
    ByteBudget budget = new ByteBudget(Long.MAX_VALUE);
    budget.reserve(Long.MAX_VALUE);
    assertThatThrownBy(() -> budget.reserve(Long.MAX_VALUE)).isInstanceOf(ProtocolException.class);
    assertThat(budget.used()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void aProtocolExceptionHasNoStackTrace() {
    assertThat(ProtocolException.stream(ProtocolException.Reason.BUFFER_FULL, "m").getStackTrace())
        .isEmpty();
  }
}
