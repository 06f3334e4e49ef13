package io.muxio.rpc.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a failed call says. */
class RpcExceptionTest {
  @Test
  void aHandlersMessageHasStatusAndDetail() {
    RpcException exception = new RpcException(RpcStatus.FAIL, "no numbers");
    assertThat(exception).hasMessage("FAIL: no numbers").hasNoCause();
    assertThat(exception.status()).isEqualTo(RpcStatus.FAIL);
    assertThat(exception.detail()).isEqualTo("no numbers");
    assertThat(exception.method()).isNull();
  }

  @Test
  void aCallersMessageBeginsWithTheMethod() {
    Throwable cause = new IllegalStateException("closed");
    RpcException exception = new RpcException(RpcStatus.DISCONNECTED, "math.add", "lost", cause);
    assertThat(exception).hasMessage("math.add: DISCONNECTED: lost").hasCause(cause);
    assertThat(exception.method()).isEqualTo("math.add");
  }

  @Test
  void successIsNoFailure() {
    assertThatThrownBy(() -> new RpcException(RpcStatus.SUCCESS, "fine"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("SUCCESS");
  }

  @ParameterizedTest
  @EnumSource(value = RpcStatus.class, mode = EnumSource.Mode.EXCLUDE, names = "SUCCESS")
  void everyOtherStatusIsOne(RpcStatus status) {
    assertThat(new RpcException(status, "x")).hasMessage(status + ": x");
  }

  @Test
  void whatWasNotSentIsToldApart() {
    RpcException unsent = RpcException.notSent(RpcStatus.DISCONNECTED, "read", "no server", null);
    assertThat(unsent).hasMessage("read: DISCONNECTED: no server");
    assertThat(unsent.mayHaveReachedPeer()).isFalse();
    assertThat(new RpcException(RpcStatus.DISCONNECTED, "lost").mayHaveReachedPeer()).isTrue();
  }

  @Test
  void aThreadThatWaitedGetsTheSameFailure() {
    RpcException failure = RpcException.notSent(RpcStatus.REJECTED, "read", "too many", null);
    RpcException rethrown = failure.rethrown();
    assertThat(rethrown).hasMessage("read: REJECTED: too many").hasCause(failure);
    assertThat(rethrown.mayHaveReachedPeer()).isFalse();
  }

  @Test
  void aRefusalSaysWhenToComeBack() {
    Duration soon = Duration.ofMillis(40);
    RpcException refusal = RpcException.overloaded("full", soon);
    assertThat(refusal).hasMessage("OVERLOADED: full");
    assertThat(refusal.retryAfter()).isEqualTo(soon);
    assertThat(RpcException.overloaded("read", "full", soon).rethrown())
        .hasMessage("read: OVERLOADED: full")
        .satisfies(again -> assertThat(again.retryAfter()).isEqualTo(soon));
    assertThat(RpcException.overloaded("full", null).retryAfter()).isNull();
    assertThat(new RpcException(RpcStatus.SYSTEM_ERROR, "broken").retryAfter()).isNull();
    assertThatThrownBy(() -> RpcException.overloaded("full", Duration.ofMillis(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("retryAfter: PT-0.001S (expected: 0 or more)");
  }

  @Test
  void itSurvivesSerialization() throws IOException, ClassNotFoundException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(RpcException.overloaded("read", "full", Duration.ofSeconds(3)));
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      RpcException read = (RpcException) in.readObject();
      assertThat(read).hasMessage("read: OVERLOADED: full");
      assertThat(read.status()).isEqualTo(RpcStatus.OVERLOADED);
      assertThat(read.retryAfter()).hasSeconds(3);
    }
  }
}
