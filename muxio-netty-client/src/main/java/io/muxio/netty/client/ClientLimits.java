package io.muxio.netty.client;

import io.muxio.netty.ConnectionLimits;
import io.muxio.netty.LimitsBuilder;
import java.time.Duration;
import java.util.Objects;

/**
 * Every bound of a client.
 *
 * <pre>{@code
 * ClientLimits limits = ClientLimits.builder()
 *     .connectTimeout(Duration.ofSeconds(2))
 *     .maxWaitingCalls(100)
 *     .build();
 * }</pre>
 *
 * @param connection the bounds of the connection
 * @param maxWaitingCalls calls that wait for a connection; one more fails
 * @param maxWaitingBytes bytes of their requests, together; what passes it fails
 * @param maxSends how often a call is sent at most that may be sent again
 * @param connectTimeout how long one address may take to accept, a proxy's tunnel included
 * @param handshakeTimeout how long the server may take for the TLS and WebSocket handshakes
 * @param drainTimeout how long {@link RpcClient#close()} waits for calls that are running, and how
 *     long they may run on at a server that closes
 */
public record ClientLimits(
    ConnectionLimits connection,
    int maxWaitingCalls,
    long maxWaitingBytes,
    int maxSends,
    Duration connectTimeout,
    Duration handshakeTimeout,
    Duration drainTimeout) {

  /** The defaults: the values that a {@link #builder()} starts from. */
  public static final ClientLimits DEFAULT = builder().build();

  /**
   * Checks the ranges.
   *
   * @param connection see the record
   * @param maxWaitingCalls see the record
   * @param maxWaitingBytes see the record
   * @param maxSends see the record
   * @param connectTimeout see the record
   * @param handshakeTimeout see the record
   * @param drainTimeout see the record
   * @throws IllegalArgumentException where a value is out of its range
   */
  public ClientLimits {
    Objects.requireNonNull(connection, "connection");
    if (maxWaitingCalls < 0) {
      throw new IllegalArgumentException(
          "maxWaitingCalls: " + maxWaitingCalls + " (expected: 0 or more)");
    }
    if (maxWaitingBytes < 0) {
      throw new IllegalArgumentException(
          "maxWaitingBytes: " + maxWaitingBytes + " (expected: 0 or more)");
    }
    if (maxSends < 1) {
      throw new IllegalArgumentException("maxSends: " + maxSends + " (expected: 1 or more)");
    }
    ConnectionLimits.positive(connectTimeout, "connectTimeout");
    ConnectionLimits.positive(handshakeTimeout, "handshakeTimeout");
    ConnectionLimits.positive(drainTimeout, "drainTimeout");
  }

  /**
   * A builder that starts from the defaults.
   *
   * @return a new builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Makes {@link ClientLimits}, those of the connection and of the core in one place; what is not
   * set keeps its default. Not thread-safe.
   */
  public static final class Builder extends LimitsBuilder<Builder> {
    private int maxWaitingCalls = 1024;
    private long maxWaitingBytes = 64L << 20;
    private int maxSends = 5;
    private Duration connectTimeout = Duration.ofSeconds(10);
    private Duration handshakeTimeout = Duration.ofSeconds(10);
    private Duration drainTimeout = Duration.ofSeconds(10);

    private Builder() {}

    @Override
    protected Builder self() {
      return this;
    }

    /**
     * How many calls may wait for a connection; one more fails with {@code REJECTED}.
     *
     * @param calls 0 or more; default 1,024
     * @return this builder
     */
    public Builder maxWaitingCalls(int calls) {
      maxWaitingCalls = calls;
      return this;
    }

    /**
     * How many bytes the requests of the calls that wait for a connection may have together, the
     * chunks included that were written to streams; a call that passes it fails with {@code
     * REJECTED}.
     *
     * @param bytes 0 or more; default 64 MiB
     * @return this builder
     */
    public Builder maxWaitingBytes(long bytes) {
      maxWaitingBytes = bytes;
      return this;
    }

    /**
     * How often a call is sent at most, the first time included, so that a request that brings its
     * server down does not do so for ever: one that is idempotent, or was refused by a server that
     * closes.
     *
     * @param times 1 or more; default 5
     * @return this builder
     */
    public Builder maxSends(int times) {
      maxSends = times;
      return this;
    }

    /**
     * How long one address of the server may take to accept the connection, or one of the proxy to
     * open the tunnel. The resolving of the name is the system's and takes as long as that lets it.
     *
     * @param timeout more than zero; default 10 s
     * @return this builder
     */
    public Builder connectTimeout(Duration timeout) {
      connectTimeout = Objects.requireNonNull(timeout, "timeout");
      return this;
    }

    /**
     * How long the server may take for the TLS and WebSocket handshakes, from the accepted
     * connection on.
     *
     * @param timeout more than zero; default 10 s
     * @return this builder
     */
    public Builder handshakeTimeout(Duration timeout) {
      handshakeTimeout = Objects.requireNonNull(timeout, "timeout");
      return this;
    }

    /**
     * How long {@link RpcClient#close()} waits for calls that are running, of both directions. So
     * long they may also run on at a server that has said that it closes, while the client's new
     * calls go elsewhere; then the connection is cut off.
     *
     * @param timeout more than zero; default 10 s
     * @return this builder
     */
    public Builder drainTimeout(Duration timeout) {
      drainTimeout = Objects.requireNonNull(timeout, "timeout");
      return this;
    }

    /**
     * Makes the limits.
     *
     * @return the limits
     * @throws IllegalArgumentException where a value is out of its range
     */
    public ClientLimits build() {
      return new ClientLimits(
          connection(),
          maxWaitingCalls,
          maxWaitingBytes,
          maxSends,
          connectTimeout,
          handshakeTimeout,
          drainTimeout);
    }
  }
}
