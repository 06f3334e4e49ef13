package io.muxio.interop.client;

/**
 * Something to find out about a server.
 *
 * @param name as it is printed and chosen; unique among all checks
 * @param body finds out
 */
record Check(String name, Body body) {
  /** May block, and is interrupted when its time is up. */
  interface Body {
    void run(TestedServer server) throws Exception;
  }
}
