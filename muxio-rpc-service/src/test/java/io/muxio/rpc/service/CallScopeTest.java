package io.muxio.rpc.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which scope a thread is in, and what an interrupt by a scope does. */
class CallScopeTest {
  private final ScriptedScope scope = new ScriptedScope();
  private final ScriptedScope other = new ScriptedScope();
  private final List<@Nullable CallScope> seen = new ArrayList<>();

  private void look() {
    seen.add(CallScope.current());
  }

  @AfterEach
  void theThreadIsClean() {
    assertThat(CallScope.current()).isNull();
    assertThat(Thread.interrupted()).isFalse();
  }

  @Test
  void scopesNestAndEnd() {
    scope
        .wrap(
            () -> {
              other.wrap(this::look).run();
              look();
            })
        .run();
    assertThat(seen).containsExactly(other, scope);
  }

  @Test
  void aTaskThatThrowsLeavesItsScope() throws Exception {
    assertThat(scope.wrap(CallScope::current).call()).isSameAs(scope);
    Runnable throwing =
        () -> {
          throw new IllegalStateException("the task's");
        };
    assertThatThrownBy(scope.wrap(throwing)::run).hasMessage("the task's");
  }

  @Test
  void anExecutorCarriesTheScopeOfWhoeverHandsTheTaskOver() {
    Executor threads =
        task -> CompletableFuture.runAsync(task, work -> new Thread(work).start()).join();
    Executor carrying = CallScope.carrying(threads);
    scope.wrap(() -> carrying.execute(this::look)).run();
    scope.wrap(() -> threads.execute(this::look)).run();
    carrying.execute(this::look);
    assertThat(seen).containsExactly(scope, null, null);
  }

  @Test
  void detachedWorkIsOfNoCall() {
    scope
        .wrap(
            () -> {
              seen.add(CallScope.detached(CallScope::current));
              look();
            })
        .run();
    assertThat(seen).containsExactly(null, scope);
  }

  @Test
  void aCancelInterruptsTheThreadThatAskedForIt() {
    scope
        .wrap(
            () -> {
              scope.interruptOnCancel();
              scope.cancel();
              assertThat(Thread.currentThread().isInterrupted()).isTrue();
            })
        .run();
    assertThat(Thread.currentThread().isInterrupted()).as("it has left").isFalse();
  }

  @Test
  void aCancelBeforeInterruptsAtOnce() {
    scope.cancel();
    scope
        .wrap(
            () -> {
              scope.interruptOnCancel();
              assertThat(Thread.currentThread().isInterrupted()).isTrue();
            })
        .run();
    assertThat(Thread.currentThread().isInterrupted()).as("it has left").isFalse();
  }

  @Test
  void afterTheThreadHasLeftItIsNotInterrupted() {
    scope.wrap(scope::interruptOnCancel).run();
    assertThat(scope.actions).as("what waits for the cancel").isEmpty();
    scope.cancel();
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @Test
  void anInterruptThatWasNotOursStays() {
    scope
        .wrap(
            () -> {
              scope.interruptOnCancel();
              Thread.currentThread().interrupt();
            })
        .run();
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void workThatIsNotOfTheCallIsNotInterrupted() {
    ScriptedScope other = new ScriptedScope();
    Runnable cancelled =
        () -> {
          scope.cancel();
          assertThat(Thread.currentThread().isInterrupted()).as("in other work").isFalse();
        };
    scope
        .wrap(
            () -> {
              scope.interruptOnCancel();
              other.wrap(cancelled).run();
              assertThat(Thread.currentThread().isInterrupted()).as("back in its own").isTrue();
              CallScope.detached(
                  () -> {
                    assertThat(Thread.interrupted()).as("interrupted before").isTrue();
                    return 1;
                  });
            })
        .run();
    assertThat(Thread.currentThread().isInterrupted()).as("it has left").isFalse();
  }

  @Test
  void leavingAnInnerScopeLeavesTheOuterInterrupt() {
    scope
        .wrap(
            () -> {
              scope.interruptOnCancel();
              scope
                  .wrap(
                      () -> {
                        scope.interruptOnCancel();
                        scope.cancel();
                      })
                  .run();
              assertThat(Thread.currentThread().isInterrupted()).as("still cancelled").isTrue();
            })
        .run();
    assertThat(Thread.currentThread().isInterrupted()).as("it has left").isFalse();
  }

  /** The inner task is of the same call: leaving it leaves the outer one as it is. */
  @Test
  void anInterruptLastsUntilItsOwnScopeIsLeft() {
    scope
        .wrap(
            () -> {
              scope.interruptOnCancel();
              scope.wrap(this::look).run();
              CallScope.detached(() -> 1);
              scope.cancel();
              assertThat(Thread.currentThread().isInterrupted()).isTrue();
            })
        .run();
  }

  @Test
  void aThreadThatIsNotInTheScopeIsRefused() {
    assertThatThrownBy(scope::interruptOnCancel)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(Thread.currentThread().getName());
    assertThatThrownBy(() -> other.wrap(scope::interruptOnCancel).run())
        .isInstanceOf(IllegalStateException.class);
    assertThat(scope.actions).isEmpty();
  }
}
