package io.muxio.rpc.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.muxio.core.rpc.ResponseListener;
import io.muxio.core.rpc.ResponseStatus;
import io.muxio.core.rpc.RpcHeader;
import io.muxio.rpc.service.RpcError;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** What the client heard of one call. */
final class Answer implements ResponseListener {
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private ResponseStatus status;
  private boolean ended;
  private Throwable failure;

  @Override
  public void onHeader(RpcHeader header) {
    assertThat(status).as("a second header").isNull();
    assertThat(header.metadata().readableBytes()).as("status byte").isEqualTo(1);
    status = ResponseStatus.of(header.metadata());
    header.metadata().release();
  }

  @Override
  public void onPayload(ByteBuf payload) {
    body.writeBytes(ByteBufUtil.getBytes(payload));
    payload.release();
  }

  @Override
  public void onEnd() {
    assertThat(ended).as("a second end").isFalse();
    ended = true;
  }

  @Override
  public void onCancel() {
    throw new AssertionError("a unary answer was cancelled");
  }

  @Override
  public void onFailure(Throwable cause) {
    failure = cause;
  }

  Throwable failure() {
    return failure;
  }

  byte[] body() {
    return body.toByteArray();
  }

  void assertNone() {
    assertThat(status).as("answer").isNull();
  }

  void assertSuccess(byte[] expected) {
    assertBody(ResponseStatus.SUCCESS, expected);
  }

  void assertSuccess(String expected) {
    assertText(ResponseStatus.SUCCESS, expected);
  }

  /** The body is plain text. */
  void assertText(ResponseStatus expectedStatus, String expected) {
    assertEnded(expectedStatus);
    assertThat(body.toString(StandardCharsets.UTF_8)).isEqualTo(expected);
  }

  /** The body is plain text that contains this. */
  void assertTextContains(ResponseStatus expectedStatus, String part) {
    assertEnded(expectedStatus);
    assertThat(body.toString(StandardCharsets.UTF_8)).contains(part);
  }

  /** The body is a structured error. */
  void assertError(ResponseStatus expectedStatus, RpcError.Code code, String message) {
    ByteBuf error = new RpcError(code, message).encode(UnpooledByteBufAllocator.DEFAULT);
    assertBody(expectedStatus, ByteBufUtil.getBytes(error));
    error.release();
    assertThat(RpcError.messageOf(Unpooled.wrappedBuffer(body()))).isEqualTo(message);
  }

  void assertBody(ResponseStatus expectedStatus, byte[] expected) {
    assertEnded(expectedStatus);
    assertThat(body()).isEqualTo(expected);
  }

  private void assertEnded(ResponseStatus expectedStatus) {
    assertThat(ended).as("answered").isTrue();
    assertThat(status).as(body.toString(StandardCharsets.UTF_8)).isEqualTo(expectedStatus);
  }
}
