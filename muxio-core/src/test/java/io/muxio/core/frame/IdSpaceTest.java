package io.muxio.core.frame;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class IdSpaceTest {
  @Test
  void aClientsIdsHaveTheHighBitClearAndAServersSet() {
    assertThat(IdSpace.CLIENT.counter(0x8000_0005).next(id -> false)).isEqualTo(5);
    assertThat(IdSpace.SERVER.counter(5).next(id -> false)).isEqualTo(0x8000_0005);
    assertThat(IdSpace.CLIENT.contains(0x7fff_ffff)).isTrue();
    assertThat(IdSpace.CLIENT.contains(0x8000_0000)).isFalse();
    assertThat(IdSpace.SERVER.contains(-1)).isTrue();
    assertThat(IdSpace.SERVER.contains(0)).isFalse();
  }

  @Test
  void idsComeInTurn() {
    IdSpace.Counter counter = IdSpace.CLIENT.counter(0);
    for (int i = 0; i < 5; i++) {
      assertThat(counter.next(id -> false)).isEqualTo(i);
    }
  }

  @Test
  void aCounterWrapsWithinItsHalf() {
    IdSpace.Counter client = IdSpace.CLIENT.counter(0x7fff_ffff);
    assertThat(client.next(id -> false)).isEqualTo(0x7fff_ffff);
    assertThat(client.next(id -> false)).isZero();

    IdSpace.Counter server = IdSpace.SERVER.counter(-1);
    assertThat(server.next(id -> false)).isEqualTo(-1);
    assertThat(server.next(id -> false)).isEqualTo(0x8000_0000);
  }

  @Test
  void idsInUseAreSkippedAlsoOverTheEnd() {
    Set<Integer> used = Set.of(0x7fff_ffff, 0, 1, 3);
    IdSpace.Counter counter = IdSpace.CLIENT.counter(0x7fff_fffe);

    assertThat(counter.next(used::contains)).isEqualTo(0x7fff_fffe);
    assertThat(counter.next(used::contains)).isEqualTo(2);
    assertThat(counter.next(used::contains)).isEqualTo(4);
  }
}
