package io.muxio.codec.jackson;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.deser.DefaultDeserializationContext;
import com.fasterxml.jackson.databind.deser.impl.UnsupportedTypeDeserializer;
import com.fasterxml.jackson.databind.ser.impl.UnsupportedTypeSerializer;

/** What Jackson knows of a type before there is a value. */
final class KnownTypes {
  private KnownTypes() {}

  /**
   * Looks for what would fail with every value. What a value shows, such as the subclass of an
   * abstract type, is not looked at.
   *
   * @throws IllegalArgumentException where the type is not for JSON; says why
   */
  static void check(ObjectMapper mapper, JavaType type) {
    try {
      JsonSerializer<?> writing =
          mapper.getSerializerProviderInstance().findTypedValueSerializer(type, true, null);
      JsonDeserializer<?> reading = context(mapper).findRootValueDeserializer(type);
      if (writing instanceof UnsupportedTypeSerializer
          || reading instanceof UnsupportedTypeDeserializer) {
        throw new IllegalArgumentException(
            "JSON: Jackson does not know "
                + type.toCanonical()
                + " (expected: a mapper with the module that knows it)");
      }
    } catch (JsonMappingException e) {
      throw new IllegalArgumentException("JSON: " + e.getOriginalMessage(), e);
    }
  }

  private static DefaultDeserializationContext context(ObjectMapper mapper) {
    var blueprint = (DefaultDeserializationContext) mapper.getDeserializationContext();
    return blueprint.createDummyInstance(mapper.getDeserializationConfig());
  }
}
