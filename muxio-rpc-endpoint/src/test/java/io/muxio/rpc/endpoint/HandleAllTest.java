package io.muxio.rpc.endpoint;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.muxio.core.rpc.ResponseStatus;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.RpcMethod;
import org.junit.jupiter.api.Test;

/** Methods that were registered elsewhere. */
class HandleAllTest {
  private static final RpcMethod<String, String> FIRST =
      RpcMethod.unary("first", Codec.utf8(), Codec.utf8());
  private static final RpcMethod<String, String> SECOND =
      RpcMethod.unary("second", Codec.utf8(), Codec.utf8());
  private static final RpcMethod<String, String> FAILS =
      RpcMethod.unary("fails", Codec.utf8(), Codec.utf8());

  private static RpcEndpoint elsewhere() {
    return RpcEndpoint.builder()
        .handle(SECOND, (request, call) -> "second")
        .handle(
            FAILS,
            (request, call) -> {
              throw new IllegalStateException("detail");
            })
        .exposeErrors(true)
        .build();
  }

  @Test
  void areServedWithItsOwn() {
    EndpointLink link =
        new EndpointLink(
            RpcEndpoint.builder().handle(FIRST, (request, call) -> "first").handleAll(elsewhere()));
    Answer first = link.call(FIRST, "");
    Answer second = link.call(SECOND, "");
    Answer fails = link.call(FAILS, "");
    link.settle();
    first.assertSuccess("first");
    second.assertSuccess("second");
    fails.assertText(ResponseStatus.SYSTEM_ERROR, "internal error");
    link.finish();
  }

  @Test
  void areRefusedWhereOneIsTaken() {
    RpcEndpoint.Builder taken = RpcEndpoint.builder().handle(SECOND, (request, call) -> request);
    assertThatThrownBy(() -> taken.handleAll(elsewhere()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("method 'second' is registered twice");
  }
}
