package io.muxio.netty;

/** What a peer has said, for a message or the log. */
public final class PeerText {
  private static final int MAX_LENGTH = 200;

  private PeerText() {}

  /**
   * What anybody may have sent must not look like a line of ours, nor fill the log.
   *
   * @param text as the peer sent it
   * @return its first 200 characters, with a question mark for each that is not printable ASCII
   */
  public static String loggable(String text) {
    String bounded = text.length() > MAX_LENGTH ? text.substring(0, MAX_LENGTH) + "…" : text;
    return bounded.replaceAll("[^ -~…]", "?");
  }
}
