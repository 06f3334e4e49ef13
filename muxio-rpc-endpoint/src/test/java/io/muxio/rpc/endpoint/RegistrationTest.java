package io.muxio.rpc.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.muxio.core.frame.CoreLimits;
import io.muxio.core.rpc.ResponseStatus;
import io.muxio.rpc.service.Codec;
import io.muxio.rpc.service.RpcMethod;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** How methods are registered. */
class RegistrationTest {
  private static final RpcMethod<String, String> FIRST =
      RpcMethod.unary("first", Codec.utf8(), Codec.utf8());
  private static final RpcMethod<String, String> SECOND =
      RpcMethod.unary("second", Codec.utf8(), Codec.utf8());
  private static final RpcMethod<byte[], byte[]> FIRST_AGAIN =
      RpcMethod.unary("first", Codec.bytes(), Codec.bytes());

  private static Registration registration() {
    return new UnaryRegistration<>(FIRST, (request, call) -> request, null, ExecutionMode.EXECUTOR);
  }

  @Test
  void aNameIsRegisteredOnce() {
    RpcEndpoint.Builder builder = RpcEndpoint.builder().handle(FIRST, (request, call) -> request);
    assertThatThrownBy(() -> builder.handle(FIRST_AGAIN, (request, call) -> request))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("method 'first' is registered twice");
    assertThatThrownBy(
            () -> builder.handleAsync(FIRST, (r, call) -> CompletableFuture.completedFuture(r)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'first'");
  }

  @Test
  void aRefusedDuplicateLeavesTheFirstInItsPlace() {
    RpcEndpoint.Builder builder = RpcEndpoint.builder().handle(FIRST, (request, call) -> "kept");
    assertThatThrownBy(() -> builder.handle(FIRST, (request, call) -> "refused"))
        .isInstanceOf(IllegalArgumentException.class);
    EndpointLink link = new EndpointLink(builder);
    Answer answer = link.call(FIRST, "");
    link.settle();
    answer.assertSuccess("kept");
    link.finish();
  }

  @Test
  void twoNamesOfOneIdAreBothNamed() {
    MethodTable table = new MethodTable();
    table.add(0xabcL, "first", registration());
    assertThatThrownBy(() -> table.add(0xabcL, "second", registration()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("'first'", "'second'", "0x0000000000000abc", "rename");
  }

  @Test
  void everyIdCanBeFound() {
    MethodTable table = new MethodTable();
    Registration zero = registration();
    Registration negative =
        new UnaryRegistration<>(SECOND, (request, call) -> request, null, ExecutionMode.EXECUTOR);
    table.add(0, "zero", zero);
    table.add(-1, "negative", negative);
    assertThat(table.find(0)).isSameAs(zero);
    assertThat(table.find(-1)).isSameAs(negative);
    assertThat(table.find(1)).isNull();
  }

  @Test
  void aBuilderMayBeUsedOnWithoutChangingWhatItBuilt() {
    RpcEndpoint.Builder builder =
        RpcEndpoint.builder()
            .handle(
                FIRST,
                (request, call) -> {
                  throw new IOException("detail");
                });
    RpcEndpoint before = builder.build();
    RpcEndpoint after =
        builder.handle(SECOND, (request, call) -> request).exposeErrors(true).build();
    assertSecond(before, ResponseStatus.METHOD_NOT_FOUND, "", "internal error");
    assertSecond(after, ResponseStatus.SUCCESS, "request", "detail");
  }

  private static void assertSecond(
      RpcEndpoint endpoint, ResponseStatus status, String text, String error) {
    EndpointLink link = new EndpointLink(endpoint, CoreLimits.builder());
    Answer second = link.call(SECOND, "request");
    Answer first = link.call(FIRST, "request");
    link.settle();
    second.assertText(status, text);
    first.assertText(ResponseStatus.SYSTEM_ERROR, error);
    link.finish();
  }

  @Test
  void whatIsMissingIsRefused() {
    RpcEndpoint.Builder builder = RpcEndpoint.builder();
    assertThatThrownBy(() -> builder.handle(FIRST, null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> builder.handleAsync(FIRST, null))
        .isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> builder.handle(FIRST, (request, call) -> request, null))
        .isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> builder.handle(null, (request, call) -> request))
        .isInstanceOf(NullPointerException.class);
    builder.handle(FIRST, (request, call) -> request); // not taken by what was refused
  }
}
