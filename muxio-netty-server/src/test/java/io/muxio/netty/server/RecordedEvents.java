package io.muxio.netty.server;

import static org.awaitility.Awaitility.await;

import io.muxio.rpc.service.ConnectionListener;
import io.muxio.rpc.service.RpcConnection;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** Writes down what a server tells of its connections. */
final class RecordedEvents implements ConnectionListener {
  static final String CONNECTING = "connecting";
  static final String CONNECTED = "connected";
  static final String ERROR = "error";
  static final String DISCONNECTING = "disconnecting";
  static final String DISCONNECTED = "disconnected";

  private final Map<Long, List<String>> events = new ConcurrentSkipListMap<>();
  private final Map<Long, RpcConnection> connections = new ConcurrentSkipListMap<>();
  private final Map<Long, Throwable> errors = new ConcurrentHashMap<>();
  private final Set<String> threads = ConcurrentHashMap.newKeySet();

  private void add(RpcConnection connection, String event) {
    threads.add(Thread.currentThread().getName());
    RpcConnection known = connections.putIfAbsent(connection.id(), connection);
    if (known != null && known != connection) {
      throw new AssertionError("two objects for connection " + connection.id());
    }
    events.merge(
        connection.id(),
        List.of(event),
        (before, next) -> {
          List<String> all = new ArrayList<>(before);
          all.addAll(next);
          return all;
        });
  }

  @Override
  public void onConnecting(RpcConnection connection) {
    add(connection, CONNECTING);
  }

  @Override
  public void onConnected(RpcConnection connection) {
    add(connection, CONNECTED);
  }

  @Override
  public void onError(RpcConnection connection, Throwable cause) {
    errors.put(connection.id(), cause);
    add(connection, ERROR);
  }

  @Override
  public void onDisconnecting(RpcConnection connection) {
    add(connection, DISCONNECTING);
  }

  @Override
  public void onDisconnected(RpcConnection connection) {
    add(connection, DISCONNECTED);
  }

  /** What was told of each connection, in the order of their ids. */
  List<List<String>> all() {
    return List.copyOf(events.values());
  }

  /** What was told of the connection that was there first, second and so on, if anything. */
  List<String> of(int index) {
    List<List<String>> all = all();
    return index < all.size() ? all.get(index) : List.of();
  }

  /** The events of the only connection, once it has ended. */
  List<String> ofTheOne() {
    await().until(() -> events.size() == 1 && of(0).contains(DISCONNECTED));
    return of(0);
  }

  Throwable error() {
    return errors.values().iterator().next();
  }

  Collection<RpcConnection> connections() {
    return connections.values();
  }

  Set<String> threads() {
    return threads;
  }
}
