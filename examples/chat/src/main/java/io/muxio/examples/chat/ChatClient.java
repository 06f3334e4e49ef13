package io.muxio.examples.chat;

import io.muxio.netty.client.ClientState;
import io.muxio.netty.client.RpcClient;
import io.muxio.rpc.endpoint.ExecutionMode;
import io.muxio.rpc.service.CallOptions;
import io.muxio.rpc.service.ConnectionListener;
import io.muxio.rpc.service.RpcConnection;
import io.muxio.rpc.service.RpcException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One who chats. Connects in the background and as often as it takes, joins over each new
 * connection, and so gets what was said while it was not there.
 */
final class ChatClient implements ChatEvents, ConnectionListener, AutoCloseable {
  private static final CallOptions PATIENCE = CallOptions.deadline(Duration.ofSeconds(10));

  private final Consumer<String> screen;

  /** Shows one thing after the other, so that what is pushed waits for the answer of join. */
  private final ExecutorService display = Executors.newSingleThreadExecutor();

  private final RpcClient client;
  private final ChatRoom room;

  /** Of the last message that was shown; on the display's thread only. */
  private long seen;

  /**
   * Begins to connect.
   *
   * @param uri of the server
   * @param token tells the server who this is
   * @param screen gets each line to show, on one thread
   */
  ChatClient(String uri, String token, Consumer<String> screen) {
    this.screen = screen;
    client =
        RpcClient.builder(uri)
            .bearerToken(token)
            .callOptions(PATIENCE)
            // Never blocks, and on the event loop calls are served in the order of the server.
            .service(ChatEvents.class, this, ExecutionMode.EVENT_LOOP)
            .connectionListener(this)
            .stateListener(this::onState)
            .connectLater();
    room = client.service(ChatRoom.class);
  }

  /**
   * Says something; where there is no connection, as soon as there is one again.
   *
   * @param text what to say
   * @throws RpcException where that took too long
   */
  void say(String text) {
    room.say(text);
  }

  @Override
  public void onConnected(RpcConnection connection) {
    display.execute(() -> join(connection.caller().service(ChatRoom.class, PATIENCE)));
  }

  private void join(ChatRoom joined) {
    try {
      joined.join(seen).forEach(this::show);
    } catch (RpcException e) {
      screen.accept("(cannot join: " + e.getMessage() + ")"); // the next connection tries again
    }
  }

  private void onState(ClientState state, @Nullable Throwable cause) {
    if (cause != null) {
      display.execute(() -> screen.accept("(no connection: " + cause.getMessage() + ")"));
    }
  }

  private void show(ChatMessage message) {
    if (message.number() > seen) { // else it came with the answer of join, too
      seen = message.number();
      screen.accept(message.from() + ": " + message.text());
    }
  }

  @Override
  public CompletionStage<Void> message(ChatMessage message) {
    return CompletableFuture.runAsync(() -> show(message), display);
  }

  @Override
  public CompletionStage<Void> presence(String name, boolean isHere) {
    String what = isHere ? " is here" : " has gone";
    return CompletableFuture.runAsync(() -> screen.accept("* " + name + what), display);
  }

  @Override
  public void close() {
    client.close();
    display.shutdown();
  }
}
