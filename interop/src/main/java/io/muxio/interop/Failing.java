package io.muxio.interop;

import io.muxio.rpc.service.ApplicationException;
import io.muxio.rpc.service.RpcName;

/** Fails on purpose, with data that other languages do not see. */
public interface Failing {
  /** What it fails with. */
  final class Deliberate extends ApplicationException {
    private static final long serialVersionUID = 1;

    /** How long the request was. */
    private final int requestLength;

    /**
     * Makes the failure.
     *
     * @param message for whoever calls
     * @param requestLength how long the request was
     */
    public Deliberate(String message, Integer requestLength) {
      super(message);
      this.requestLength = requestLength;
    }

    @Override
    public Integer data() {
      return requestLength;
    }
  }

  /**
   * Fails.
   *
   * @param bytes any
   * @return never
   * @throws Deliberate always
   */
  @RpcName("fail")
  byte[] fail(byte[] bytes) throws Deliberate;
}
