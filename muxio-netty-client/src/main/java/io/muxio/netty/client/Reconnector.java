package io.muxio.netty.client;

import io.muxio.netty.ConnectionHandler;
import io.muxio.netty.PeerText;
import io.muxio.rpc.scope.NestedCall;
import io.muxio.rpc.service.CallOptions;
import io.muxio.rpc.service.ConnectionState;
import io.muxio.rpc.service.RpcStatus;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a client connected: attempt, connection, wait, attempt. Its state belongs to the client's
 * event loop, on which all of the client's connections live too, so that whether a call is sent or
 * waits is decided without a lock. The names of the states are {@link ClientState}'s.
 *
 * <p>A connection whose server takes no more calls is left aside for those that run on it, and ends
 * with them; the next one is sought meanwhile.
 */
final class Reconnector {
  private static final Logger logger = LoggerFactory.getLogger(RpcClient.class);
  private static final String CLOSED = "the client is closed";
  private static final String NO_MORE_CALLS = "the server takes no more calls";

  private final ClientConfig config;
  private final EventLoop loop;
  private final ClientLife life;
  private final NextAttempt nextAttempt;
  private final WaitingCalls waiting;
  private final CompletableFuture<Void> firstAttempt = new CompletableFuture<>();

  /** While {@link ClientState#CONNECTING}. */
  private @Nullable ConnectAttempt attempt;

  /** The last one that was up and took calls; read from anywhere. */
  private volatile @Nullable ConnectionHandler connection;

  /** Those that are to end when the calls on them have. */
  private final Set<ConnectionHandler> leaving = new LinkedHashSet<>();

  /** What calls are told from the end on. */
  private String endText = CLOSED;

  private @Nullable Throwable lastFailure;

  /**
   * Makes the reconnector of a client, which does nothing yet.
   *
   * @param config of the client
   * @param loop the client's event loop
   * @param background asks the policy, one question after the other
   * @param life tells the listeners
   * @param waitingBytes how much of what waits may be held
   */
  Reconnector(
      ClientConfig config,
      EventLoop loop,
      Executor background,
      ClientLife life,
      WaitingBytes waitingBytes) {
    this.config = config;
    this.loop = loop;
    this.life = life;
    this.nextAttempt = new NextAttempt(config, loop, background, this::onLoop);
    this.waiting = new WaitingCalls(config.limits().maxWaitingCalls(), waitingBytes);
  }

  /**
   * Makes the first attempt, from any thread.
   *
   * @return done on the event loop when the attempt has succeeded; fails with why it has not, or
   *     where the client was closed first
   */
  CompletableFuture<Void> start() {
    loop.execute(
        () -> {
          if (life.state() == ClientState.CONNECTING) {
            connect();
          }
        });
    return firstAttempt;
  }

  /** The connection that is up and takes calls, on any thread; null where there is none. */
  @Nullable ConnectionHandler connection() {
    ConnectionHandler last = connection;
    return last != null
            && last.channel().isActive()
            && last.connection().state() == ConnectionState.CONNECTED
        ? last
        : null;
  }

  /** Whether there will be no connection any more, on any thread. */
  boolean isOver() {
    return switch (life.state()) {
      case CONNECTING, CONNECTED, RECONNECTING -> false;
      case DISCONNECTING, DISCONNECTED -> true;
    };
  }

  /** Sends a call, lets it wait, or refuses it. */
  void submit(QueuedCall call) {
    assert loop.inEventLoop();
    ConnectionHandler current = connection();
    switch (life.state()) {
      case CONNECTED -> {
        if (current != null) {
          call.sendBy(current);
        } else { // it is just ending
          waiting.add(call, lastFailure);
        }
      }
      case CONNECTING, RECONNECTING -> waiting.add(call, lastFailure);
      case DISCONNECTING, DISCONNECTED -> call.refuse(RpcStatus.DISCONNECTED, endText, lastFailure);
    }
  }

  /** What a call is told whose deadline has passed while it waited. */
  String whyNotWithin(CallOptions options) {
    String why = lastFailure == null ? "" : ": " + lastFailure.getMessage();
    return "no connection within " + NestedCall.deadlineOf(options) + why;
  }

  /** A call that may wait does so no more. */
  void withdraw(QueuedCall call) {
    waiting.remove(call);
  }

  private void connect() {
    ConnectAttempt next = new ConnectAttempt(config, loop);
    attempt = next;
    next.start()
        .whenComplete(
            (connected, failure) -> {
              if (attempt != next) {
                return; // given up
              }
              attempt = null;
              if (failure == null) {
                connected(connected);
              } else {
                logger.debug("{}: {}", config.server(), failure.getMessage());
                retryAfter(failure, false);
              }
            });
  }

