package io.muxio.bitcode.vectors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.muxio.bitcode.BitcodeCodec;
import io.muxio.bitcode.Enums;
import io.muxio.bitcode.Field;
import io.muxio.bitcode.Structs;
import io.muxio.bitcode.Variant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** The types of the vectors that have fields: tuples and structs, which are lists, and enums. */
final class FieldTypes {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private FieldTypes() {}

  record NamedField(String name, JsonType<Object> type) {}

  record NamedVariant(String name, JsonType<List<Object>> fields) {}

  record Tagged(int variant, List<Object> fields) {}

  @SuppressWarnings("unchecked")
  static JsonType<Object> erased(JsonType<?> type) {
    return (JsonType<Object>) type;
  }

  static JsonType<List<Object>> tuple(List<JsonType<Object>> types) {
    List<Field<List<Object>, ?>> fields = new ArrayList<>();
    for (int i = 0; i < types.size(); i++) {
      int index = i;
      fields.add(Structs.field(values -> values.get(index), types.get(i).codec()));
    }
    return new JsonType<>(
        codec(fields),
        json -> {
          Json.require(
              json.isArray() && json.size() == types.size(), json, types.size() + " fields");
          return values(types.size(), i -> types.get(i).read().apply(json.get(i)));
        },
        values -> {
          ArrayNode array = JSON.arrayNode();
          values(types.size(), i -> array.add(types.get(i).write().apply(values.get(i))));
          return array;
        },
        dice -> values(types.size(), i -> types.get(i).draw().apply(dice)));
  }

  static JsonType<List<Object>> struct(List<NamedField> named) {
    List<Field<List<Object>, ?>> fields = new ArrayList<>();
    for (int i = 0; i < named.size(); i++) {
      int index = i;
      fields.add(
          Structs.field(
              named.get(i).name(), values -> values.get(index), named.get(i).type().codec()));
    }
    return new JsonType<>(
        codec(fields),
        json -> {
          Json.require(
              json.isObject() && json.size() == named.size(), json, named.size() + " fields");
          return values(named.size(), i -> read(named.get(i), json));
        },
        values -> {
          ObjectNode object = JSON.objectNode();
          values(
              named.size(),
              i -> object.set(named.get(i).name(), write(named.get(i), values.get(i))));
          return object;
        },
        dice -> values(named.size(), i -> named.get(i).type().draw().apply(dice)));
  }

  static JsonType<List<Object>> noFields() {
    return new JsonType<>(
        codec(List.of()),
        json -> {
          Json.require(json.isNull(), json, "null");
          return List.of();
        },
        values -> NullNode.getInstance(),
        dice -> List.of());
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
          Json.require(json.isObject() && json.size() == 1, json, "an object with one variant");
          Map.Entry<String, JsonNode> entry = json.properties().iterator().next();
          int index = names.indexOf(entry.getKey());
          Json.require(index >= 0, json, "one of " + names);
          return new Tagged(index, named.get(index).fields().read().apply(entry.getValue()));
        },
        value -> {
          NamedVariant variant = named.get(value.variant());
          return object(variant.name(), variant.fields().write().apply(value.fields()));
        },
        dice -> {
          int index = dice.index(named.size());
          return new Tagged(index, named.get(index).fields().draw().apply(dice));
        });
  }

  static ObjectNode object(String name, JsonNode value) {
    return JSON.objectNode().set(name, value);
  }

  private static BitcodeCodec<List<Object>> codec(List<Field<List<Object>, ?>> fields) {
    return Structs.struct(values -> Arrays.asList(values), fields);
  }

  private static Object read(NamedField field, JsonNode struct) {
    return field.type().read().apply(Json.member(struct, field.name()));
  }

  private static JsonNode write(NamedField field, Object value) {
    return field.type().write().apply(value);
  }

  private static List<Object> values(int count, IntFunction<Object> value) {
    return IntStream.range(0, count).mapToObj(value).toList();
  }
}
