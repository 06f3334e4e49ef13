package io.muxio.interop;

import io.muxio.rpc.service.RpcName;

/** Gives bytes back. */
public interface Echo {
  @RpcName("echo")
  byte[] echo(byte[] bytes);
}
