package io.muxio.bitcode;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Sets and maps: on the wire, lists of their elements and of pairs of key and value. */
final class SetCodecs {
  private SetCodecs() {}

  static <T> BitcodeCodec<Set<T>> hashSet(BitcodeCodec<T> element) {
    return new MappedCodec<>(
        "HashSet<" + element + ">",
        Bitcode.list(element),
        list -> Collections.unmodifiableSet(new LinkedHashSet<>(list)),
        ArrayList::new);
  }

  static <T> BitcodeCodec<SortedSet<T>> sortedSet(BitcodeCodec<T> element) {
    Comparator<T> order = element.order();
    return new MappedCodec<>(
        "BTreeSet<" + element + ">",
        Bitcode.list(element),
        list -> {
          SortedSet<T> set = new TreeSet<>(order);
          set.addAll(list);
          return Collections.unmodifiableSortedSet(set);
        },
        set -> ascending(set, order));
  }

  static <K, V> BitcodeCodec<Map<K, V>> hashMap(BitcodeCodec<K> key, BitcodeCodec<V> value) {
    return new MappedCodec<>(
        "HashMap<" + key + "," + value + ">",
        Bitcode.list(entry(key, value)),
        list -> Collections.unmodifiableMap(filled(new LinkedHashMap<>(), list)),
        map -> new ArrayList<>(map.entrySet()));
  }

  static <K, V> BitcodeCodec<SortedMap<K, V>> sortedMap(
      BitcodeCodec<K> key, BitcodeCodec<V> value) {
    Comparator<K> order = key.order();
    Comparator<Map.Entry<K, V>> entryOrder = Map.Entry.comparingByKey(order);
    return new MappedCodec<>(
        "BTreeMap<" + key + "," + value + ">",
        Bitcode.list(entry(key, value)),
        list -> Collections.unmodifiableSortedMap(filled(new TreeMap<>(order), list)),
        map -> ascending(map.entrySet(), entryOrder));
  }

  private static <K, V> BitcodeCodec<Map.Entry<K, V>> entry(
      BitcodeCodec<K> key, BitcodeCodec<V> value) {
    return Structs.struct(
        Map::entry,
        Structs.field("key", Map.Entry<K, V>::getKey, key),
        Structs.field("value", Map.Entry<K, V>::getValue, value));
  }

  private static <K, V, M extends Map<K, V>> M filled(M map, List<Map.Entry<K, V>> entries) {
    for (Map.Entry<K, V> entry : entries) {
      map.put(entry.getKey(), entry.getValue());
    }
    return map;
  }

  /** The elements in Rust's order, which the collection need not have. */
  private static <T> List<T> ascending(Collection<T> elements, Comparator<? super T> order) {
    List<T> list = new ArrayList<>(elements);
    list.sort(order);
    return list;
  }
}
