package io.muxio.bitcode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
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
import java.util.function.Function;
import java.util.stream.IntStream;

/** The types of the vectors that contain others. Structs and tuples are lists of their fields. */
public final class CompositeTypes {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private CompositeTypes() {}

  record NamedVariant(String name, JsonType<List<Object>> fields) {}

  record Tagged(int variant, List<Object> fields) {}

  /** A list, or if {@code length} is not negative, an array of that length. */
  static JsonType<?> vec(String name, JsonType<?> element, boolean bulk, int length) {
    BitcodeVec<?> array = bulk ? ArrayTypes.codec(name) : null;
    return array == null
        ? list(element, length)
        : array(array, name, ArrayTypes.arrayClass(name), length);
  }

  @SuppressWarnings("unchecked")
  private static <A> JsonType<A> array(
      BitcodeVec<?> codec, String name, Class<A> type, int length) {
    return new JsonType<>(
        sized((BitcodeVec<A>) codec, length),
        ArrayTypes.reader(name, type),
        ArrayTypes.writer(name));
  }

  private static <T> JsonType<List<T>> list(JsonType<T> element, int length) {
    return new JsonType<>(
        sized(Bitcode.list(element.codec()), length),
        json -> elements(json, element),
        list -> write(list, element));
  }

  private static <A> BitcodeCodec<A> sized(BitcodeVec<A> codec, int length) {
    return length < 0 ? codec : codec.fixed(length);
  }

  static <T> JsonType<Set<T>> set(JsonType<T> element) {
    return new JsonType<>(
        Bitcode.set(element.codec()),
        json -> new LinkedHashSet<>(elements(json, element)),
        set -> write(set, element));
  }

  static <T> JsonType<SortedSet<T>> sortedSet(JsonType<T> element) {
    return new JsonType<>(
        Bitcode.sortedSet(element.codec()),
        json -> {
          SortedSet<T> set = new TreeSet<>(element.codec().order());
          set.addAll(elements(json, element));
          return set;
        },
        set -> write(set, element));
  }

  static <K, V> JsonType<Map<K, V>> map(JsonType<K> key, JsonType<V> value) {
    return new JsonType<>(
        Bitcode.map(key.codec(), value.codec()),
        json -> fill(new LinkedHashMap<>(), json, key, value),
        map -> write(map, key, value));
  }

  static <K, V> JsonType<SortedMap<K, V>> sortedMap(JsonType<K> key, JsonType<V> value) {
    return new JsonType<>(
        Bitcode.sortedMap(key.codec(), value.codec()),
        json -> fill(new TreeMap<>(key.codec().order()), json, key, value),
        map -> write(map, key, value));
  }

  static <T> JsonType<Optional<T>> option(JsonType<T> content) {
    return new JsonType<>(
        Bitcode.option(content.codec()),
        json -> json.isNull() ? Optional.empty() : Optional.of(read(content, json.get("some"))),
        option ->
            option.isPresent()
                ? object("some", content.write().apply(option.get()))
                : NullNode.getInstance());
  }

  static <T, E> JsonType<Result<T, E>> result(JsonType<T> ok, JsonType<E> err) {
    return new JsonType<>(
        Bitcode.result(ok.codec(), err.codec()),
        json ->
            json.has("Ok")
                ? new Result.Ok<>(read(ok, json.get("Ok")))
                : new Result.Err<>(read(err, json.get("Err"))),
        result ->
            result instanceof Result.Ok<T, E> success
                ? object("Ok", ok.write().apply(success.value()))
                : object("Err", err.write().apply(((Result.Err<T, E>) result).error())));
  }

  static JsonType<List<Object>> tuple(List<JsonType<?>> types) {
    return fields(IntStream.range(0, types.size()).mapToObj(i -> "").toList(), types);
  }

  static JsonType<List<Object>> struct(List<String> names, List<JsonType<?>> types) {
    return fields(names, types);
  }

  static JsonType<List<Object>> noFields() {
    JsonType<List<Object>> empty = fields(List.of(), List.of());
    return new JsonType<>(empty.codec(), empty.read(), list -> NullNode.getInstance());
  }

