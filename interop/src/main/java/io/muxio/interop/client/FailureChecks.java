package io.muxio.interop.client;

import static io.muxio.rpc.service.RpcStatus.FAIL;
import static io.muxio.rpc.service.RpcStatus.NOT_FOUND;
import static io.muxio.rpc.service.RpcStatus.SYSTEM_ERROR;

import io.muxio.rpc.service.RpcException;
import io.muxio.rpc.service.RpcStatus;
import java.util.List;

/** Of suite {@code basic}: unary calls that fail, each with its status and its text. */
final class FailureChecks {
  /** What our caller says where the server says nothing. */
  static final String NO_SUCH_METHOD = "the peer has no such method";

  private FailureChecks() {}

  static List<Check> all() {
    return List.of(
        failing("fail", "fail", FAIL, "deliberate failure"),
        failing("fail.system", "fail.system", SYSTEM_ERROR, "structured system"),
        failing("fail.notfound", "fail.notfound", NOT_FOUND, "structured notfound"),
        failing("boom", "boom", SYSTEM_ERROR, "boom"),
        failing("unknown", "no.such.method", NOT_FOUND, NO_SUCH_METHOD));
  }

  private static Check failing(String name, String method, RpcStatus status, String text) {
    return new Check(name, server -> fails(server, method, status, text));
  }

  private static void fails(TestedServer server, String method, RpcStatus status, String text)
      throws Exception {
    // A request that is longer than a frame, too: the failure may come before its end.
    for (byte[] request : List.of(new byte[0], Noise.bytes(1, 200_000))) {
      String what = method + " with " + request.length + " bytes";
      RpcException failure = Expect.failureOf(what, server.callLater(method, request));
      Expect.failure(what, failure, status, text);
    }
  }
}
