package io.muxio.netty.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.muxio.core.frame.CoreLimits;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class ServerLimitsTest {
  private static void refused(UnaryOperator<ServerLimits.Builder> setting, String message) {
    ServerLimits.Builder builder = setting.apply(ServerLimits.builder());
    assertThatThrownBy(builder::build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void everythingIsSetInOnePlace() {
    ServerLimits limits =
        ServerLimits.builder()
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
            .maxMessageSize(90)
            .maxOutboundBytes(10 << 20)
            .heartbeatInterval(Duration.ofSeconds(11))
            .heartbeatTimeout(Duration.ofSeconds(12))
            .writeTimeout(Duration.ofSeconds(13))
            .readerTimeout(Duration.ofSeconds(21))
            .idleTimeout(Duration.ofSeconds(14))
            .requestTimeout(Duration.ofSeconds(15))
            .callTimeout(Duration.ofSeconds(16))
            .closeTimeout(Duration.ofSeconds(17))
            .maxConnections(18)
            .maxCalls(22)
            .handshakeTimeout(Duration.ofSeconds(19))
            .drainTimeout(Duration.ofSeconds(20))
            .build();

    assertThat(limits.connection().core())
        .isEqualTo(new CoreLimits(1, 2, 3, 4, 5, 6, 7, 8, 9, 7, 6, 5, 4));
    assertThat(limits.connection())
        .hasToString(
            "ConnectionLimits[core="
                + limits.connection().core()
                + ", maxMessageSize=90, maxOutboundBytes=10485760, heartbeatInterval=PT11S,"
                + " heartbeatTimeout=PT12S, writeTimeout=PT13S,"
                + " readerTimeout=PT21S, idleTimeout=PT14S,"
                + " requestTimeout=PT15S, callTimeout=PT16S, closeTimeout=PT17S]");
    assertThat(limits)
        .isEqualTo(
            new ServerLimits(
                limits.connection(), 18, 22, Duration.ofSeconds(19), Duration.ofSeconds(20)));
  }

  @Test
  void theDefaults() {
    assertThat(ServerLimits.DEFAULT.connection().core()).isEqualTo(CoreLimits.DEFAULT);
    assertThat(ServerLimits.DEFAULT.maxConnections()).isEqualTo(16_384);
    assertThat(ServerLimits.DEFAULT.maxCalls()).isEqualTo(65_536);
    assertThat(ServerLimits.DEFAULT.connection().idleTimeout()).isZero();
    assertThat(ServerLimits.DEFAULT.connection().callTimeout()).isZero();
    assertThat(ServerLimits.DEFAULT.connection().requestTimeout()).hasSeconds(60);
  }

  @Test
  void whatIsOutOfItsRangeIsNamedWithWhatWasExpected() {
    refused(limits -> limits.maxStreams(0), "maxStreams: 0 (expected: 1 or more)");
    refused(
        limits -> limits.maxFramePayload(4 << 20),
        "maxMessageSize: 2097152 (expected: 4194325 or more");
    refused(
        limits -> limits.maxOutboundBytes(5), "maxOutboundBytes: 5 (expected: 1048576 or more)");
    refused(
        limits -> limits.heartbeatInterval(Duration.ZERO),
        "heartbeatInterval: PT0S (expected: more than zero");
    refused(
        limits -> limits.heartbeatTimeout(Duration.ofSeconds(5)),
        "heartbeatTimeout: PT5S (expected: more than heartbeatInterval, PT5S)");
    refused(
        limits -> limits.idleTimeout(Duration.ofMillis(-1)),
        "idleTimeout: PT-0.001S (expected: zero for none, or more");
    refused(limits -> limits.callTimeout(Duration.ofDays(366)), "callTimeout: PT8784H (expected:");
    refused(limits -> limits.maxConnections(0), "maxConnections: 0 (expected: 1 or more)");
    refused(limits -> limits.maxCalls(0), "maxCalls: 0 (expected: 1 or more)");
    refused(
        limits -> limits.drainTimeout(Duration.ZERO), "drainTimeout: PT0S (expected: more than");
    refused(
        limits -> limits.handshakeTimeout(Duration.ofNanos(-1)),
        "handshakeTimeout: PT-0.000000001S (expected: more than zero");
  }
}
