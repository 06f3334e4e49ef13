package io.muxio.rpc.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.muxio.core.rpc.ResponseStatus;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The statuses and the wire's four. */
class RpcStatusTest {
  @ParameterizedTest
  @CsvSource({
    "SUCCESS, 0",
    "FAIL, 1",
    "SYSTEM_ERROR, 2",
    "NOT_FOUND, 3",
    "DEADLINE_EXCEEDED, 2",
    "CANCELLED, 2",
    "DISCONNECTED, 2",
    "REJECTED, 2",
    "OVERLOADED, 2"
  })
  void aStatusHasThisByte(RpcStatus status, int code) {
    assertThat(status.onWire().code()).isEqualTo(code);
  }

  @ParameterizedTest
  @EnumSource(ResponseStatus.class)
  void theWiresStatusesComeBackAsTheyWere(ResponseStatus onWire) {
    assertThat(RpcStatus.of(onWire).onWire()).isEqualTo(onWire);
  }
}
