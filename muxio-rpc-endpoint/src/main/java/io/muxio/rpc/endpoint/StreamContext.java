package io.muxio.rpc.endpoint;

/** What a handler may know of the streaming call it serves. Safe to use from any thread. */
public interface StreamContext extends CallContext {
  /**
   * The bytes that came with the call, before its first chunk.
   *
   * @return a copy; 0 to 65,535 bytes
   */
  byte[] parameters();
}