  private static JsonType<List<Object>> fields(List<String> names, List<JsonType<?>> types) {
    List<Field<List<Object>, ?>> fields = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      fields.add(field(names.get(i), i, erased(types.get(i))));
    }
    boolean positional = !names.isEmpty() && names.get(0).isEmpty();
    return new JsonType<>(
        Structs.struct(values -> Arrays.asList(values), fields),
        json -> {
          List<Object> values = new ArrayList<>();
          for (int i = 0; i < names.size(); i++) {
            JsonNode field = positional ? json.get(i) : json.get(names.get(i));
            values.add(read(erased(types.get(i)), field));
          }
          return values;
        },
        values -> positional ? writeTuple(values, types) : writeStruct(values, names, types));
  }

  private static Field<List<Object>, Object> field(String name, int i, JsonType<Object> type) {
    return name.isEmpty()
        ? Structs.field(values -> values.get(i), type.codec())
        : Structs.field(name, values -> values.get(i), type.codec());
  }

  static JsonType<Tagged> variants(List<NamedVariant> named) {
    List<Variant<Tagged>> variants = new ArrayList<>();
    for (int i = 0; i < named.size(); i++) {
      int index = i;
      BitcodeCodec<List<Object>> fields = named.get(i).fields().codec();
      variants.add(
          Enums.variant(
              named.get(i).name(),
              fields.map(values -> new Tagged(index, values), Tagged::fields)));
    }
    List<String> names = named.stream().map(NamedVariant::name).toList();
    return new JsonType<>(
        Enums.variants(Tagged::variant, variants),
        json -> {
          Map.Entry<String, JsonNode> entry = json.properties().iterator().next();
          int index = names.indexOf(entry.getKey());
          return new Tagged(index, read(named.get(index).fields(), entry.getValue()));
        },
        value -> {
          NamedVariant variant = named.get(value.variant());
          return object(variant.name(), variant.fields().write().apply(value.fields()));
        });
  }

  @SuppressWarnings("unchecked")
  public static JsonType<Object> erased(JsonType<?> type) {
    return (JsonType<Object>) type;
  }

  private static <T> T read(JsonType<T> type, JsonNode json) {
    return type.read().apply(json);
  }

  private static ObjectNode object(String name, JsonNode value) {
    ObjectNode node = JSON.objectNode();
    node.set(name, value);
    return node;
  }

  private static <T> List<T> elements(JsonNode json, JsonType<T> element) {
    List<T> list = new ArrayList<>();
    json.forEach(item -> list.add(read(element, item)));
    return list;
  }

  private static <T> ArrayNode write(Collection<T> values, JsonType<T> element) {
    ArrayNode array = JSON.arrayNode();
    values.forEach(value -> array.add(element.write().apply(value)));
    return array;
  }

  private static <K, V, M extends Map<K, V>> M fill(
      M map, JsonNode json, JsonType<K> key, JsonType<V> value) {
    json.forEach(entry -> map.put(read(key, entry.get(0)), read(value, entry.get(1))));
    return map;
  }

  private static <K, V> JsonNode write(Map<K, V> map, JsonType<K> key, JsonType<V> value) {
    ArrayNode array = JSON.arrayNode();
    Function<K, JsonNode> keyWriter = key.write();
    map.forEach(
        (k, v) -> array.add(JSON.arrayNode().add(keyWriter.apply(k)).add(value.write().apply(v))));
    return array;
  }

  private static JsonNode writeTuple(List<Object> values, List<JsonType<?>> types) {
    ArrayNode array = JSON.arrayNode();
    for (int i = 0; i < types.size(); i++) {
      array.add(erased(types.get(i)).write().apply(values.get(i)));
    }
    return array;
  }

  private static JsonNode writeStruct(
      List<Object> values, List<String> names, List<JsonType<?>> types) {
    ObjectNode node = JSON.objectNode();
    for (int i = 0; i < types.size(); i++) {
      node.set(names.get(i), erased(types.get(i)).write().apply(values.get(i)));
    }
    return node;
  }
}
