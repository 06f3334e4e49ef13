package io.muxio.core.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How much is on its way over simulated paths, whose sender always has more. */
class FlightLimitTest {
  private static final long LEAST = 262_656;
  private static final int CHUNK = 65_664;

  /** When a chunk will have been taken, and its credit be back. */
  private record Chunk(long nanos) {}

  private final Queue<Chunk> path = new ArrayDeque<>();
  private long now = -5;
  private final FlightLimit flight = new FlightLimit(() -> now);
  private long ahead;
  private long takenAt;

  /** Sends what may be sent, then waits for the next credit; so often. */
  private long run(int credits, long roundTripNanos, long nanosPerChunk) {
    for (int count = 0; count < credits; count++) {
      while (ahead + CHUNK <= Math.max(LEAST, flight.limit())) {
        flight.onSent(CHUNK);
        ahead += CHUNK;
        takenAt = Math.max(takenAt, now) + nanosPerChunk;
        path.add(new Chunk(takenAt + roundTripNanos));
      }
      now = path.remove().nanos;
      flight.onCredit(CHUNK);
      ahead -= CHUNK;
    }
    return Math.max(LEAST, flight.limit());
  }

  @Test
  void onAShortPathNoMoreThanTheLeastIsOnItsWay() {
    long most = run(5_000, TimeUnit.MICROSECONDS.toNanos(50), TimeUnit.MICROSECONDS.toNanos(100));
    assertThat(most).isEqualTo(LEAST);
  }

  @Test
  void aLongPathIsFilled() {
    long roundTrip = TimeUnit.MILLISECONDS.toNanos(100);
    long perChunk = TimeUnit.MICROSECONDS.toNanos(500);
    long wanted = CHUNK * roundTrip / perChunk;
    assertThat(run(5_000, roundTrip, perChunk)).isBetween(wanted, 4 * wanted);
  }

  @Test
  void aPathThatBecomesLongerIsFoundOut() {
    run(1_000, TimeUnit.MICROSECONDS.toNanos(50), TimeUnit.MICROSECONDS.toNanos(100));
    long roundTrip = TimeUnit.MILLISECONDS.toNanos(100);
    long perChunk = TimeUnit.MICROSECONDS.toNanos(500);
    long wanted = CHUNK * roundTrip / perChunk;
    assertThat(run(50_000, roundTrip, perChunk)).isGreaterThan(wanted);
  }

  @Test
  void aReaderThatIsSlowHasNoMoreThanTheLeastOnItsWay() {
    long most = run(200, TimeUnit.MICROSECONDS.toNanos(50), TimeUnit.MILLISECONDS.toNanos(60));
    assertThat(most).isLessThanOrEqualTo(2 * LEAST);
  }
}
