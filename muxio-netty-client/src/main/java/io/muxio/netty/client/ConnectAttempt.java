package io.muxio.netty.client;

import io.muxio.netty.ConnectionHandler;
import io.muxio.netty.TlsHandlers;
import io.muxio.netty.Transport;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to connect: gets a token where it needs one, resolves the name of the server or its
 * proxy and tries the addresses in turn until the server has shaken hands. Belongs to the client's
 * event loop; what blocks is done elsewhere.
 *
 * <pre>
 *   HttpClientCodec → ProxyTunnel, where there is a proxy, until it has opened the tunnel
 *   SslHandler, where the URI is wss
 *   HttpClientCodec → ClientHandshake
 *   after the upgrade: WebSocket codec → ConnectionHandler
 * </pre>
 */
final class ConnectAttempt {
  private final ClientConfig config;
  private final EventLoop loop;
  private final CompletableFuture<ConnectionHandler> outcome = new CompletableFuture<>();
  private final Queue<SocketAddress> untried = new ArrayDeque<>();

  /** Of the requests, once there is a token. */
  private HttpHeaders headers = EmptyHttpHeaders.INSTANCE;

  private @Nullable Throwable worstFailure;
  private @Nullable Channel channel;
  private @Nullable ClientHandshake handshake;

  ConnectAttempt(ClientConfig config, EventLoop loop) {
    this.config = config;
    this.loop = loop;
  }

  /**
   * Begins.
   *
   * @return completes on the event loop with a connection that is up, or with why there is none;
   *     not at all where the attempt was given up
   */
  CompletableFuture<ConnectionHandler> start() {
    // On a thread of its own: a lookup cannot be ended, and one that hangs is left to itself.
    Thread lookup = new Thread(this::getToken, "muxio-lookup");
    lookup.setDaemon(true);
    try {
      lookup.start();
    } catch (Throwable e) { // no thread, for now
      onLoop(() -> fail(new IOException("no thread to look up its name: " + e.getMessage(), e)));
    }
    return outcome;
  }

  private void getToken() {
    HttpHeaders withToken;
    try {
      BearerToken token = config.token();
      withToken = token == null ? config.headers() : token.addedTo(config.headers());
    } catch (Throwable e) {
      onLoop(() -> fail(new IOException("no bearer token: " + e.getMessage(), e)));
      return;
    }
    UnixDomainSocketAddress socket = config.server().socket();
    if (socket == null) {
      resolve(withToken);
    } else {
      onLoop(() -> tryAll(List.of(socket), withToken));
    }
  }

  private void resolve(HttpHeaders headersOfAll) {
    HttpProxy proxy = config.proxy();
    String host = proxy == null ? config.server().host() : proxy.host();
    int port = proxy == null ? config.server().port() : proxy.port();
    try {
      List<SocketAddress> addresses = new ArrayList<>();
      for (InetAddress address : config.resolver().resolve(host)) {
        addresses.add(new InetSocketAddress(address, port));
      }
      onLoop(() -> tryAll(addresses, headersOfAll));
    } catch (
        Throwable
            e) { // an Error too, such as of a resolver that is not ours: none would end the attempt
      onLoop(() -> fail(new IOException("unknown host " + host, e)));
    }
  }

  private void onLoop(Runnable task) {
    try {
      loop.execute(task);
    } catch (RejectedExecutionException e) {
      // The client is closed, and waits for no outcome.
    }
  }

  private void tryAll(List<? extends SocketAddress> addresses, HttpHeaders headersOfAll) {
    headers = headersOfAll;
    untried.addAll(addresses);
    tryNext();
  }

  private void tryNext() {
    SocketAddress address = untried.poll();
    if (outcome.isDone()) {
      return;
    }
    if (address == null) {
      fail(worstFailure == null ? new IOException("no address") : worstFailure);
      return;
    }
    ClientHandshake next = new ClientHandshake(config, headers);
    handshake = next;
    next.outcome().whenComplete(this::tried);
    ChannelFuture connecting =
        bootstrap(address, next).connect(Transport.of(loop).nativeAddress(address));
    channel = connecting.channel();
    connecting.addListener(
        done -> {
          if (!done.isSuccess()) {
            next.outcome().completeExceptionally(done.cause());
          }
        });
  }

  private Bootstrap bootstrap(SocketAddress address, ClientHandshake last) {
    Bootstrap bootstrap =
        new Bootstrap()
            .group(loop)
            .channel(Transport.of(loop).channel(address))
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, connectMillis())
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel socket) {
                    fill(socket.pipeline(), last);
                  }
                });
    return address instanceof InetSocketAddress
        ? bootstrap.option(ChannelOption.TCP_NODELAY, true)
        : bootstrap;
  }

  private int connectMillis() {
    long millis = config.limits().connectTimeout().toMillis();
    return (int) Math.max(1, Math.min(millis, Integer.MAX_VALUE));
  }

  private void fill(ChannelPipeline pipeline, ClientHandshake last) {
    HttpProxy proxy = config.proxy();
    if (proxy != null) {
      pipeline
          .addLast(new HttpClientCodec())
          .addLast(new ProxyTunnel(proxy, config.server(), connectMillis()));
    }
    SslContext tls = config.tls();
    if (tls != null) {
      pipeline.addLast(tlsHandler(tls, pipeline.channel().alloc()));
    }
    pipeline.addLast(new HttpClientCodec()).addLast(last);
  }

  private SslHandler tlsHandler(SslContext tls, ByteBufAllocator allocator) {
    ServerUri server = config.server();
    Executor executor = config.connection().callbackExecutor();
    return TlsHandlers.client(tls, allocator, server.name(), server.port(), executor);
  }

  private void tried(@Nullable ConnectionHandler connection, @Nullable Throwable failure) {
    if (connection != null) {
      outcome.complete(connection);
    } else if (failure != null && !outcome.isDone()) {
      failed(failure);
      tryNext();
    }
  }

  /** What a server has said tells more than that nobody was there at the name's next address. */
  private void failed(Throwable failure) {
    Throwable before = worstFailure;
    boolean keepsBefore = isRefusal(before) && !isRefusal(failure);
    Throwable worse = before != null && keepsBefore ? before : failure;
    Throwable other = worse == failure ? before : failure;
    if (other != null && other != worse) {
      worse.addSuppressed(other);
    }
    worstFailure = worse;
  }

  private static boolean isRefusal(@Nullable Throwable failure) {
    return failure instanceof HandshakeRefusedException || failure instanceof ProxyRefusedException;
  }

  private void fail(Throwable cause) {
    if (isRefusal(cause)) {
      outcome.completeExceptionally(cause); // says all, to a policy too that looks at its status
      return;
    }
    String through = config.proxy() == null ? "" : " through the proxy " + config.proxy();
    String what = "cannot connect to " + config.server() + through + ": " + reason(cause);
    outcome.completeExceptionally(new IOException(what, cause));
  }

  private static @Nullable String reason(Throwable cause) {
    if (cause instanceof NotSslRecordException
        || cause.getCause() instanceof NotSslRecordException) {
      return "the server does not speak TLS on this port (expected: a ws:// URI?)";
    }
    // Of a unix socket; some transports say no more.
    return cause instanceof FileNotFoundException ? "no such file" : cause.getMessage();
  }

  /**
   * Gives the attempt up.
   *
   * @return the connection that was about to shake hands, or null; the caller ends it
   */
  @Nullable ConnectionHandler cancel() {
    outcome.cancel(false);
    if (channel != null) {
      channel.close();
    }
    return handshake == null ? null : handshake.connection();
  }
}
