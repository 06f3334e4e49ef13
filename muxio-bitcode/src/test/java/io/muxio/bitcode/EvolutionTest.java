package io.muxio.bitcode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What may change while old and new peers talk to each other, as docs/bitcode.md says. */
@SuppressWarnings("ArrayRecordComponent") // Only encoded.
class EvolutionTest {
  record Before(@U32 long id, String name) {}

  record Renamed(@U32 long number, String title) {}

  record Longer(@U32 long id, String name, Optional<String> mail) {}

  record WithUnit(@U32 long id, Unit nothing, String name) {}

  record Swapped(String name, @U32 long id) {}

  record TwoNames(String first, String last) {}

  record SameSwapped(String last, String first) {}

  record Wrapped(Before value) {}

  record Entry(String key, @U32 Long value) {}

  record Lists(List<String> texts, List<Entry> entries) {}

  record Sets(Set<String> texts, SortedMap<String, @U32 Long> entries) {}

  record WithOption(@U8 int first, Optional<@U8 Integer> second) {}

  record WithoutOption(@U8 int first, @U8 int second) {}

  enum Reversed {
    B,
    A
  }

  record Unsigned(@U32 long value) {}

  record Signed(int value) {}

  record Wider(@U64 long value) {}

  enum One {
    A
  }

  enum Two {
    A,
    B
  }

  enum Three {
    A,
    B,
    C
  }

  enum Seven {
    A,
    B,
    C,
    D,
    E,
    F,
    G
  }

  enum Eight {
    A,
    B,
    C,
    D,
    E,
    F,
    G,
    H
  }

  sealed interface Request {
    record Get(String key) implements Request {}

    record Ping() implements Request {}
  }

  sealed interface LaterRequest {
    record Get(String key) implements LaterRequest {}

    record Ping() implements LaterRequest {}

    record Put(String key, byte[] value) implements LaterRequest {}
  }

  private static final BitcodeCodec<Before> BEFORE = Bitcode.codec(Before.class);
  private static final Before VALUE = new Before(7, "seven");

  @Test
  void namesAreFree() {
    assertThat(Bitcode.codec(Renamed.class).encode(new Renamed(7, "seven")))
        .isEqualTo(BEFORE.encode(VALUE));
  }

  @Test
  void fieldsAreNotAddedOrRemoved() {
    BitcodeCodec<Longer> longer = Bitcode.codec(Longer.class);
    assertThatThrownBy(() -> longer.decode(BEFORE.encode(VALUE)))
        .hasMessage("mail: 0 bytes left, expected at least 1");
    assertThatThrownBy(() -> BEFORE.decode(longer.encode(new Longer(7, "seven", Optional.empty()))))
        .hasMessage("1 bytes left over, expected the end of the message");
  }

  @Test
  void fieldsWithoutContentAreFree() {
    assertThat(Bitcode.codec(WithUnit.class).encode(new WithUnit(7, Unit.UNIT, "seven")))
        .isEqualTo(BEFORE.encode(VALUE));
  }

  @Test
  void fieldsDoNotChangePlaces() {
    assertThat(Bitcode.codec(Swapped.class).encode(new Swapped("seven", 7)))
        .isNotEqualTo(BEFORE.encode(VALUE));
    byte[] message = Bitcode.codec(TwoNames.class).encode(new TwoNames("Ann", "Lee"));
    // Nobody notices.
    assertThat(Bitcode.codec(SameSwapped.class).decode(message))
        .isEqualTo(new SameSwapped("Ann", "Lee"));
  }

  @Test
  void aFieldDoesNotBecomeOptional() {
    byte[] message = Bitcode.codec(WithoutOption.class).encode(new WithoutOption(1, 2));
    assertThat(Bitcode.codec(WithOption.class).decode(message))
        .isEqualTo(new WithOption(1, Optional.empty()));
  }

  @Test
  void variantsDoNotChangePlaces() {
    assertThat(Bitcode.codec(Reversed.class).decode(Bitcode.codec(Two.class).encode(Two.A)))
        .isEqualTo(Reversed.B);
  }

  @Test
  void aStructOfOneFieldIsItsField() {
    assertThat(Bitcode.codec(Wrapped.class).encode(new Wrapped(VALUE)))
        .isEqualTo(BEFORE.encode(VALUE));
  }

  @Test
  void listsAreSetsAndPairsAreMaps() {
    Lists lists = new Lists(List.of("a", "b"), List.of(new Entry("k", 1L)));
    Sets sets = Bitcode.codec(Sets.class).decode(Bitcode.codec(Lists.class).encode(lists));
    assertThat(sets).isEqualTo(new Sets(Set.of("a", "b"), new TreeMap<>(Map.of("k", 1L))));
  }

  @Test
  void numbersKeepTheirWidth() {
    byte[] message = Bitcode.codec(Unsigned.class).encode(new Unsigned(7));
    assertThat(Bitcode.codec(Signed.class).decode(message)).isEqualTo(new Signed(7));
    byte[] negative = Bitcode.codec(Signed.class).encode(new Signed(-1));
    assertThat(Bitcode.codec(Unsigned.class).decode(negative))
        .isEqualTo(new Unsigned(0xffff_ffffL));
    assertThat(Bitcode.codec(Wider.class).encode(new Wider(7))).isNotEqualTo(message);
  }

  @Test
  void aVariantMayBeAppendedWhereThereIsOneValue() {
    byte[] get = Bitcode.codec(Request.class).encode(new Request.Get("k"));
    assertThat(Bitcode.codec(LaterRequest.class).encode(new LaterRequest.Get("k"))).isEqualTo(get);
    assertThat(Bitcode.codec(Three.class).encode(Three.B))
        .isEqualTo(Bitcode.codec(Two.class).encode(Two.B));
    // But one variant alone is not written.
    assertThat(Bitcode.codec(Two.class).encode(Two.A))
        .isNotEqualTo(Bitcode.codec(One.class).encode(One.A));
  }

  @Test
  void inListsTheRadixMustStay() {
    BitcodeCodec<List<Two>> two = Bitcode.list(Bitcode.codec(Two.class));
    BitcodeCodec<List<Three>> three = Bitcode.list(Bitcode.codec(Three.class));
    assertThat(three.encode(List.of(Three.A, Three.B)))
        .isNotEqualTo(two.encode(List.of(Two.A, Two.B)));
    BitcodeCodec<List<Seven>> seven = Bitcode.list(Bitcode.codec(Seven.class));
    BitcodeCodec<List<Eight>> eight = Bitcode.list(Bitcode.codec(Eight.class));
    assertThat(eight.encode(List.of(Eight.A, Eight.G)))
        .isEqualTo(seven.encode(List.of(Seven.A, Seven.G)));
  }

  @Test
  void aNewVariantCanPassForAnOldOne() {
    byte[] third = Bitcode.codec(Three.class).encode(Three.C);
    assertThat(Bitcode.codec(Two.class).decode(third)).isEqualTo(Two.A);
    byte[] put =
        Bitcode.codec(LaterRequest.class).encode(new LaterRequest.Put("k", new byte[] {1}));
    assertThatThrownBy(() -> Bitcode.codec(Request.class).decode(put))
        .isInstanceOf(BitcodeException.class);
    byte[] eighth = Bitcode.codec(Eight.class).encode(Eight.H);
    assertThatThrownBy(() -> Bitcode.codec(Seven.class).decode(eighth))
        .hasMessage("variant 7, expected 0 to 6");
  }
}
