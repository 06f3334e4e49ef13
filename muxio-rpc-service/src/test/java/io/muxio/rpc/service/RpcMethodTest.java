package io.muxio.rpc.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** What a method definition holds. */
class RpcMethodTest {
  @Test
  void aMethodHasTheIdOfItsName() {
    RpcMethod<byte[], String> method = RpcMethod.unary("math.add", Codec.bytes(), Codec.utf8());
    assertThat(method.name()).isEqualTo("math.add");
    assertThat(method.id()).isEqualTo(0x6c58aad87962fdbbL);
    assertThat(method.requestCodec()).isSameAs(Codec.bytes());
    assertThat(method.responseCodec()).isSameAs(Codec.utf8());
    assertThat(method).hasToString("math.add (0x6c58aad87962fdbb)");
  }

  @Test
  void whatIsMissingIsNamed() {
    assertThatThrownBy(() -> RpcMethod.unary(null, Codec.bytes(), Codec.bytes()))
        .hasMessage("name");
    assertThatThrownBy(() -> RpcMethod.unary("a", null, Codec.bytes())).hasMessage("requestCodec");
    assertThatThrownBy(() -> RpcMethod.unary("a", Codec.bytes(), null)).hasMessage("responseCodec");
  }

  @Test
  void aMethodHasAName() {
    assertThatThrownBy(() -> RpcMethod.unary("", Codec.bytes(), Codec.bytes()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("method name: empty (expected: such as math.add)");
    assertThatThrownBy(() -> StreamMethod.of("")).hasMessageStartingWith("method name: empty");
  }
}
