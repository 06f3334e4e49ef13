package io.muxio.rpc.scope;

import io.netty.util.ReferenceCounted;
import org.jspecify.annotations.Nullable;

/** A request that was taken over and is not sent. */
public final class UnsentRequest {
  private UnsentRequest() {}

  /**
   * Releases what of a request counts its references.
   *
   * @param request the request; those of stubs are arrays of arguments
   */
  public static void release(@Nullable Object request) {
    if (request instanceof Object[] arguments) {
      for (Object argument : arguments) {
        release(argument);
      }
    } else if (request instanceof ReferenceCounted counted && counted.refCnt() > 0) {
      counted.release();
    }
  }
}
