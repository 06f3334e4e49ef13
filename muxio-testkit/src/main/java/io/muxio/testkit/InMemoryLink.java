package io.muxio.testkit;

import io.muxio.core.frame.CoreLimits;
import io.muxio.core.frame.FrameFormat;
import io.muxio.core.frame.IdSpace;
import io.muxio.rpc.endpoint.CallTimeouts;
import io.muxio.rpc.endpoint.RpcEndpoint;
import io.muxio.rpc.service.RpcConnection;
import java.security.Principal;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A connection whose two ends are in this JVM, without sockets: for tests of what is served and of
 * who calls it. All of the protocol is at work, its bytes, limits and flow control included; what
 * is left out is WebSocket, heartbeat and time for a handshake. Safe to use from any thread.
 *
 * <pre>{@code
 * RpcEndpoint greeter = RpcEndpoint.builder()
 *     .handle(GREET, (name, call) -> "Hello " + name)
 *     .build();
 *
 * try (InMemoryLink link = InMemoryLink.to(greeter)) {
 *   assertEquals("Hello Ada", link.client().caller().call(GREET, "Ada").join());
 * }
 * }</pre>
 *
 * A server takes the methods of the same endpoint with {@code RpcServerBuilder.handleAll}.
 */
public final class InMemoryLink implements AutoCloseable {
  private static final Executor handlers = DaemonThreads.pool("muxio-link-handler");

  private final LinkEnd server;
  private final LinkEnd client;

  private InMemoryLink(LinkEnd[] ends) {
    this.server = ends[0];
    this.client = ends[1];
  }

  /**
   * A link to a server, whose client serves nothing.
   *
   * @param server what the server serves
   * @return a link that is up
   */
  public static InMemoryLink to(RpcEndpoint server) {
    return builder().server(server).connect();
  }

  /**
   * A builder of links whose ends serve nothing.
   *
   * @return a new builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * The server's end: its caller calls the client. As on a socket such a call waits, where the ends
   * do not speak the extension, until the client has sent something, because the server has to
   * learn how to write to it.
   *
   * @return always the same object
   */
  public RpcConnection server() {
    return server;
  }

  /**
   * The client's end: its caller calls the server.
   *
   * @return always the same object
   */
  public RpcConnection client() {
    return client;
  }

  /**
   * What the server's end holds now.
   *
   * @return {@link Usage#ZERO} where all calls have ended and all chunks were taken
   */
  public Usage serverUsage() {
    return server.usage();
  }

  /**
   * What the client's end holds now.
   *
   * @return {@link Usage#ZERO} where all calls have ended and all chunks were taken
   */
  public Usage clientUsage() {
    return client.usage();
  }

  /**
   * The memory of all buffers that the link made and nobody has released: those in it, and those
   * that handlers and callers were given.
   *
   * @return bytes; 0 once the link is closed, or somebody has forgotten to release a buffer
   */
  public long allocatedBytes() {
    return server.allocatedBytes() + client.allocatedBytes();
  }

  /** Loses the connection: both ends find it gone, and what is under way is lost. */
  public void cut() {
    server.cut();
    client.cut();
  }

  /**
   * Closes both ends, whose calls fail, and waits until they are closed; handlers that run are told
   * by their cancel but not waited for.
   *
   * @throws IllegalStateException on a thread of the link, which would wait for itself
   */
  @Override
  public void close() {
    if (server.isOnThread() || client.isOnThread()) {
      throw new IllegalStateException(
          "close() on a connection's thread of the link (expected: another thread)");
    }
    server.close();
    client.close().toCompletableFuture().join();
    server.close().toCompletableFuture().join();
    server.usage(); // by now each has dropped what the other had sent
    client.usage();
  }