  private void connected(ConnectionHandler handler) {
    connection = handler;
    nextAttempt.connected();
    lastFailure = null;
    life.moveTo(ClientState.CONNECTED, null);
    firstAttempt.complete(null);
    handler.disconnected().thenRun(() -> ended(handler));
    handler.onGoAway(reason -> wentAway(handler, reason));
    sendWaiting();
  }

  private void sendWaiting() {
    for (ConnectionHandler up = connection(); up != null; up = connection()) {
      QueuedCall call = waiting.poll();
      if (call == null) {
        return;
      }
      call.sendBy(up);
    }
  }

  /** The server takes no more calls there; those that run may finish. */
  private void wentAway(ConnectionHandler handler, String reason) {
    if (connection != handler || life.state() != ClientState.CONNECTED) {
      return; // it has ended, or ends anyhow
    }
    connection = null;
    leaving.add(handler);
    handler.finishLater(WebSocketCloseStatus.NORMAL_CLOSURE, NO_MORE_CALLS);
    long patience = config.limits().drainTimeout().toNanos();
    Future<?> timer =
        loop.schedule(
            () -> handler.closeLater(WebSocketCloseStatus.NORMAL_CLOSURE, NO_MORE_CALLS),
            patience,
            TimeUnit.NANOSECONDS);
    handler.disconnected().thenRun(() -> timer.cancel(false));
    boolean atOnce = nextAttempt.endedAfterAll();
    retryAfter(new IOException(NO_MORE_CALLS + ": " + PeerText.loggable(reason)), atOnce);
  }

  private void ended(ConnectionHandler handler) {
    leaving.remove(handler);
    if (life.state() == ClientState.CONNECTED && connection == handler) {
      nextAttempt.endedAfterAll();
      Throwable cause = handler.endedBy();
      retryAfter(cause == null ? new IOException("the connection was lost") : cause, false);
    } else if (life.state() == ClientState.DISCONNECTING && leaving.isEmpty()) {
      life.moveTo(ClientState.DISCONNECTED, null);
    }
  }

  private void retryAfter(Throwable failure, boolean atOnce) {
    lastFailure = failure;
    life.moveTo(ClientState.RECONNECTING, failure);
    firstAttempt.completeExceptionally(failure);
    nextAttempt.schedule(failure, atOnce, this::retry, this::giveUp);
  }

  private void retry() {
    life.moveTo(ClientState.CONNECTING, null);
    connect();
  }

  private void giveUp(Throwable failure) {
    logger.info("{}: no more attempts: {}", config.server(), failure.getMessage());
    end("the client has given up: " + failure.getMessage(), failure);
  }

  /** There will be no connection any more, and none is left that takes calls. */
  private void end(String why, @Nullable Throwable failure) {
    endText = why;
    life.moveTo(ClientState.DISCONNECTED, failure);
    waiting.refuseAll(RpcStatus.DISCONNECTED, why, failure);
  }

  /**
   * Makes no more attempts and refuses calls, from any thread.
   *
   * @return the connections that are left, which the caller ends
   */
  CompletableFuture<List<ConnectionHandler>> closeLater() {
    CompletableFuture<List<ConnectionHandler>> left = new CompletableFuture<>();
    onLoop(() -> left.complete(close()));
    return left;
  }

  private List<ConnectionHandler> close() {
    ConnectionHandler shakingHands = null;
    switch (life.state()) {
      case CONNECTED -> {
        ConnectionHandler current = connection;
        assert current != null : "connected without a connection";
        leaving.add(current);
        endWithCalls();
      }
      case CONNECTING -> {
        ConnectAttempt current = attempt;
        attempt = null;
        shakingHands = current == null ? null : current.cancel();
        endWithCalls();
      }
      case RECONNECTING -> {
        nextAttempt.cancel();
        endWithCalls();
      }
      case DISCONNECTING, DISCONNECTED -> {}
    }
    firstAttempt.completeExceptionally(new IOException(CLOSED));
    List<ConnectionHandler> left = new ArrayList<>(leaving);
    if (shakingHands != null) {
      left.add(shakingHands);
    }
    return left;
  }

  /** There will be no connection any more, and those that are left finish their calls. */
  private void endWithCalls() {
    if (leaving.isEmpty()) {
      end(CLOSED, null);
    } else {
      endText = CLOSED;
      life.moveTo(ClientState.DISCONNECTING, null);
      waiting.refuseAll(RpcStatus.DISCONNECTED, CLOSED, null);
    }
  }

  /** Where the user's loop has terminated, there is no other thread any more but those that ask. */
  private void onLoop(Runnable task) {
    try {
      loop.execute(task);
    } catch (RejectedExecutionException e) {
      synchronized (this) {
        task.run();
      }
    }
  }
}
