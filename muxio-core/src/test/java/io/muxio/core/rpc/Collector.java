package io.muxio.core.rpc;

import io.netty.buffer.ByteBuf;

/** Puts payload into a buffer, as a unary handler does, and passes the rest on. */
record Collector(PayloadBuffer buffer, RpcStreamListener rest) implements RpcStreamListener {
  @Override
  public void onPayload(ByteBuf payload) {
    buffer.add(payload);
  }

  @Override
  public void onEnd() {
    rest.onEnd();
  }

  @Override
  public void onCancel() {
    rest.onCancel();
  }

  @Override
  public void onFailure(Throwable cause) {
    rest.onFailure(cause);
  }
}
