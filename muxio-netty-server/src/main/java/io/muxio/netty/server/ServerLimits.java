package io.muxio.netty.server;

import io.muxio.netty.ConnectionLimits;
import io.muxio.netty.LimitsBuilder;
import java.time.Duration;
import java.util.Objects;

/**
 * Every bound of a server. Its memory is bounded by those of one connection times {@link
 * #maxConnections()}, so set both for what it has.
 *
 * <pre>{@code
 * ServerLimits limits = ServerLimits.builder()
 *     .maxConnections(500)
 *     .maxRequestSize(1 << 20)
 *     .idleTimeout(Duration.ofMinutes(10))
 *     .build();
 * }</pre>
 *
 * @param connection the bounds of each connection
 * @param maxConnections clients connected at once; one more is answered 503
 * @param maxCalls calls of all clients at once; one more is refused
 * @param handshakeTimeout how long a client may take for the WebSocket handshake
 * @param drainTimeout how long {@link RpcServer#close()} waits for calls that are running
 */
public record ServerLimits(
    ConnectionLimits connection,
    int maxConnections,
    int maxCalls,
    Duration handshakeTimeout,
    Duration drainTimeout) {

  /** The defaults: the values that a {@link #builder()} starts from. */
  public static final ServerLimits DEFAULT = builder().build();

  /**
   * Checks the ranges.
   *
   * @param connection see the record
   * @param maxConnections see the record
   * @param maxCalls see the record
   * @param handshakeTimeout see the record
   * @param drainTimeout see the record
   * @throws IllegalArgumentException where a value is out of its range
   */
  public ServerLimits {
    Objects.requireNonNull(connection, "connection");
    if (maxConnections < 1) {
      throw new IllegalArgumentException(
          "maxConnections: " + maxConnections + " (expected: 1 or more)");
    }
    if (maxCalls < 1) {
      throw new IllegalArgumentException("maxCalls: " + maxCalls + " (expected: 1 or more)");
    }
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
   * Makes {@link ServerLimits}, those of connections and of the core in one place; what is not set
   * keeps its default. Not thread-safe.
   */
  public static final class Builder extends LimitsBuilder<Builder> {
    private int maxConnections = 1 << 14;
    private int maxCalls = 1 << 16;
    private Duration handshakeTimeout = Duration.ofSeconds(10);
    private Duration drainTimeout = Duration.ofSeconds(10);

    private Builder() {}

    @Override
    protected Builder self() {
      return this;
    }

    /**
     * How many clients may be connected at once; one more is answered 503. Sockets that have not
     * shaken hands are bounded too: from twice as many in all a new one is closed at once.
     *
     * @param connections 1 or more; default 16,384
     * @return this builder
     */
    public Builder maxConnections(int connections) {
      maxConnections = connections;
      return this;
    }

    /**
     * How many calls of all clients together there may be at once, unary and streaming, whose
     * handlers run or wait for a thread; one more is refused with {@code OVERLOADED}. A call that
     * is over counts on while its handler is at work. The default is four calls for each of the
     * clients there may be by default, and as many as can wait for the handler pool; a server whose
     * clients keep many streams open needs more.
     *
     * @param calls 1 or more; default 65,536
     * @return this builder
     */
    public Builder maxCalls(int calls) {
      maxCalls = calls;
      return this;
    }

    /**
     * How long a client may take for the WebSocket handshake.
     *
     * @param timeout more than zero; default 10 s
     * @return this builder
     */
    public Builder handshakeTimeout(Duration timeout) {
      handshakeTimeout = Objects.requireNonNull(timeout, "timeout");
      return this;
    }

    /**
     * How long {@link RpcServer#close()} waits for calls that are running.
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
    public ServerLimits build() {
      return new ServerLimits(
          connection(), maxConnections, maxCalls, handshakeTimeout, drainTimeout);
    }
  }
}
