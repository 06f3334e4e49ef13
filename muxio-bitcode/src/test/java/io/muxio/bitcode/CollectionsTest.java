package io.muxio.bitcode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class CollectionsTest {
  @Test
  void elementsMustNotBeNull() {
    assertThatThrownBy(() -> Bitcode.list(Bitcode.string()).encode(Arrays.asList("a", null)))
        .isInstanceOf(BitcodeException.class)
        .hasMessage("[1]: null, expected a value");
    Map<String, Integer> map = new HashMap<>();
    map.put("a", null);
    assertThatThrownBy(() -> Bitcode.map(Bitcode.string(), Bitcode.u8()).encode(map))
        .isInstanceOf(BitcodeException.class)
        .hasMessage("[0].value: null, expected a value");
    assertThatThrownBy(() -> Bitcode.u8().encode(null)).isInstanceOf(BitcodeException.class);
  }

  @Test
  void decodedCollectionsCannotBeModified() {
    BitcodeVec<List<String>> list = Bitcode.list(Bitcode.string());
    List<String> decoded = list.decode(list.encode(List.of("a", "b")));
    assertThat(decoded).containsExactly("a", "b");
    assertThatThrownBy(() -> decoded.set(0, "c")).isInstanceOf(UnsupportedOperationException.class);
    BitcodeCodec<Set<String>> set = Bitcode.set(Bitcode.string());
    Set<String> decodedSet = set.decode(set.encode(Set.of("a")));
    assertThatThrownBy(() -> decodedSet.add("b")).isInstanceOf(UnsupportedOperationException.class);
    BitcodeCodec<Map<String, String>> map = Bitcode.map(Bitcode.string(), Bitcode.string());
    Map<String, String> decodedMap = map.decode(map.encode(Map.of("a", "b")));
    assertThatThrownBy(decodedMap::clear).isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void fixedLengthsAreChecked() {
    assertThat(Bitcode.bytes().fixed(2).encode(new byte[] {1, 2})).containsExactly(1, 2);
    assertThatThrownBy(() -> Bitcode.bytes().fixed(2).encode(new byte[3]))
        .isInstanceOf(BitcodeException.class)
        .hasMessage("3 elements, expected 2");
    assertThatThrownBy(() -> Bitcode.list(Bitcode.u8()).fixed(2).encode(List.of(1)))
        .isInstanceOf(BitcodeException.class);
    assertThatThrownBy(() -> Bitcode.bytes().fixed(-1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void severalArraysShareAColumn() {
    BitcodeCodec<List<int[]>> codec = Bitcode.list(Bitcode.i32Array());
    int[] first = {1, 2, 3};
    List<int[]> decoded =
        codec.decode(codec.encode(List.of(first, new int[0], new int[] {4, 70_000})));
    assertThat(first).containsExactly(1, 2, 3);
    assertThat(decoded.get(0)).containsExactly(1, 2, 3);
    assertThat(decoded.get(1)).isEmpty();
    assertThat(decoded.get(2)).containsExactly(4, 70_000);
  }

  @Test
  void sortedSetsAreWrittenInRustsOrder() {
    BitcodeCodec<SortedSet<String>> codec = Bitcode.sortedSet(Bitcode.string());
    // UTF-16 has the surrogates of U+1F600 before U+FFFF; Rust compares the UTF-8.
    SortedSet<String> set = new TreeSet<>(List.of("\uFFFF", "😀", "b"));
    assertThat(set).containsExactly("b", "😀", "\uFFFF");
    assertThat(codec.decode(codec.encode(set))).containsExactly("b", "\uFFFF", "😀");
    assertThat(codec.encode(set))
        .isEqualTo(Bitcode.list(Bitcode.string()).encode(List.of("b", "\uFFFF", "😀")));
  }

  @Test
  void aReversedMapIsWrittenAscending() {
    BitcodeCodec<SortedMap<Long, String>> codec =
        Bitcode.sortedMap(Bitcode.u64(), Bitcode.string());
    SortedMap<Long, String> map = new TreeMap<>(Comparator.reverseOrder());
    map.put(1L, "one");
    map.put(-1L, "2^64 - 1");
    map.put(2L, "two");
    assertThat(codec.decode(codec.encode(map)).keySet()).containsExactly(1L, 2L, -1L);
  }

  @Test
  void compositeKeysHaveRustsOrder() {
    BitcodeCodec<SortedSet<Optional<List<Integer>>>> codec =
        Bitcode.sortedSet(Bitcode.option(Bitcode.list(Bitcode.u8())));
    // Not a sorted set: only the codec's order is looked at.
    List<Optional<List<Integer>>> shuffled =
        List.of(Optional.of(List.of(2)), Optional.of(List.of(1, 5)), Optional.empty());
    byte[] bytes = Bitcode.list(Bitcode.option(Bitcode.list(Bitcode.u8()))).encode(shuffled);
    assertThat(codec.decode(bytes))
        .containsExactly(Optional.empty(), Optional.of(List.of(1, 5)), Optional.of(List.of(2)));
  }

  @Test
  void floatsCannotBeSortedKeys() {
    assertThatThrownBy(() -> Bitcode.sortedSet(Bitcode.f64()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("f64 cannot be a sorted key: it has no total order");
    assertThatThrownBy(() -> Bitcode.sortedMap(Bitcode.f32Array(), Bitcode.u8()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void results() {
    BitcodeCodec<Result<Integer, String>> codec = Bitcode.result(Bitcode.u8(), Bitcode.string());
    assertThat(codec.encode(new Result.Ok<>(5))).containsExactly(0, 5);
    assertThat(codec.decode(new byte[] {1, 2, 'n', 'o'})).isEqualTo(new Result.Err<>("no"));
  }

  @Test
  void namesAreRusts() {
    BitcodeCodec<?> codec =
        Bitcode.sortedMap(
            Bitcode.string(),
            Bitcode.list(Bitcode.result(Bitcode.option(Bitcode.u8()), Bitcode.bytes().fixed(3))));
    assertThat(codec).hasToString("BTreeMap<String,Vec<Result<Option<u8>,[u8;3]>>>");
  }
}
