package io.muxio.examples.chat;

import io.muxio.rpc.endpoint.CallContext;
import io.muxio.rpc.service.CallOptions;
import io.muxio.rpc.service.ConnectionListener;
import io.muxio.rpc.service.ConnectionState;
import io.muxio.rpc.service.RpcConnection;
import java.security.Principal;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** The one room of a server. Its lock makes all members see the messages in the same order. */
final class Room implements ChatRoom, ConnectionListener {
  /** For those who come back; what is older is forgotten. */
  private static final int MAX_HISTORY = 1_000;

  private static final CallOptions PATIENCE = CallOptions.deadline(Duration.ofSeconds(5));

  private record Member(String name, ChatEvents events) {}

  private final Map<RpcConnection, Member> members = new LinkedHashMap<>();
  private final Deque<ChatMessage> history = new ArrayDeque<>();
  private long last = System.currentTimeMillis(); // above all numbers of a server before

  @Override
  public synchronized List<ChatMessage> join(long seen) {
    RpcConnection connection = CallContext.current().connection();
    String name = caller();
    boolean isNew = !isHere(name);
    members.put(
        connection, new Member(name, connection.caller().service(ChatEvents.class, PATIENCE)));
    if (isNew) {
      tellAll(member -> member.presence(name, true));
    }
    if (connection.state() != ConnectionState.CONNECTED) {
      onDisconnected(connection); // which was told before there was a member
    }
    return history.stream().filter(message -> message.number() > seen).toList();
  }

  private boolean isHere(String name) {
    return members.values().stream().anyMatch(member -> member.name().equals(name));
  }

  @Override
  public synchronized long say(String text) {
    ChatMessage message = new ChatMessage(++last, caller(), text);
    history.add(message);
    if (history.size() > MAX_HISTORY) {
      history.remove();
    }
    tellAll(member -> member.message(message));
    return message.number();
  }

  private static String caller() {
    Principal caller = CallContext.current().principal();
    return Objects.requireNonNull(caller, "the server lets nobody in without a token").getName();
  }

  /** Waits for nobody. Who cannot be told is sent away, comes back, and asks what was missed. */
  private void tellAll(Function<ChatEvents, CompletionStage<Void>> event) {
    members.forEach(
        (connection, member) ->
            event
                .apply(member.events())
                .whenComplete(
                    (taken, failure) -> {
                      if (failure != null) {
                        connection.close();
                      }
                    }));
  }

  @Override
  public synchronized void onDisconnected(RpcConnection connection) {
    Member gone = members.remove(connection);
    if (gone != null && !isHere(gone.name())) { // may be here over another connection
      tellAll(member -> member.presence(gone.name(), false));
    }
  }
}
