package io.muxio.testkit;

import io.muxio.core.frame.IdSpace;
import io.muxio.core.frame.ProtocolException;
import io.muxio.core.rpc.RpcDispatcher;
import io.muxio.rpc.caller.CallerHost;
import io.muxio.rpc.caller.ConnectionCaller;
import io.muxio.rpc.endpoint.EndpointHost;
import io.muxio.rpc.endpoint.RpcEndpoint;
import io.muxio.rpc.service.ConnectionState;
import io.muxio.rpc.service.RpcCaller;
import io.muxio.rpc.service.RpcConnection;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.Attribute;
import io.netty.util.AttributeKey;
import io.netty.util.DefaultAttributeMap;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.security.Principal;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One end of an {@link InMemoryLink}: endpoint and caller over a dispatcher, as a host on a socket
 * joins them. Its state belongs to its {@link LinkThread}; what it sends waits in the peer's {@link
 * LinkInbox}.
 */
final class LinkEnd implements RpcConnection, LinkPeer, LinkThread.End {
  private static final Logger logger = LoggerFactory.getLogger(InMemoryLink.class);
  private static final AtomicLong lastId = new AtomicLong();

  /** Not the handlers' threads, which may all wait for what is told here. */
  private static final Executor callbacks = DaemonThreads.pool("muxio-link-callback");

  /** What may wait for a peer that does not read; streams wait long before. */
  private static final int MAX_UNREAD = 128 << 20;

  private final long id = lastId.incrementAndGet();
  private final SocketAddress remoteAddress;
  private final @Nullable Principal principal;
  private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
  private final DefaultAttributeMap attributes = new DefaultAttributeMap();
  private final LinkThread thread;
  private final RpcDispatcher dispatcher;
  private final RpcCaller caller;
  private final LinkInbox inbox;
  private final CompletableFuture<Void> disconnected = new CompletableFuture<>();
  private volatile ConnectionState state = ConnectionState.CONNECTED;

  /** Half a frame may have been dropped, so nothing more is sent. */
  private boolean mute;

  /** Set before anybody can use this end. */
  private LinkPeer peer;

  @SuppressWarnings("NullAway.Init") // see peer
  private LinkEnd(IdSpace half, RpcEndpoint endpoint, LinkConfig config) {
    String name = half.name().toLowerCase(Locale.ROOT);
    String peerName = half == IdSpace.SERVER ? "client" : "server";
    remoteAddress = InetSocketAddress.createUnresolved(peerName + ".in-memory", 0);
    principal = config.peerOf(half);
    thread = new LinkThread("muxio-link-" + name, this);
    EndpointHost endpointHost =
        new EndpointHost(
            this, config.handlers(), callbacks, thread, thread, config.timeouts(), allocator);
    dispatcher =
        new RpcDispatcher(
            config.session(half, allocator), this::send, endpoint.serve(endpointHost));
    caller =
        new ConnectionCaller(
            new CallerHost(dispatcher, thread, thread, callbacks, allocator, this));
    inbox = new LinkInbox(this::receive, dispatcher.session(), thread, config, half);
    if (config.extension()) {
      dispatcher.session().extend(); // nobody else has it yet
    }
  }

  /** Makes the two ends of a link, the server's first. */
  static LinkEnd[] join(RpcEndpoint server, RpcEndpoint client, LinkConfig config) {
    LinkEnd serverEnd = new LinkEnd(IdSpace.SERVER, server, config);
    LinkEnd clientEnd = new LinkEnd(IdSpace.CLIENT, client, config);
    serverEnd.peer = clientEnd;
    clientEnd.peer = serverEnd;
    serverEnd.begin();
    clientEnd.begin();
    return new LinkEnd[] {serverEnd, clientEnd};
  }

  /** Sends what there is to say before the first call. */
  private void begin() {
    thread.execute(() -> {});
  }

  /** Makes the end whose peer is scripted. */
  static LinkEnd facing(LinkPeer peer, IdSpace half, RpcEndpoint endpoint, LinkConfig config) {
    LinkEnd end = new LinkEnd(half, endpoint, config);
    end.peer = peer;
    return end;
  }

