package io.muxio.rpc.service;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The scope of a call that the test cancels. */
final class ScriptedScope implements CallScope {
  final List<Runnable> actions = new ArrayList<>();
  @Nullable Duration timeLeft;
  private boolean cancelled;

  void cancel() {
    cancelled = true;
    List.copyOf(actions).forEach(Runnable::run);
    actions.clear();
  }

  @Override
  public @Nullable Duration timeLeft() {
    return timeLeft;
  }

  @Override
  public boolean isCancelled() {
    return cancelled;
  }

  @Override
  public Registration onCancel(Runnable action) {
    if (cancelled) {
      action.run();
    } else {
      actions.add(action);
    }
    return () -> actions.remove(action);
  }
}
