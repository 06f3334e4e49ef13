package io.muxio.netty.client;

import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Writes down what a client tells of its life. */
final class RecordedStates implements ClientStateListener {
  private final List<ClientState> states = new CopyOnWriteArrayList<>();
  private final List<Throwable> causes = new CopyOnWriteArrayList<>();
  private final Set<String> threads = ConcurrentHashMap.newKeySet();

  @Override
  public void onState(ClientState state, Throwable cause) {
    threads.add(Thread.currentThread().getName());
    if (cause != null) {
      causes.add(cause);
    }
    states.add(state);
  }

  List<ClientState> all() {
    return new ArrayList<>(states);
  }

  List<Throwable> causes() {
    return causes;
  }

  Set<String> threads() {
    return threads;
  }

  /** Waits until a state has been told so many times. */
  void awaitCount(ClientState state, int times) {
    await().until(() -> count(state) >= times);
  }

  long count(ClientState state) {
    return states.stream().filter(told -> told == state).count();
  }
}
