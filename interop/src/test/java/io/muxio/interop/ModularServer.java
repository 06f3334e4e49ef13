package io.muxio.interop;

import io.muxio.netty.client.RpcClient;
import io.muxio.netty.server.RpcServer;
import io.muxio.rpc.service.RpcMethod;

/**
 * A server whose library classes come from the module path; fails where one is in no named module.
 */
final class ModularServer {
  private ModularServer() {}

  public static void main(String[] arguments) throws Exception {
    for (Class<?> type : new Class<?>[] {RpcServer.class, RpcClient.class, RpcMethod.class}) {
      if (!type.getModule().isNamed()) {
        throw new IllegalStateException(type + " is in no named module");
      }
    }
    RpcServer server =
        RpcServer.builder().bind("127.0.0.1", 0).service(Echo.class, bytes -> bytes).build();
    server.start();
    System.out.println("listening on ws://127.0.0.1:" + server.address().getPort() + "/ws");
  }
}
