package io.muxio.netty.client;

import io.muxio.netty.ConnectionHandler;
import io.muxio.netty.ConnectionLimits;
import io.muxio.rpc.scope.NestedCall;
import io.muxio.rpc.service.CallOptions;
import io.muxio.rpc.service.ConnectionState;
import io.muxio.rpc.service.RpcStatus;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
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
 */
final class Reconnector {
  private static final Logger logger = LoggerFactory.getLogger(RpcClient.class);
  private static final String CLOSED = "the client is closed";

  private final ClientConfig config;
  private final EventLoop loop;
  private final Executor background;
  private final ClientLife life;
  private final WaitingCalls waiting;
  private final CompletableFuture<Void> firstAttempt = new CompletableFuture<>();

  /** While {@link ClientState#CONNECTING}. */
  private @Nullable ConnectAttempt attempt;

  /** While {@link ClientState#RECONNECTING}, once the policy has said how long. */
  private @Nullable Future<?> delay;

  /** The last one that was up; read from anywhere. */
  private volatile @Nullable ConnectionHandler connection;

  /** What calls are told from the end on. */
  private String endText = CLOSED;

  private int attempts;
  private long delayNanos;
  private long connectedNanos;
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
    this.background = background;
    this.life = life;
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

  /** The connection that is up, on any thread; null where there is none. */
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
          call.sendBy(current.caller());
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
                retryAfter(failure);
              }
            });
  }

  private void connected(ConnectionHandler handler) {
    connection = handler;
    connectedNanos = System.nanoTime();
    lastFailure = null;
    life.moveTo(ClientState.CONNECTED, null);
    firstAttempt.complete(null);
    handler.disconnected().thenRun(() -> lost(handler));
    sendWaiting();
  }

  private void sendWaiting() {
    for (ConnectionHandler up = connection(); up != null; up = connection()) {
      QueuedCall call = waiting.poll();
      if (call == null) {
        return;
      }
      call.sendBy(up.caller());
    }
  }

  private void lost(ConnectionHandler handler) {
    if (life.state() == ClientState.CONNECTED) {
      if (System.nanoTime() - connectedNanos >= delayNanos) {
        attempts = 0;
      }
      Throwable cause = handler.endedBy();
      retryAfter(cause == null ? new IOException("the connection was lost") : cause);
    } else if (life.state() == ClientState.DISCONNECTING) {
      life.moveTo(ClientState.DISCONNECTED, null);
    }
  }

  private void retryAfter(Throwable failure) {
    lastFailure = failure;
    life.moveTo(ClientState.RECONNECTING, failure);
    firstAttempt.completeExceptionally(failure);
    int number = ++attempts;
    background.execute(
        () -> {
          Duration wait = null;
          try {
            wait = config.policy().delay(number, failure);
          } catch (Throwable e) {
            logger.error("{}: the reconnect policy failed, no more attempts", config.server(), e);
          }
          Duration answer = wait;
          onLoop(() -> policySaid(answer, failure));
        });
  }

  private void policySaid(@Nullable Duration wait, Throwable failure) {
    if (life.state() != ClientState.RECONNECTING) {
      return;
    }
    if (wait == null) {
      giveUp(failure);
      return;
    }
    Duration bounded =
        wait.compareTo(ConnectionLimits.LONGEST) > 0 ? ConnectionLimits.LONGEST : wait;
    delayNanos = Math.max(0, bounded.toNanos());
    try {
      delay = loop.schedule(this::retry, delayNanos, TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      giveUp(e); // the user's event loop has terminated
    }
  }

  private void retry() {
    if (life.state() == ClientState.RECONNECTING) {
      life.moveTo(ClientState.CONNECTING, null);
      connect();
    }
  }

  private void giveUp(Throwable failure) {
    logger.info("{}: no more attempts: {}", config.server(), failure.getMessage());
    end("the client has given up: " + failure.getMessage(), failure);
  }

  /** There will be no connection any more, and none is left. */
  private void end(String why, @Nullable Throwable failure) {
    endText = why;
    life.moveTo(ClientState.DISCONNECTED, failure);
    waiting.refuseAll(RpcStatus.DISCONNECTED, why, failure);
  }

  /**
   * Makes no more attempts and refuses calls, from any thread.
   *
   * @return the connection that is left, which the caller ends; none or one
   */
  CompletableFuture<List<ConnectionHandler>> closeLater() {
    CompletableFuture<List<ConnectionHandler>> left = new CompletableFuture<>();
    onLoop(() -> left.complete(close()));
    return left;
  }

  private List<ConnectionHandler> close() {
    ConnectionHandler left = null;
    switch (life.state()) {
      case CONNECTED -> {
        left = connection;
        endText = CLOSED;
        life.moveTo(ClientState.DISCONNECTING, null);
        waiting.refuseAll(RpcStatus.DISCONNECTED, CLOSED, null);
      }
      case CONNECTING -> {
        ConnectAttempt current = attempt;
        attempt = null;
        left = current == null ? null : current.cancel();
        end(CLOSED, null);
      }
      case RECONNECTING -> {
        if (delay != null) {
          delay.cancel(false);
        }
        end(CLOSED, null);
      }
      case DISCONNECTING, DISCONNECTED -> {}
    }
    firstAttempt.completeExceptionally(new IOException(CLOSED));
    return left == null ? List.of() : List.of(left);
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
