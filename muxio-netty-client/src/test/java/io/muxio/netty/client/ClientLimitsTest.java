package io.muxio.netty.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class ClientLimitsTest {
  private static void refused(UnaryOperator<ClientLimits.Builder> setting, String message) {
    ClientLimits.Builder builder = setting.apply(ClientLimits.builder());
    assertThatThrownBy(builder::build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void everythingIsSetInOnePlace() {
    ClientLimits limits =
        ClientLimits.builder()
            .maxPendingCalls(1)
            .maxWaitingCalls(2)
            .maxWaitingBytes(7)
            .maxSends(3)
            .connectTimeout(Duration.ofSeconds(4))
            .handshakeTimeout(Duration.ofSeconds(5))
            .drainTimeout(Duration.ofSeconds(6))
            .build();

    assertThat(limits.connection().core().maxPendingCalls()).isEqualTo(1);
    assertThat(limits)
        .isEqualTo(
            new ClientLimits(
                limits.connection(),
                2,
                7,
                3,
                Duration.ofSeconds(4),
                Duration.ofSeconds(5),
                Duration.ofSeconds(6)));
  }

  @Test
  void whatIsNotSetKeepsItsDefault() {
    assertThat(ClientLimits.builder().build()).isEqualTo(ClientLimits.DEFAULT);
  }

  @Test
  void valuesOutOfRangeAreNamed() {
    refused(limits -> limits.maxWaitingCalls(-1), "maxWaitingCalls: -1 (expected: 0 or more)");
    refused(limits -> limits.maxWaitingBytes(-1), "maxWaitingBytes: -1 (expected: 0 or more)");
    refused(limits -> limits.maxSends(0), "maxSends: 0 (expected: 1 or more)");
    refused(limits -> limits.connectTimeout(Duration.ZERO), "connectTimeout: PT0S (expected: more");
    refused(limits -> limits.handshakeTimeout(Duration.ofDays(400)), "handshakeTimeout: PT9600H");
    refused(limits -> limits.drainTimeout(Duration.ofSeconds(-1)), "drainTimeout: PT-1S");
  }
}