  /** Makes links; what is not set keeps its default. Not thread-safe. */
  public static final class Builder {
    private RpcEndpoint server = RpcEndpoint.builder().build();
    private RpcEndpoint client = RpcEndpoint.builder().build();
    private FrameFormat format = FrameFormat.GENERATION_13;
    private boolean extension = true;
    private CoreLimits limits = CoreLimits.DEFAULT;
    private CallTimeouts timeouts = CallTimeouts.NONE;
    private Duration readerTimeout = Duration.ofSeconds(5);
    private Executor handlerExecutor = handlers;
    private @Nullable Principal principal;

    private Builder() {}

    /**
     * What the server serves.
     *
     * @param endpoint default: nothing
     * @return this builder
     */
    public Builder server(RpcEndpoint endpoint) {
      server = Objects.requireNonNull(endpoint, "endpoint");
      return this;
    }

    /**
     * What the client serves, when the server calls it back.
     *
     * @param endpoint default: nothing
     * @return this builder
     */
    public Builder client(RpcEndpoint endpoint) {
      client = Objects.requireNonNull(endpoint, "endpoint");
      return this;
    }

    /**
     * The wire generation that the client speaks; the server finds out.
     *
     * @param format default {@link FrameFormat#GENERATION_13}
     * @return this builder
     */
    public Builder format(FrameFormat format) {
      this.format = Objects.requireNonNull(format, "format");
      return this;
    }

    /**
     * Whether the ends speak the extension {@code muxio.x1}, as two ends of this project do. Never
     * with a scripted peer, nor with generation 21.
     *
     * @param extension false to speak the published protocol alone; default true
     * @return this builder
     */
    public Builder extension(boolean extension) {
      this.extension = extension;
      return this;
    }

    /**
     * The bounds of each end.
     *
     * @param limits default {@link CoreLimits#DEFAULT}
     * @return this builder
     */
    public Builder limits(CoreLimits limits) {
      this.limits = Objects.requireNonNull(limits, "limits");
      return this;
    }

    /**
     * How long the calls that each end serves may take.
     *
     * @param timeouts default {@link CallTimeouts#NONE}
     * @return this builder
     */
    public Builder timeouts(CallTimeouts timeouts) {
      this.timeouts = Objects.requireNonNull(timeouts, "timeouts");
      return this;
    }

    /**
     * How long the reader of a stream may take nothing while the peer is not read for its sake.
     *
     * @param timeout more than zero; default 5 s
     * @return this builder
     */
    public Builder readerTimeout(Duration timeout) {
      readerTimeout = Objects.requireNonNull(timeout, "timeout");
      return this;
    }

    /**
     * Where the handlers of both ends run.
     *
     * @param executor default: a thread for each call that runs
     * @return this builder
     */
    public Builder handlerExecutor(Executor executor) {
      handlerExecutor = Objects.requireNonNull(executor, "executor");
      return this;
    }

    /**
     * Who the client is, as a server's authenticator would have said: what the server's handlers
     * get of {@code call.principal()}.
     *
     * @param client default: a client without a name
     * @return this builder
     */
    public Builder principal(Principal client) {
      principal = Objects.requireNonNull(client, "client");
      return this;
    }

    /**
     * Makes a link; the builder may be used on.
     *
     * @return a link that is up
     */
    public InMemoryLink connect() {
      return new InMemoryLink(LinkEnd.join(server, client, config(extension)));
    }

    /**
     * Makes a client whose server does what the test tells it; the builder may be used on.
     *
     * @return the server, connected to a client that serves what was set
     */
    public ScriptedPeer connectToScriptedServer() {
      return new ScriptedPeer(IdSpace.SERVER, client, config(false));
    }

    /**
     * Makes a server whose client does what the test tells it; the builder may be used on.
     *
     * @return the client, connected to a server that serves what was set
     */
    public ScriptedPeer connectToScriptedClient() {
      return new ScriptedPeer(IdSpace.CLIENT, server, config(false));
    }

    private LinkConfig config(boolean extension) {
      return new LinkConfig(
          format, extension, limits, timeouts, readerTimeout, handlerExecutor, principal);
    }
  }
}