  @Override
  public void deliver(ByteBuf message) {
    boolean closed = !message.isReadable();
    inbox.add(
        closed
            ? Unpooled.EMPTY_BUFFER
            : allocator
                .buffer(message.readableBytes())
                .writeBytes(message, message.readerIndex(), message.readableBytes()));
  }

  @Override
  public void onRead(int bytes) {
    thread.later(() -> thread.onRead(bytes));
  }

  /** Takes a message of this end's over and gives the peer a copy, as a socket would. */
  private void send(ByteBuf message) {
    try {
      if (mute || state != ConnectionState.CONNECTED) {
        return;
      }
      thread.onSent(message.readableBytes());
      if (thread.unread() > MAX_UNREAD) {
        mute = true;
        thread.later(
            () -> tellAndEnd("the peer does not read, " + MAX_UNREAD + " bytes wait for it"));
      } else {
        peer.deliver(message);
      }
    } finally {
      message.release();
    }
  }

  /** A message of the peer's, lent; an empty one where it has closed. */
  private void receive(ByteBuf message) {
    int size = message.readableBytes();
    peer.onRead(size);
    if (state != ConnectionState.CONNECTED) {
      return;
    }
    if (!message.isReadable()) {
      tellAndEnd("closed by the peer");
      return;
    }
    try {
      dispatcher.session().receive(message, true);
    } catch (ProtocolException e) {
      logger.warn("{}: closed, {}", this, e.getMessage());
      tellAndEnd(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public void afterTask() {
    if (state == ConnectionState.CONNECTED) {
      dispatcher.session().flush();
      inbox.update();
    }
  }

  @Override
  public void broken(Throwable cause) {
    logger.error("{}: closed after an error", this, cause);
    mute = true;
    tellAndEnd("internal error");
  }

  /** Sends what was written, ends all calls, and tells the peer. */
  private void tellAndEnd(String reason) {
    if (state == ConnectionState.CONNECTED) {
      dispatcher.session().flush();
      end("the connection was closed: " + reason);
      peer.deliver(Unpooled.EMPTY_BUFFER);
    }
  }

  /** Ends all calls without a word to the peer. */
  void cut() {
    thread.execute(() -> end("the connection was lost"));
  }

  private void end(String reason) {
    if (state == ConnectionState.CONNECTED) {
      state = ConnectionState.DISCONNECTING;
      dispatcher.close(new IOException(reason));
      state = ConnectionState.DISCONNECTED;
      inbox.dropAll();
      callbacks.execute(() -> disconnected.complete(null));
    }
  }

  /** What it holds now; waits for the end's thread. */
  Usage usage() {
    CompletableFuture<Usage> usage = new CompletableFuture<>();
    thread.execute(
        () ->
            usage.complete(
                new Usage(
                    dispatcher.inboundCalls(),
                    dispatcher.pendingCalls(),
                    dispatcher.session().openStreams(),
                    dispatcher.session().bufferedBytes())));
    return usage.join();
  }

  /** Bytes of memory that nobody has given back. */
  long allocatedBytes() {
    return allocator.metric().usedDirectMemory() + allocator.metric().usedHeapMemory();
  }

  boolean isOnThread() {
    return thread.isCurrent();
  }

  @Override
  public long id() {
    return id;
  }

  @Override
  public SocketAddress remoteAddress() {
    return remoteAddress;
  }

  @Override
  public @Nullable Principal principal() {
    return principal;
  }

  @Override
  public RpcCaller caller() {
    return caller;
  }

  @Override
  public ConnectionState state() {
    return state;
  }

  @Override
  public <T> Attribute<T> attr(AttributeKey<T> key) {
    return attributes.attr(key);
  }

  @Override
  public CompletionStage<Void> close() {
    thread.execute(() -> tellAndEnd("closed"));
    return disconnected.copy();
  }

  @Override
  public String toString() {
    return "connection " + id + " of " + remoteAddress;
  }
}
