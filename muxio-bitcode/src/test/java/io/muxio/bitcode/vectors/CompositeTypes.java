package io.muxio.bitcode.vectors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import io.muxio.bitcode.Bitcode;
import io.muxio.bitcode.BitcodeCodec;
import io.muxio.bitcode.BitcodeVec;
import io.muxio.bitcode.Result;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** The types of the vectors that contain values of others: collections, options and results. */
final class CompositeTypes {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** A decoded collection says in which order it is. */
  private static final byte[] EMPTY = {0};

  private CompositeTypes() {}

  /** A list, or if {@code length} is not negative, an array of that length. */
  static JsonType<?> vec(String name, JsonType<?> element, boolean bulk, int length) {
    BitcodeVec<?> codec = bulk ? ArrayTypes.codec(name) : null;
    JsonType<?> list = list(element, length);
    return codec == null
        ? list
        : ArrayTypes.of(name, sized(codec, length), FieldTypes.erased(list));
  }

  private static <T> JsonType<List<T>> list(JsonType<T> element, int length) {
    return new JsonType<>(
        sized(Bitcode.list(element.codec()), length),
        json -> elements(json, element),
        list -> write(list, element),
        dice -> dice.list(length, element.draw()));
  }

  private static <A> BitcodeCodec<A> sized(BitcodeVec<A> codec, int length) {
    return length < 0 ? codec : codec.fixed(length);
  }

  static <T> JsonType<Set<T>> set(JsonType<T> element) {
    return new JsonType<>(
        Bitcode.set(element.codec()),
        json -> new LinkedHashSet<>(elements(json, element)),
        set -> write(set, element),
        dice -> new LinkedHashSet<>(dice.list(-1, element.draw())));
  }

  static <T> JsonType<SortedSet<T>> sortedSet(JsonType<T> element) {
    BitcodeCodec<SortedSet<T>> codec = Bitcode.sortedSet(element.codec());
    return new JsonType<>(
        codec,
        json -> sorted(codec, elements(json, element)),
        set -> write(set, element),
        dice -> sorted(codec, dice.list(-1, element.draw())));
  }

  private static <T> SortedSet<T> sorted(BitcodeCodec<SortedSet<T>> codec, List<T> elements) {
    SortedSet<T> set = new TreeSet<>(codec.decode(EMPTY).comparator());
    set.addAll(elements);
    return set;
  }

  static <K, V> JsonType<Map<K, V>> map(JsonType<K> key, JsonType<V> value) {
    return new JsonType<>(
        Bitcode.map(key.codec(), value.codec()),
        json -> read(new LinkedHashMap<>(), json, key, value),
        map -> write(map, key, value),
        dice -> draw(new LinkedHashMap<>(), dice, key, value));
  }

  static <K, V> JsonType<SortedMap<K, V>> sortedMap(JsonType<K> key, JsonType<V> value) {
    BitcodeCodec<SortedMap<K, V>> codec = Bitcode.sortedMap(key.codec(), value.codec());
    return new JsonType<>(
        codec,
        json -> read(new TreeMap<>(codec.decode(EMPTY).comparator()), json, key, value),
        map -> write(map, key, value),
        dice -> draw(new TreeMap<>(codec.decode(EMPTY).comparator()), dice, key, value));
  }

  static <T> JsonType<Optional<T>> option(JsonType<T> content) {
    return new JsonType<>(
        Bitcode.option(content.codec()),
        json ->
            json.isNull()
                ? Optional.empty()
                : Optional.of(content.read().apply(Json.member(json, "some"))),
        option ->
            option.isPresent()
                ? FieldTypes.object("some", content.write().apply(option.get()))
                : NullNode.getInstance(),
        dice -> dice.bool() ? Optional.empty() : Optional.of(content.draw().apply(dice)));
  }

  static <T, E> JsonType<Result<T, E>> result(JsonType<T> ok, JsonType<E> err) {
    return new JsonType<>(
        Bitcode.result(ok.codec(), err.codec()),
        json ->
            json.has("Ok")
                ? new Result.Ok<>(ok.read().apply(json.get("Ok")))
                : new Result.Err<>(err.read().apply(Json.member(json, "Err"))),
        result ->
            result instanceof Result.Ok<T, E> success
                ? FieldTypes.object("Ok", ok.write().apply(success.value()))
                : FieldTypes.object("Err", err.write().apply(((Result.Err<T, E>) result).error())),
        dice ->
            dice.bool()
                ? new Result.Ok<>(ok.draw().apply(dice))
                : new Result.Err<>(err.draw().apply(dice)));
  }

  private static <T> List<T> elements(JsonNode json, JsonType<T> element) {
    List<T> list = new ArrayList<>();
    Json.array(json).forEach(item -> list.add(element.read().apply(item)));
    return list;
  }

  private static <T> ArrayNode write(Collection<T> values, JsonType<T> element) {
    ArrayNode array = JSON.arrayNode();
    values.forEach(value -> array.add(element.write().apply(value)));
    return array;
  }

  private static <K, V, M extends Map<K, V>> M read(
      M map, JsonNode json, JsonType<K> key, JsonType<V> value) {
    for (JsonNode entry : Json.array(json)) {
      Json.require(Json.array(entry).size() == 2, entry, "a key and a value");
      map.put(key.read().apply(entry.get(0)), value.read().apply(entry.get(1)));
    }
    return map;
  }

  private static <K, V> JsonNode write(Map<K, V> map, JsonType<K> key, JsonType<V> value) {
    ArrayNode array = JSON.arrayNode();
    map.forEach(
        (k, v) ->
            array.add(JSON.arrayNode().add(key.write().apply(k)).add(value.write().apply(v))));
    return array;
  }

  private static <K, V, M extends Map<K, V>> M draw(
      M map, Dice dice, JsonType<K> key, JsonType<V> value) {
    dice.list(-1, key.draw()).forEach(k -> map.put(k, value.draw().apply(dice)));
    return map;
  }
}
